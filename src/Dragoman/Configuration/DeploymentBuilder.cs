using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Routing;

namespace Dragoman.Configuration;

/// <summary>Makes deployments of the file's <c>models</c>: what it says over what the catalog knows.</summary>
internal sealed class DeploymentBuilder(
    ProviderBuilder providers,
    EnvironmentConfig environment,
    ProviderTypes types,
    ModelCatalog catalog,
    ServedModels servedModels,
    DeploymentStates states,
    DeploymentParameters? defaults,
    IReadOnlyDictionary<string, Deployment> former,
    ConfigMistakes mistakes
)
{
    /// <summary>How many times a price may differ from the catalog's before the unit is doubted.</summary>
    private const decimal Doubtful = 20;

    /// <summary>Null where its provider cannot be called; the reason is then told.</summary>
    public Deployment? Build(ModelConfig config)
    {
        if (ProviderOf(config) is not { } provider)
            return null;
        var model = config.Model ?? config.Name;
        var entry = catalog.Find(provider.Type.CatalogName ?? provider.Type.Name, model);
        var served = servedModels.Find(provider.Name, model);
        return new Deployment
        {
            Name = config.Name,
            Provider = provider,
            Model = model,
            Entry = entry,
            Prices = Prices(config, entry?.Prices),
            ContextWindow = config.ContextWindow ?? served?.ContextWindow ?? entry?.ContextWindow,
            MaxOutput = entry?.MaxOutput,
            Dimensions = entry?.Dimensions ?? served?.Dimensions,
            ReasoningEfforts = entry?.ReasoningEfforts,
            Capabilities = With(
                served?.Over(entry?.Capabilities)
                    ?? entry?.Capabilities
                    ?? ModelCapabilities.Unknown,
                config.Capabilities
            ),
            Strengths =
            [
                .. config
                    .Capabilities.Where(static name =>
                        Exchanges.Capabilities.TaskOf(name) is not null
                    )
                    .Union(entry?.Strengths ?? [], StringComparer.Ordinal),
            ],
            Served = served,
            Local =
                (config.Local ?? provider.Local)
                && !DeploymentShelf.LeavesTheHouse(provider.Type, model, served),
            Region = config.Region,
            Weight = config.Weight ?? 1,
            Priority = config.Priority ?? 100,
            Timeout = config.Timeout,
            Parameters = Over(config.Parameters, defaults),
            Fallbacks = config.FallbackModels,
            Tags = config.Tags,
            State = states.Of(provider.Name, model),
        };
    }

    private Provider? ProviderOf(ModelConfig config)
    {
        SecretText? key = null;
        if (config.ApiKeyEnv is { } variable)
        {
            if (environment.Value(variable) is not { } value)
            {
                mistakes.Add(
                    config.Path + ".api_key_env",
                    $"The environment variable {Substitution.Shown(variable)} is not set."
                );
                return null;
            }
            key = new SecretText(value);
        }
        if (providers.Find(config.Provider) is { } provider)
            return key is null
                ? provider
                : ProviderFactory.WithKey(
                    provider,
                    key,
                    former.GetValueOrDefault(config.Name)?.Provider
                );
        if (providers.AddForDeployment(config.Provider, key) is { } added)
            return added;

        var path = config.Path + ".provider";
        if (mistakes.AnyUnder("providers." + ConfigSection.Shown(config.Provider)))
            return null;
        if (providers.Unavailable.TryGetValue(config.Provider, out var why))
            mistakes.Warn(path, $"This deployment cannot be called: {why}.");
        else if (types.Find(config.Provider) is { } type)
            mistakes.Warn(
                path,
                $"This deployment cannot be called: {type.Name} has no key; set {string.Join(" or ", type.KeyVariables)}."
            );
        else
            mistakes.Add(
                path,
                "There is no such provider.",
                NearestName.Of(
                    config.Provider,
                    providers
                        .Providers.Select(static p => p.Name)
                        .Concat(types.All.SelectMany(static t => t.Aliases.Append(t.Name)))
                )
            );
        return null;
    }

    private PriceSheet? Prices(ModelConfig config, PriceSheet? known)
    {
        if (config.CostPer1kInput is null && config.CostPer1kOutput is null)
            return known;
        Doubt(config.Path + ".cost_per_1k_input", config.CostPer1kInput, known?.Input);
        Doubt(config.Path + ".cost_per_1k_output", config.CostPer1kOutput, known?.Output);
        // Other prices of the catalog's sheet hold only beside its own input and output: a sheet of one's own stands alone.
        var own = new PriceSheet
        {
            Input = config.CostPer1kInput * 1000 ?? known?.Input,
            Output = config.CostPer1kOutput * 1000 ?? known?.Output,
        };
        return own with { Flex = own, Priority = own, Batch = own };
    }

    private void Doubt(string path, decimal? per1k, decimal? perMillion)
    {
        if (per1k is not > 0 || perMillion is not > 0)
            return;
        var ratio = per1k.Value * 1000 / perMillion.Value;
        if (ratio is > Doubtful or < 1 / Doubtful)
            mistakes.Warn(
                path,
                FormattableString.Invariant(
                    $"{per1k} is more than {Doubtful} times off the catalog's {perMillion / 1000}. The unit is US dollars per 1,000 tokens."
                )
            );
    }

    private static DeploymentParameters? Over(
        DeploymentParameters? own,
        DeploymentParameters? defaults
    ) =>
        own is null || defaults is null
            ? own ?? defaults
            : new DeploymentParameters
            {
                Temperature = own.Temperature ?? defaults.Temperature,
                TopP = own.TopP ?? defaults.TopP,
                PresencePenalty = own.PresencePenalty ?? defaults.PresencePenalty,
                FrequencyPenalty = own.FrequencyPenalty ?? defaults.FrequencyPenalty,
                MaxTokens = own.MaxTokens ?? defaults.MaxTokens,
                SystemPrompt = own.SystemPrompt ?? defaults.SystemPrompt,
            };

    private static ModelCapabilities With(ModelCapabilities known, IReadOnlyList<string> said)
    {
        bool? Is(string capability, bool? before) =>
            said.Contains(capability, StringComparer.Ordinal) ? true : before;
        return known with
        {
            Tools = Is(Exchanges.Capabilities.Tools, known.Tools),
            Vision = Is(Exchanges.Capabilities.Vision, known.Vision),
            Audio = Is(Exchanges.Capabilities.Audio, known.Audio),
            Pdf = Is(Exchanges.Capabilities.Pdf, known.Pdf),
            StructuredOutput = Is(Exchanges.Capabilities.StructuredOutput, known.StructuredOutput),
            Reasoning = Is(Exchanges.Capabilities.ReasoningEffort, known.Reasoning),
            Embeddings = Is(Exchanges.Capabilities.Embeddings, known.Embeddings),
            WebSearch = Is(Exchanges.Capabilities.WebSearch, known.WebSearch),
        };
    }
}
