namespace Dragoman.Dialects;

/// <summary>What the address of a client's request says, where a dialect puts it there rather than in the body.</summary>
public readonly record struct RequestAddress
{
    /// <summary>The model's name (Gemini); null where the body says it.</summary>
    public string? Model { get; init; }

    /// <summary>The address itself asks for a stream, or for none (Gemini); null where the body says it.</summary>
    public bool? Stream { get; init; }

    /// <summary>A body that does not say <c>stream</c> asks for one (Ollama).</summary>
    public bool StreamsByDefault { get; init; }
}
