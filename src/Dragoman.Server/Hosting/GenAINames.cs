namespace Dragoman.Server.Hosting;

/// <summary>What OpenTelemetry's gen_ai conventions call a deployment's provider and model.</summary>
/// <param name="providerType">The known kind of a provider, by its configured name.</param>
internal sealed class GenAINames(Func<string, string> providerType)
{
    /// <summary>The conventions' own name for those vendors whose name differs from ours.</summary>
    public string ProviderOf(string deployment)
    {
        var slash = deployment.IndexOf('/', StringComparison.Ordinal);
        var type = providerType(slash < 0 ? deployment : deployment[..slash]);
        return type switch
        {
            "google" => "gcp.gemini",
            "vertex" => "gcp.vertex_ai",
            "azure" => "azure.ai.openai",
            "mistral" => "mistral_ai",
            "xai" => "x_ai",
            _ => type,
        };
    }

    /// <summary>What stands behind the provider's slash.</summary>
    public static string ModelOf(string deployment) =>
        deployment[(deployment.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
