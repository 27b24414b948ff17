namespace Dragoman.Canonical;

/// <summary>How the numbers of an embedding are put into JSON.</summary>
public enum EmbeddingEncoding
{
    /// <summary>A list of numbers.</summary>
    Float,

    /// <summary>Little-endian 32-bit floats in base64; what OpenAI's SDKs ask for unless told otherwise.</summary>
    Base64,

    /// <summary>Something else (<c>int8</c>, <c>base64_int8</c> …): carried, not understood.</summary>
    Raw,
}

/// <summary>A request for embeddings in the shape between the dialects. Null means that the client did not say.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>The name the client asks for, or, on the way out, the provider's own.</summary>
    public required JsonText Model { get; init; }

    /// <summary>The texts, or lists of token ids, to embed; each as it came.</summary>
    public required IReadOnlyList<EmbeddingInput> Inputs { get; init; }

    /// <summary>The input was one bare value rather than a list.</summary>
    public bool IsBareInput { get; init; }
    public long? Dimensions { get; init; }
    public EmbeddingEncoding? Encoding { get; init; }
    public JsonText? User { get; init; }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}

/// <summary>One thing to embed: a text, or token ids as a JSON list.</summary>
public readonly record struct EmbeddingInput(JsonText? Text, RawJson Tokens);
