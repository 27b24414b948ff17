namespace Dragoman.Native;

/// <summary>A model that one can run in the house.</summary>
public sealed record LocalModelFacts
{
    public required string Name { get; init; }

    /// <summary>What to ask Ollama's library for.</summary>
    public required string OllamaTag { get; init; }
    public double? ParametersB { get; init; }

    /// <summary>Billions of parameters that work on one token, where that is fewer.</summary>
    public double? ActiveParametersB { get; init; }
    public IReadOnlyList<string> BestFor { get; init; } = [];
    public string? Licence { get; init; }
    public long? NativeContext { get; init; }

    /// <summary>Tokens of context that Ollama gives it unasked on a machine with less than 24 GiB of graphics memory.</summary>
    public long? DefaultContext { get; init; }

    /// <summary>Out of ten: 9 − 1.5 · log₂(gigabytes read for each token), kept between 1 and 10.</summary>
    public double? Speed { get; init; }

    /// <summary>Out of ten: a tenth of its quality on the catalog's scale.</summary>
    public double? Quality { get; init; }

    /// <summary>Bytes that each token of context takes beside the file; null where unknown.</summary>
    public long? KvBytesPerToken { get; init; }

    /// <summary>The quantisation that its tag means.</summary>
    public string? Quantisation { get; init; }
    public IReadOnlyList<LocalModelMemory> Memory { get; init; } = [];
}

/// <summary>What a local model takes in one quantisation.</summary>
public sealed record LocalModelMemory
{
    public required string Quantisation { get; init; }
    public required long FileBytes { get; init; }

    /// <summary>With the default context; null where nobody knows what its context takes.</summary>
    public long? DefaultContextBytes { get; init; }

    /// <summary>With the longest context it was made for.</summary>
    public long? NativeContextBytes { get; init; }
}
