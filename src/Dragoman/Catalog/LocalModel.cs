namespace Dragoman.Catalog;

/// <summary>What is publicly known about a model that one can run in the house: a row of <c>local-models.json</c>. Null means that nobody said.</summary>
public sealed record LocalModel
{
    private const double Giga = 1_000_000_000;

    /// <summary>Its name in Ollama's library, e.g. <c>codellama:7b</c>; also its id in the catalog's rows of <c>ollama</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>E.g. <c>Code Llama 7B Instruct</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The key that joins the same model across providers.</summary>
    public required string Model { get; init; }

    /// <summary>E.g. <c>llama3.1</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Billions of parameters.</summary>
    public double? Parameters { get; init; }

    /// <summary>Billions of parameters that work on one token, where that is fewer (mixtures of experts).</summary>
    public double? ActiveParameters { get; init; }

    public required LocalModelType Type { get; init; }

    /// <summary>Tasks and capabilities it is chosen for, e.g. <c>code</c>; the first is the foremost.</summary>
    public IReadOnlyList<string> BestFor { get; init; } = [];

    /// <summary>E.g. <c>apache-2.0</c>.</summary>
    public string? Licence { get; init; }

    /// <summary>The most tokens of context it was made for.</summary>
    public long? NativeContext { get; init; }

    /// <summary>Tokens of context it gets from Ollama where nobody asks for more, on a machine with less than 24 GiB of graphics memory.</summary>
    public long? DefaultContext { get; init; }

    /// <summary>Length of its embeddings.</summary>
    public int? Dimensions { get; init; }

    /// <summary>The quantisation that its tag means, e.g. <c>Q4_K_M</c>.</summary>
    public string? Quantisation { get; init; }

    /// <summary>Bytes of the file that its tag means.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Bytes of its file by quantisation.</summary>
    public IReadOnlyDictionary<string, long> Files { get; init; } =
        new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Bytes of memory that each token of context takes beside the file, kept at 16 bits.</summary>
    public long? KvBytesPerToken { get; init; }

    /// <summary>Layers that look back a few tokens only, and so stop growing; null where all look back on everything.</summary>
    public SlidingLayers? Sliding { get; init; }

    /// <summary>
    /// Bytes of memory for the file and a context of <paramref name="contextTokens"/>: what a machine must have free at the least.
    /// Null where the size of that quantisation or of the context is unknown.
    /// </summary>
    /// <param name="contextTokens">Tokens of context that are kept.</param>
    /// <param name="quantisation">One of <see cref="Files"/>; null takes the one its tag means.</param>
    public long? MemoryFor(long contextTokens, string? quantisation = null)
    {
        var file =
            quantisation is null || quantisation == Quantisation ? FileBytes
            : Files.TryGetValue(quantisation, out var bytes) ? bytes
            : null;
        if (Type is LocalModelType.Embedding)
            return file;
        if (KvBytesPerToken is not { } perToken)
            return null;
        if (Sliding is not { } sliding)
            return file + perToken * contextTokens;
        var perLayer = perToken / sliding.Layers;
        return file
            + perLayer * (sliding.Layers - sliding.Sliding) * contextTokens
            + perLayer * sliding.Sliding * Math.Min(contextTokens, sliding.Window);
    }

    /// <summary>
    /// Speed out of ten: 9 − 1.5 · log₂(gigabytes read for each token), kept between 1 and 10. What bounds a model on a machine in
    /// the house is the memory it reads for each token: its file, or the share of it that works on one token. One gigabyte is 9, each
    /// doubling costs 1.5.
    /// </summary>
    public double? Speed
    {
        get
        {
            if (FileBytes is not { } bytes)
                return null;
            var share =
                ActiveParameters is { } active && Parameters is > 0 and { } all ? active / all : 1;
            return Math.Round(Math.Clamp(9 - 1.5 * Math.Log2(bytes * share / Giga), 1, 10), 1);
        }
    }

    /// <summary>Quality out of ten: a tenth of its overall quality prior, so that the best model of all, which nobody runs in the house, would have 9.5. Null where there is none, as of embedding models.</summary>
    public double? Quality =>
        QualityPriors.Default.Find(Model) is { } prior ? Math.Round(prior.Overall / 10, 1) : null;
}

/// <summary>Layers of a model that look back <paramref name="Window"/> tokens only.</summary>
/// <param name="Layers">All layers of the model.</param>
/// <param name="Sliding">Those among them that look back a few tokens.</param>
/// <param name="Window">How many tokens those look back.</param>
public sealed record SlidingLayers(int Layers, int Sliding, int Window);

/// <summary>What sort of local model it is.</summary>
public enum LocalModelType
{
    /// <summary>For everything, of at most 4 billion parameters: runs on any machine.</summary>
    Small,

    /// <summary>For everything, larger or of a size that nobody told.</summary>
    Large,

    /// <summary>Made for one thing: code, or seeing.</summary>
    Specialised,

    /// <summary>Makes embeddings.</summary>
    Embedding,
}
