using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>
/// Whether a model has a capability: the one place that says what each of them means. Of a model that can be called, its deployment
/// tells; of one that cannot, what the catalog knows.
/// </summary>
internal readonly struct ModelAbilities
{
    private readonly Deployment? _deployment;
    private readonly ModelEntry? _entry;
    private readonly bool _local;

    public ModelAbilities(Deployment deployment) =>
        (_deployment, _local) = (deployment, deployment.Local);

    /// <param name="entry">The catalog's row of a model that nobody set up.</param>
    /// <param name="local">It would run in the house.</param>
    public ModelAbilities(ModelEntry entry, bool local) => (_entry, _local) = (entry, local);

    /// <summary>Null is unknown, which is not yes.</summary>
    public bool? Has(string capability)
    {
        var can = _deployment?.Capabilities ?? _entry!.Capabilities;
        return capability switch
        {
            Capabilities.Tools => can.Tools,
            Capabilities.Vision => can.Vision,
            Capabilities.Audio => can.Audio,
            Capabilities.Pdf => can.Pdf,
            Capabilities.StructuredOutput => can.StructuredOutput,
            Capabilities.ReasoningEffort => can.Reasoning,
            Capabilities.Embeddings => can.Embeddings,
            // Every dialect that we send has streams; embeddings have none.
            Capabilities.Streaming => can.Embeddings is not true,
            Capabilities.Offline => _local,
            Capabilities.LongContext => ContextWindow is { } size
                ? size >= Capabilities.Long
                : null,
            Capabilities.WebSearch => can.WebSearch,
            _ => Capabilities.TaskOf(capability) is { } task ? IsGood(capability, task) : null,
        };
    }

    /// <summary>Why it does not meet the requirements; null where it does.</summary>
    public string? WhyNot(IReadOnlyList<string> required)
    {
        foreach (var capability in required)
        {
            switch (Has(capability))
            {
                case true:
                    continue;
                case false when Capabilities.TaskOf(capability) is not null:
                    return $"not good enough at {capability}";
                case false:
                    return $"has no {capability}";
                default:
                    return $"not known to have {capability}";
            }
        }
        return null;
    }

    private long? ContextWindow => _deployment?.ContextWindow ?? _entry?.ContextWindow;

    private bool? IsGood(string capability, string task)
    {
        var said = _deployment?.Strengths ?? _entry!.Strengths;
        if (said.Contains(capability, StringComparer.Ordinal))
            return true;
        return
            (_deployment is null ? _entry!.Quality : _deployment.Quality)?.For(task) is { } quality
            ? quality.Score >= Capabilities.GoodAt
            : null;
    }
}
