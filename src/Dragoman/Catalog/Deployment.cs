using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dragoman.Catalog;

/// <summary>One model at one provider, with price, limits and health: what actually gets called. Immutable but for <see cref="State"/>.</summary>
public sealed class Deployment
{
    private byte[]? _modelJson;
    private string? _publicName;

    /// <summary>What clients and chains call it; <c>provider/model</c> unless configuration names it.</summary>
    public required string Name { get; init; }

    public required Provider Provider { get; init; }

    /// <summary>The model id that goes upstream.</summary>
    public required string Model { get; init; }

    public PriceSheet? Prices { get; init; }

    /// <summary>Context window in tokens; null is unknown.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>The longest answer in tokens; null is unknown.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>Length of an embedding as the catalog knows it; null is unknown.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Values of <c>reasoning_effort</c> it takes; null is unknown.</summary>
    public IReadOnlyList<string>? ReasoningEfforts { get; init; }

    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Unknown;

    /// <summary>Soft capabilities it is said to have, whatever its quality tells.</summary>
    public IReadOnlyList<string> Strengths { get; init; } = [];

    /// <summary>What is publicly known of the model at this kind of provider; null where nobody ever heard of it.</summary>
    public ModelEntry? Entry { get; init; }

    /// <summary>How good the model is thought to be before its answers are seen; null is unknown.</summary>
    public QualityPrior? Quality
    {
        get => field ??= Entry?.Quality ?? QualityPriors.Default.FindName(Model);
        init;
    }

    /// <summary>
    /// How fast it is thought to be before its answers are seen; null is unknown. A server in the house is as fast as the house; what
    /// stands there for a vendor, and takes its key, leads to the vendor.
    /// </summary>
    public StartingLatency? StartingLatency
    {
        get => field ??= Local && Provider.Type.KeyOptional ? null : Entry?.Latency;
        init;
    }

    /// <summary>What its server itself says of the model; null where that was not asked.</summary>
    public ServedModel? Served { get; init; }

    /// <summary>Nothing sent here leaves the house.</summary>
    public bool Local { get; init; }

    /// <summary>Where it works, in the operator's own words; its provider's where nothing else is said, null is unknown.</summary>
    public string? Region
    {
        get => field ?? Provider.Region;
        init;
    }

    /// <summary>How often it is taken among equals by the strategy <c>weighted</c>; 0 only where no other is left.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Lower is preferred by the strategy <c>priority</c>.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>The limit of one unstreamed attempt; null takes the default for its kind.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Parameters that a request gets where the client did not set them.</summary>
    public DeploymentParameters? Parameters { get; init; }

    /// <summary>Names of deployments to try after this one.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What changes while running.</summary>
    public required DeploymentState State { get; init; }

    /// <summary>The retired model that was asked for and in whose place this one answers; null for all others.</summary>
    public string? Replaces { get; private set; }

    /// <summary>The same deployment, in place of a retired model.</summary>
    public Deployment InPlaceOf(string retired)
    {
        var copy = (Deployment)MemberwiseClone();
        copy.Replaces = retired;
        return copy;
    }

    /// <summary><c>provider/model</c>: the name answers and records carry.</summary>
    public string PublicName => _publicName ??= Provider.Name + "/" + Model;

    /// <summary><see cref="Model"/> as a JSON string, quotes included: what is spliced into a relayed body.</summary>
    public ReadOnlyMemory<byte> ModelJson =>
        _modelJson ??= JsonSerializer.SerializeToUtf8Bytes(Model, JsonStrings.Default.String);

    public override string ToString() => Name;
}

/// <summary>Default parameters of a deployment, spliced in where the client sent none of that name.</summary>
public sealed record DeploymentParameters
{
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public double? PresencePenalty { get; init; }
    public double? FrequencyPenalty { get; init; }
    public int? MaxTokens { get; init; }
    public string? SystemPrompt
    {
        get;
        init => (field, SystemPromptTokens) = (value, SystemWordTokens.Of(value));
    }

    /// <summary>Tokens that <see cref="SystemPrompt"/> adds to a request.</summary>
    internal long SystemPromptTokens { get; private init; }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class JsonStrings : System.Text.Json.Serialization.JsonSerializerContext
{
    static JsonStrings() =>
        Default = new JsonStrings(
            new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
}
