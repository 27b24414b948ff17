using System.Text.Json;

namespace Dragoman.Routing.Decisions;

/// <summary>
/// A decision as it is kept with the usage record: all that went into it, so that it can be explained, found again and tried under
/// other circumstances when the request itself is long gone.
/// </summary>
public sealed record DecisionRecord
{
    /// <summary>Tokens of the prompt, by the estimate that costs were taken from.</summary>
    public long PromptTokens { get; init; }

    /// <summary>The longest answer the client allows, in tokens; null where it does not say.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>How many answers it asked for.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The rule that fired; null where none did.</summary>
    public string? Rule { get; init; }

    /// <summary>What was weighed: first those to be tried first, then those behind them. Empty where configuration or the client left nothing to weigh.</summary>
    public IReadOnlyList<WeighingRecord> Weighings { get; init; } = [];

    /// <summary>The whole chain, <c>provider/model</c> in the order of trying.</summary>
    public IReadOnlyList<string> Chain { get; init; } = [];

    /// <summary>The record of a decision; null where nothing was weighed in it.</summary>
    public static DecisionRecord? Of(RoutingDecision decision) =>
        decision.Weighings.Count == 0 && decision.Rule is null
            ? null
            : new DecisionRecord
            {
                PromptTokens = decision.Size.PromptTokens,
                MaxTokens = decision.Size.MaxTokens,
                Choices = Math.Max(1, decision.Size.Choices),
                Rule = decision.Rule,
                Weighings = [.. decision.Weighings.Select(WeighingRecord.Of)],
                Chain = [.. decision.Chain.Select(static deployment => deployment.PublicName)],
            };

    /// <summary>As it is stored: JSON without what is not known.</summary>
    public byte[] ToJson() =>
        JsonSerializer.SerializeToUtf8Bytes(this, DecisionJson.Default.DecisionRecord);

    /// <summary>From <see cref="ToJson"/>.</summary>
    public static DecisionRecord? FromJson(string json) =>
        JsonSerializer.Deserialize(json, DecisionJson.Default.DecisionRecord);
}
