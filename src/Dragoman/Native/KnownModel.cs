using Dragoman.Catalog;
using Dragoman.Routing;

namespace Dragoman.Native;

/// <summary>A model that somebody may ask about: one that can be called, or one that is only known.</summary>
internal sealed class KnownModel
{
    /// <summary>A middling answer: what is compared is how long that takes.</summary>
    private const int AnswerTokens = 300;

    private KnownModel() { }

    /// <summary>What to call it by.</summary>
    public required string Id { get; init; }
    public required string Provider { get; init; }

    /// <summary>The kind of provider; null where it is of none that is known.</summary>
    public ProviderType? ProviderType { get; init; }
    public required string Model { get; init; }
    public required bool Local { get; init; }

    /// <summary>Null where nobody set it up.</summary>
    public Deployment? Deployment { get; init; }
    public ModelEntry? Entry { get; init; }
    public LocalModel? LocalModel { get; init; }

    /// <summary>Why it cannot be called; null where it can.</summary>
    public string? UnavailableReason { get; init; }
    public required ModelAbilities Abilities { get; init; }

    public bool IsAvailable => UnavailableReason is null;

    /// <summary>It only pretends: what it costs and how fast it is is made up.</summary>
    public bool IsSimulated => ProviderType?.Name == "demo";

    /// <summary>Its vendor still has it, as far as anybody knows.</summary>
    public bool IsAlive => Entry is null or { Status: ModelStatus.Active or ModelStatus.Beta };

    public ModelKind Kind =>
        Entry is not null ? Entry.Kind
        : Deployment!.Capabilities.Embeddings is true || !ChatModels.IsChat(Model, null)
            ? ModelKind.Embedding
        : ModelKind.Chat;

    public PriceSheet? Prices => Deployment is null ? Entry!.Prices : Deployment.Prices;
    public long? ContextWindow => Deployment?.ContextWindow ?? Entry?.ContextWindow;
    public QualityPrior? Quality => Deployment is null ? Entry!.Quality : Deployment.Quality;

    public StartingLatency? Latency =>
        Deployment is not null ? Deployment.StartingLatency
        : Local ? null
        : Entry!.Latency;

    /// <summary>US dollars per 1,000 tokens, the mean of input and output; of embedding models the input alone. Null is unknown.</summary>
    public decimal? MeanCost
    {
        get
        {
            if (Prices is not { Input: { } input } prices)
                return null;
            return Kind is ModelKind.Embedding ? input / 1000 : (input + prices.Output) / 2000;
        }
    }

    public TimeSpan? AnswerTime => Latency?.For(AnswerTokens);

    /// <param name="deployment">A deployment that is set up.</param>
    /// <param name="whyNot">Why it may not be called all the same; null where it may.</param>
    public static KnownModel Of(Deployment deployment, string? whyNot) =>
        new()
        {
            Id = deployment.Name,
            Provider = deployment.Provider.Name,
            ProviderType = deployment.Provider.Type,
            Model = deployment.Model,
            Local = deployment.Local,
            Deployment = deployment,
            Entry = deployment.Entry,
            LocalModel = LocalModelOf(deployment.Entry),
            UnavailableReason = whyNot,
            Abilities = new ModelAbilities(deployment),
        };

    public static KnownModel Of(
        ModelEntry entry,
        string provider,
        ProviderType? type,
        string whyNot
    )
    {
        var local =
            type is { KeyOptional: true }
            && !DeploymentShelf.LeavesTheHouse(type, entry.Id, served: null);
        return new KnownModel
        {
            Id = provider + "/" + entry.Id,
            Provider = provider,
            ProviderType = type,
            Model = entry.Id,
            Local = local,
            Entry = entry,
            LocalModel = LocalModelOf(entry),
            UnavailableReason = whyNot,
            Abilities = new ModelAbilities(entry, local),
        };
    }

    /// <summary>True of names that lead to this model beside its id.</summary>
    public bool GoesBy(string model) =>
        Model == model
        || Entry is not null
            && (
                Entry.Id == model
                || Entry.Aliases.Contains(model)
                || Entry.LocalAliases.Contains(model)
            );

    private static LocalModel? LocalModelOf(ModelEntry? entry) =>
        entry?.Provider == "ollama" ? LocalModels.Default.Find(entry.Id) : null;
}
