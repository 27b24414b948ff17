using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Whether a deployment is known to have what a request requires.</summary>
internal static class HardCapabilities
{
    private const long LongContext = 100_000;

    /// <summary>Null is unknown, which is not yes.</summary>
    public static bool? Has(Deployment deployment, string capability)
    {
        var can = deployment.Capabilities;
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
            Capabilities.Offline => deployment.Local,
            Capabilities.LongContext => deployment.ContextWindow is { } size
                ? size >= LongContext
                : null,
            Capabilities.WebSearch => can.WebSearch,
            _ => null,
        };
    }

    /// <summary>Why a deployment does not meet the requirements; null where it does.</summary>
    public static string? WhyNot(Deployment deployment, IReadOnlyList<string> required)
    {
        foreach (var capability in required)
        {
            if (Has(deployment, capability) is true)
                continue;
            return Has(deployment, capability) is false
                ? $"has no {capability}"
                : $"not known to have {capability}";
        }
        return null;
    }
}
