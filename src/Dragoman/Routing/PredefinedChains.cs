namespace Dragoman.Routing;

/// <summary>Chains that exist without being configured: their members are roles, played by the newest configured model of each family.</summary>
internal static class PredefinedChains
{
    private const string LocalOnly = "local_only";

    /// <summary>Each inner list is tried in order until one role is played; the outer list is the chain.</summary>
    private static readonly Dictionary<string, ModelRole[][]> Roles = new(StringComparer.Ordinal)
    {
        ["high_quality"] =
        [
            [ModelRole.OpenAIFlagship],
            [ModelRole.Opus, ModelRole.Sonnet],
            [ModelRole.MistralLarge],
        ],
        ["cost_optimized"] =
        [
            [ModelRole.OpenAIMini],
            [ModelRole.Haiku],
            [ModelRole.MistralSmall],
            [ModelRole.Ollama],
        ],
        ["fast_latency"] =
        [
            [ModelRole.OpenAIMini, ModelRole.OpenAINano],
            [ModelRole.Haiku],
            [ModelRole.Ollama],
        ],
        ["code_generation"] =
        [
            [ModelRole.OpenAIFlagship],
            [ModelRole.Sonnet],
            [ModelRole.TogetherCoder, ModelRole.OllamaCoder],
        ],
    };

    public static IReadOnlyList<string> Names { get; } = [.. Roles.Keys, LocalOnly];

    /// <summary>The members of a predefined chain; null where there is none of that name.</summary>
    public static IReadOnlyList<ChainMember>? Members(string name, RoutingTable table)
    {
        if (name == LocalOnly)
            return [.. LocalChat(table).Select(static model => new ChainMember(model))];
        return Roles.TryGetValue(name, out var chain)
            ? [.. chain.SelectMany(roles => Players(roles, table))]
            : null;
    }

    private static IEnumerable<ChainMember> Players(ModelRole[] roles, RoutingTable table)
    {
        foreach (var role in roles)
        {
            var players = table
                .Providers.Where(provider => provider.Type.Name == role.Type)
                .Select(provider => (provider, Model: role.Newest(provider, table.Deployments)))
                .Where(static player => player.Model is not null)
                .Select(static player => new ChainMember(player.provider.Name + "/" + player.Model))
                .ToList();
            if (players.Count > 0)
                return players;
        }
        return roles.Select(role => new ChainMember(role.Label, WhyNot(role, table)));
    }

    private static string WhyNot(ModelRole role, RoutingTable table)
    {
        if (table.Providers.Any(provider => provider.Type.Name == role.Type))
            return $"{role.Type} offers no such model";
        return table.Unavailable.GetValueOrDefault(role.Type) ?? $"{role.Type} is not configured";
    }

    /// <summary>
    /// Every local chat model, the best first; of those whose quality nobody knows the largest, since size is the best sign that a name
    /// gives. Simulated ones only where there is nothing real, and none that only misbehaves.
    /// </summary>
    private static IEnumerable<string> LocalChat(RoutingTable table)
    {
        var anyReal = table.Providers.Any(static provider => !Pool.IsSimulated(provider));
        return table
            .Providers.Where(provider => provider.Local && !(anyReal && Pool.IsSimulated(provider)))
            .SelectMany(provider =>
                table
                    .Deployments.Offered(provider)
                    .Where(static offer => ChatModels.IsChat(offer.Model, offer.Entry))
                    .Select(offer => table.Deployments.Find(provider, offer.Model, out _)!)
            )
            .Where(static deployment => deployment.Local && !Pool.OnlyMisbehaves(deployment))
            .OrderByDescending(static deployment =>
                deployment.Quality is { } quality ? quality.Overall - quality.StandardError : 0
            )
            .ThenByDescending(static deployment => ChatModels.Billions(deployment.Model))
            .Select(static deployment => deployment.PublicName);
    }
}
