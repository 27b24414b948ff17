namespace Dragoman.Simulator.Chat;

/// <summary>Where a stream tells its usage.</summary>
internal enum UsagePlacement
{
    /// <summary>In a chunk of its own without choices, if asked for: OpenAI's way.</summary>
    OwnChunk,

    /// <summary>Nowhere, plain answers included.</summary>
    Nowhere,

    /// <summary>In the chunk that carries the finish reason, asked for or not.</summary>
    WithFinish,

    /// <summary>In every chunk, growing, and the last event is a whole <c>chat.completion.done</c>: Perplexity's way.</summary>
    EveryChunk,

    /// <summary>In <c>x_groq</c> of the chunk that carries the finish reason.</summary>
    Groq,
}

/// <summary>How usage is put.</summary>
internal enum UsageShape
{
    OpenAI,

    /// <summary>xAI: reasoning is not among the completion tokens, only in the total.</summary>
    ReasoningOutside,

    /// <summary>OpenRouter: a number of dollars beside the counts.</summary>
    Cost,

    /// <summary>xAI: <c>cost_in_usd_ticks</c>, of which ten thousand million make a dollar.</summary>
    CostTicks,

    /// <summary>Perplexity: an object of dollars, with a <c>total_cost</c>.</summary>
    CostObject,
}

/// <summary>A habit of one dialect that a style asks for.</summary>
internal enum Quirk
{
    None,
    AnthropicRepeatedUsage,
    AnthropicRedactedThinking,
    AnthropicNoArgumentDelta,
    AnthropicUnnamedEvents,
    AnthropicUnknownBlock,
    AnthropicWebSearch,
    AnthropicPausedTurn,
    GeminiLateSignature,
    GeminiCallIds,
    GeminiMalformedCall,
    GeminiRecitation,
    GeminiGrounded,
    OllamaNoPromptCount,
    OllamaCallsInLastLine,
    OllamaColdStart,
    ResponsesFailed,
    ResponsesWebSearch,
    ResponsesNestedError,
    ResponsesChangingIds,
    AzureLateFilter,
}

/// <summary>How an answer is put on the wire where that differs from the dialect's usual way.</summary>
internal sealed record ReplyStyle
{
    public static ReplyStyle Usual { get; } = new();

    public string LineEnd { get; init; } = "\n";
    public string DataPrefix { get; init; } = "data: ";
    public UsagePlacement Placement { get; init; }
    public UsageShape Shape { get; init; }

    public Quirk Quirk { get; init; }

    /// <summary>Said in place of the finish reason <c>stop</c>.</summary>
    public string Stop { get; init; } = "stop";

    /// <summary>Reasoning although the model does not reason.</summary>
    public bool Reasons { get; init; }

    /// <summary>Added to the answer's text.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Said before tools are called.</summary>
    public string Preamble { get; init; } = "";

    /// <summary>Tools are called with <c>{}</c>, whatever they take.</summary>
    public bool EmptyArguments { get; init; }

    /// <summary>The answer is cut to this length as if the request had asked for it.</summary>
    public int MostTokens { get; init; } = int.MaxValue;
}
