namespace Dragoman.Canonical;

/// <summary>A chat request in the shape between the dialects. Null means that the client did not say.</summary>
public sealed record ChatRequest
{
    /// <summary>The name the client asks for, or, on the way out, the provider's own.</summary>
    public required JsonText Model { get; init; }
    public required IReadOnlyList<Message> Messages { get; init; }
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];
    public ToolChoice? ToolChoice { get; init; }
    public bool? ParallelToolCalls { get; init; }
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>The most tokens to generate, reasoning included (OpenAI's <c>max_completion_tokens</c>).</summary>
    public long? MaxCompletionTokens { get; init; }

    /// <summary>The most tokens to generate, by the older name, which some providers alone know and others refuse.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>The most tokens to generate, by whichever name it was said.</summary>
    public long? OutputLimit => MaxCompletionTokens ?? MaxTokens;
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public long? TopK { get; init; }
    public double? FrequencyPenalty { get; init; }
    public double? PresencePenalty { get; init; }
    public long? Seed { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<JsonText> Stop { get; init; } = [];

    /// <summary><see cref="Stop"/> was one bare string rather than a list.</summary>
    public bool IsBareStop { get; init; }

    /// <summary>How many answers.</summary>
    public int? Count { get; init; }
    public bool? LogProbs { get; init; }
    public int? TopLogProbs { get; init; }

    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c> …; an open list.</summary>
    public JsonText? ReasoningEffort { get; init; }

    /// <summary>The most tokens to reason with; -1 lets the model choose (Gemini's dynamic budget), 0 is none.</summary>
    public long? ReasoningBudget { get; init; }

    /// <summary>Reasoning was switched on or off as such (Anthropic's <c>thinking</c>, Ollama's <c>think</c>).</summary>
    public bool? Reasoning { get; init; }

    /// <summary>The client wants to see the reasoning, or its summary.</summary>
    public bool? ReasoningShown { get; init; }

    /// <summary>Text the answer is expected to repeat, as it came.</summary>
    public RawJson Prediction { get; init; }
    public JsonText? ServiceTier { get; init; }
    public JsonText? User { get; init; }

    /// <summary>The client's own labels, a JSON object as it came.</summary>
    public RawJson Metadata { get; init; }
    public bool? Stream { get; init; }

    /// <summary>The client wants usage at the end of its stream.</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}
