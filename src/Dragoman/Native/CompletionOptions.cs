using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Native;

/// <summary>What is asked for beside the prompt: the model, its parameters, and what bears on the choice. Null is "not said".</summary>
public sealed record CompletionOptions
{
    /// <summary>A model, alias, route, <c>chain:name</c>, or <c>auto</c>. Default: <see cref="DefaultModel"/>.</summary>
    public string? Model { get; init; }

    /// <summary>The provider of <see cref="Model"/>, which is then the provider's own name of it.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that must answer: nothing else is chosen and nothing else is tried.</summary>
    public string? ForceModel { get; init; }

    /// <summary>True lets the gateway choose, whatever <see cref="Model"/> says.</summary>
    public bool? AutoSelect { get; init; }

    /// <summary>Stands before all messages.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>The turns before the prompt.</summary>
    public IReadOnlyList<Message> ConversationHistory { get; init; } = [];
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public long? TopK { get; init; }

    /// <summary>The most tokens to generate.</summary>
    public long? MaxTokens { get; init; }
    public double? PresencePenalty { get; init; }
    public double? FrequencyPenalty { get; init; }
    public long? Seed { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c> …; an open list.</summary>
    public string? ReasoningEffort { get; init; }
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether the model may call several tools in one turn.</summary>
    public bool? ParallelToolCalls { get; init; }
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>Whom the provider is told it answers: a stable word for one end user, no name.</summary>
    public string? User { get; init; }

    /// <summary>One of the ten tasks, e.g. <c>code</c>: what the caller says its prompt is.</summary>
    public string? TaskType { get; init; }

    /// <summary>Capabilities that whoever answers must have, e.g. <c>tools</c> or <c>vision</c>.</summary>
    public IReadOnlyList<string> RequiredCapabilities { get; init; } = [];

    /// <summary>How to choose among several: <c>balanced</c>, <c>cost_optimized</c> …</summary>
    public string? Strategy { get; init; }

    /// <summary>US dollars that may still be spent: where the estimate is above it, a cheaper member of the chain answers, or nobody is asked.</summary>
    public decimal? BudgetRemaining { get; init; }

    /// <summary>US dollars that this call may cost at most, by the estimate.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>Deployments that usually take longer are tried last.</summary>
    public long? MaxLatencyMs { get; init; }

    /// <summary>Others are tried where the first fails. Default: true, and false with <see cref="ForceModel"/>.</summary>
    public bool? EnableFallback { get; init; }

    /// <summary>Who is tried when the first fails, in this order.</summary>
    public IReadOnlyList<string>? Fallback { get; init; }

    /// <summary>The fallback chain of that name.</summary>
    public string? Chain { get; init; }

    /// <summary>The fastest of several is asked first.</summary>
    public bool? PreferLowLatency { get; init; }

    /// <summary>Local ones are asked first.</summary>
    public bool? PreferLocal { get; init; }

    /// <summary>Nothing of this call leaves the house.</summary>
    public bool? LocalOnly { get; init; }

    /// <summary>Only deployments of these regions may serve it, <c>local</c> being the house; within what configuration allows.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>What to send of a conversation that is too long; null is as configuration has it, else all of it.</summary>
    public ContextStrategy? Context { get; init; }

    /// <summary>A parameter that cannot be carried is refused rather than left out.</summary>
    public bool Strict { get; init; }

    /// <summary>Kept with the record.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Kept with the record.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>Kept with the record.</summary>
    public string? UserTier { get; init; }

    /// <summary>Kept with the record.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The name that is asked for in the end.</summary>
    internal string Name =>
        AutoSelect is true ? DefaultModel
        : ForceModel is { Length: > 0 } forced ? forced
        : (Provider, Model) switch
        {
            ({ Length: > 0 } provider, { Length: > 0 } model) => provider + "/" + model,
            (_, { Length: > 0 } model) => model,
            _ => DefaultModel,
        };

    /// <summary>Why there is no such name; null where there is.</summary>
    internal string? WhyNoName =>
        Provider is { Length: > 0 }
        && Model is null or ""
        && ForceModel is null or ""
        && AutoSelect is not true
            ? "'provider' needs a 'model' beside it: that provider's own name of one."
            : null;

    /// <summary>One model must answer, and no other.</summary>
    internal bool IsForced => ForceModel is { Length: > 0 } && AutoSelect is not true;

    /// <summary>What is asked where nothing is named: the gateway chooses.</summary>
    public const string DefaultModel = "auto";
}
