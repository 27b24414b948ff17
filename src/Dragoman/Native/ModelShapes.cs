using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Native;

/// <summary>Writes known models down in the shapes of the native API.</summary>
internal static class ModelShapes
{
    /// <summary>As it stands in a list.</summary>
    public static ModelInfo Info(KnownModel model, string? task)
    {
        var deployment = model.Deployment;
        return new ModelInfo
        {
            Id = model.Id,
            Provider = model.Provider,
            Model = model.Model,
            Kind = Word(model.Kind),
            Family = model.Entry?.Family ?? deployment?.Served?.Family,
            Status = model.Entry is { } entry ? Word(entry.Status) : null,
            Replacement = model.Entry?.Replacement,
            Released = model.Entry?.Released,
            Local = model.Local,
            Type = model.LocalModel is { } local ? Word(local.Type) : null,
            ContextWindow = model.ContextWindow,
            MaxOutput = deployment?.MaxOutput ?? model.Entry?.MaxOutput,
            Dimensions = deployment?.Dimensions ?? model.Entry?.Dimensions,
            Capabilities = CapabilitiesOf(model),
            Cost = CostOf(model),
            Quality = QualityOf(model, task),
            Latency = LatencyOf(model),
            Available = model.IsAvailable,
            UnavailableReason = model.UnavailableReason,
        };
    }

    /// <summary>All of it.</summary>
    public static ModelDetails Details(KnownModel model, string? task) =>
        new(Info(model, task))
        {
            Aliases = model.Entry?.Aliases ?? [],
            FriendlyNames = model.Entry?.LocalAliases ?? [],
            ReasoningEfforts = model.Deployment?.ReasoningEfforts ?? model.Entry?.ReasoningEfforts,
            Prices = model.Prices is { } prices ? PricesOf(prices) : null,
            QualityByTask = QualityByTask(model),
            LocalModel = model.LocalModel is { } local ? LocalFacts(local) : null,
        };

    /// <summary>The word for a kind, a status or a type: its name in snake case.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static Dictionary<string, bool?> CapabilitiesOf(KnownModel model)
    {
        var capabilities = new Dictionary<string, bool?>(
            Capabilities.All.Count,
            StringComparer.Ordinal
        );
        foreach (var name in Capabilities.All)
            capabilities[name] = model.Abilities.Has(name);
        return capabilities;
    }

    private static ModelCost? CostOf(KnownModel model) =>
        model.Prices is { } prices && (prices.Input ?? prices.Output) is not null
            ? new ModelCost
            {
                InputPer1k = prices.Input / 1000,
                OutputPer1k = prices.Output / 1000,
                MeanPer1k = model.MeanCost,
            }
            : null;

    private static ModelQuality? QualityOf(KnownModel model, string? task)
    {
        if (model.Kind is not ModelKind.Chat || model.Quality is not { } quality)
            return null;
        var at = task is null ? null : quality.For(task);
        return new ModelQuality
        {
            Task = task,
            Score = at?.Score ?? quality.Overall,
            StandardError = at?.StandardError ?? quality.StandardError,
            Basis = Word(quality.Basis),
        };
    }

    private static Dictionary<string, ModelTaskQuality>? QualityByTask(KnownModel model)
    {
        if (model.Kind is not ModelKind.Chat || model.Quality is not { } quality)
            return null;
        return QualityPrior.Tasks.ToDictionary(
            static task => task,
            task =>
            {
                var at = quality.For(task)!.Value;
                return new ModelTaskQuality
                {
                    Score = at.Score,
                    StandardError = at.StandardError,
                    Measured = at.IsMeasured,
                };
            },
            StringComparer.Ordinal
        );
    }

    private static ModelLatency? LatencyOf(KnownModel model) =>
        model.Latency is { } latency
            ? new ModelLatency
            {
                FirstTokenMs = latency.TimeToFirstToken?.TotalMilliseconds,
                TokensPerSecond = latency.TokensPerSecond,
                AnswerMs = model.AnswerTime is { } time ? Math.Round(time.TotalMilliseconds) : null,
                OfThisProvider = latency.IsOfThisProvider,
            }
            : null;

    private static ModelPrices PricesOf(PriceSheet sheet) =>
        new()
        {
            Input = sheet.Input,
            Output = sheet.Output,
            CacheRead = sheet.CacheRead,
            CacheWrite = sheet.CacheWrite,
            CacheWrite1h = sheet.CacheWrite1h,
            Reasoning = sheet.Reasoning,
            AudioInput = sheet.AudioInput ?? (sheet.AudioAsText ? sheet.Input : null),
            AudioOutput = sheet.AudioOutput,
            ImageInput = sheet.ImageInput ?? (sheet.ImageAsText ? sheet.Input : null),
            ImageOutput = sheet.ImageOutput,
            PerRequest = sheet.PerRequest,
            Tiers =
            [
                .. sheet.Tiers.Select(static tier => new ModelPriceTier
                {
                    AboveInputTokens = tier.AboveInputTokens,
                    Input = tier.Input,
                    Output = tier.Output,
                    CacheRead = tier.CacheRead,
                    CacheWrite = tier.CacheWrite,
                    CacheWrite1h = tier.CacheWrite1h,
                }),
            ],
            ToolFees = sheet.ToolFees,
            Batch = Other(sheet, sheet.Batch),
            Flex = Other(sheet, sheet.Flex),
            Priority = Other(sheet, sheet.Priority),
            Next = Other(sheet, sheet.Next),
            NextFrom = sheet.NextFrom,
        };

    /// <summary>A sheet that says the same as the one it belongs to is not told again.</summary>
    private static ModelServicePrices? Other(PriceSheet sheet, PriceSheet? other) =>
        other is null || (other.Input, other.Output) == (sheet.Input, sheet.Output)
            ? null
            : new ModelServicePrices
            {
                Input = other.Input,
                Output = other.Output,
                CacheRead = other.CacheRead,
                CacheWrite = other.CacheWrite,
                CacheWrite1h = other.CacheWrite1h,
            };

    private static LocalModelFacts LocalFacts(LocalModel local) =>
        new()
        {
            Name = local.Name,
            OllamaTag = local.Tag,
            ParametersB = local.Parameters,
            ActiveParametersB = local.ActiveParameters,
            BestFor = local.BestFor,
            Licence = local.Licence,
            NativeContext = local.NativeContext,
            DefaultContext = local.DefaultContext,
            Speed = local.Speed,
            Quality = local.Quality,
            KvBytesPerToken = local.KvBytesPerToken,
            Quantisation = local.Quantisation,
            Memory =
            [
                .. local
                    .Files.OrderBy(static file => file.Value)
                    .Select(file => new LocalModelMemory
                    {
                        Quantisation = file.Key,
                        FileBytes = file.Value,
                        DefaultContextBytes = local.DefaultContext is { } usual
                            ? local.MemoryFor(usual, file.Key)
                            : null,
                        NativeContextBytes = local.NativeContext is { } most
                            ? local.MemoryFor(most, file.Key)
                            : null,
                    }),
            ],
        };
}
