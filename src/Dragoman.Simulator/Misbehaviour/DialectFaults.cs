using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Dialects;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>The faults of dialects other than OpenAI's chat, named after the one that has them.</summary>
internal static class DialectFaults
{
    private const string Preamble = "One of the simulated tools will know.";

    private const SimulatedDialect Others =
        SimulatedDialect.All & ~(SimulatedDialect.OpenAIChat | SimulatedDialect.AzureOpenAI);

    /// <summary>Those of several dialects.</summary>
    public static Fault[] Shared { get; } =
    [
        new("no-finish", "streams the whole content, then ends without a word about the end")
        {
            In = Others,
            Events = StreamTwists.NoFinish,
        },
        new("text-and-tools", "says something before it calls tools")
        {
            In = Others,
            Style = new() { Preamble = Preamble },
        },
        new("length", "is cut off after five tokens as if the request had set that limit")
        {
            In = Others,
            Style = new() { MostTokens = 5 },
        },
        new("thinks", "reasons, asked or not")
        {
            In = Others,
            Style = new() { Reasons = true },
        },
        new("unknown-event", "streams an event of an unknown kind amid a sound stream")
        {
            In = SimulatedDialect.AnthropicMessages | SimulatedDialect.OpenAIResponses,
            Events = StreamTwists.UnknownEvent,
        },
        new(
            "strict-signatures",
            "answers 400 where thinking comes back without the signature it was given, or with another"
        )
        {
            In = SimulatedDialect.AnthropicMessages | SimulatedDialect.Gemini,
            Style = new() { Reasons = true },
            Instead = SignatureCheck.Refuse,
        },
    ];

    public static Fault[] Anthropic { get; } =
    [
        new("anthropic-overloaded", "streams half of the answer, then overloaded_error, then ends")
        {
            In = SimulatedDialect.AnthropicMessages,
            Events = StreamTwists.OverloadAmid,
        },
        new("anthropic-ping-storm", "streams a ping after every event")
        {
            In = SimulatedDialect.AnthropicMessages,
            Events = StreamTwists.Pings,
        },
        Quirky(
            "anthropic-repeated-usage",
            "repeats the input's counts in message_delta",
            Quirk.AnthropicRepeatedUsage
        ),
        Quirky(
            "anthropic-unnamed-events",
            "streams data without event: lines",
            Quirk.AnthropicUnnamedEvents
        ),
        Quirky(
            "anthropic-unknown-block",
            "answers with a block of an unknown kind before the text",
            Quirk.AnthropicUnknownBlock
        ),
        Quirky(
            "anthropic-web-search",
            "searches the web on the server, and cites what it found",
            Quirk.AnthropicWebSearch
        ),
        Quirky("anthropic-pause-turn", "stops with pause_turn", Quirk.AnthropicPausedTurn),
        new("anthropic-redacted-thinking", "thinks, partly in a redacted_thinking block")
        {
            In = SimulatedDialect.AnthropicMessages,
            Style = new() { Reasons = true, Quirk = Quirk.AnthropicRedactedThinking },
        },
        new("anthropic-empty-input", "calls tools with {}, streamed as one empty input_json_delta")
        {
            In = SimulatedDialect.AnthropicMessages,
            Style = new() { EmptyArguments = true },
        },
        new("anthropic-no-input-delta", "calls tools with {}, streamed without an input_json_delta")
        {
            In = SimulatedDialect.AnthropicMessages,
            Style = new() { EmptyArguments = true, Quirk = Quirk.AnthropicNoArgumentDelta },
        },
    ];

    public static Fault[] Gemini { get; } =
    [
        new("gemini-grounded", "answers from the web, with groundingMetadata in bytes of UTF-8")
        {
            In = SimulatedDialect.Gemini,
            Style = new() { Suffix = " " + Citation.Sentence, Quirk = Quirk.GeminiGrounded },
        },
        new("gemini-bad-key", "answers 400 API_KEY_INVALID, as Google does for a bad key")
        {
            In = SimulatedDialect.Gemini,
            Instead = Refusals.InvalidKey,
        },
        new("gemini-context-429", "answers 429 where the prompt is too long")
        {
            In = SimulatedDialect.Gemini,
            Instead = Refusals.TooLongAsLimit,
        },
        new("gemini-prompt-blocked", "answers 200 with promptFeedback and no candidates")
        {
            In = SimulatedDialect.Gemini,
            Instead = Refusals.Filtered,
        },
        Quirky("gemini-recitation", "finishes with RECITATION", Quirk.GeminiRecitation),
        Quirky(
            "gemini-malformed-call",
            "finishes with MALFORMED_FUNCTION_CALL and a candidate without content",
            Quirk.GeminiMalformedCall
        ),
        Quirky("gemini-call-ids", "gives its function calls ids", Quirk.GeminiCallIds),
        new("gemini-late-signature", "thinks, and gives the signature with an empty last text part")
        {
            In = SimulatedDialect.Gemini,
            Style = new() { Reasons = true, Quirk = Quirk.GeminiLateSignature },
        },
    ];

    public static Fault[] Ollama { get; } =
    [
        Quirky("ollama-no-prompt-count", "leaves out prompt_eval_count", Quirk.OllamaNoPromptCount),
        Quirky(
            "ollama-calls-last",
            "streams its tool calls in the line that says done",
            Quirk.OllamaCallsInLastLine
        ),
        new(
            "ollama-cold",
            "loads the model first: after the time SlowPlain, with a long load_duration"
        )
        {
            In = SimulatedDialect.Ollama,
            Style = new() { Quirk = Quirk.OllamaColdStart },
            Plain = PlainTwists.Slow,
            Writes = WriteTwists.Slow,
        },
    ];

    public static Fault[] Responses { get; } =
    [
        new("responses-web-search", "searches the web on the server, and cites what it found")
        {
            In = SimulatedDialect.OpenAIResponses,
            Style = new() { Suffix = " " + Citation.Sentence, Quirk = Quirk.ResponsesWebSearch },
        },
        new(
            "responses-failed",
            "ends with response.failed in mid-answer; plain, with the status failed"
        )
        {
            In = SimulatedDialect.OpenAIResponses,
            Style = new() { Quirk = Quirk.ResponsesFailed },
            Events = StreamTwists.FailedAmid,
        },
        new(
            "responses-nested-error",
            "streams half of the answer, then an error event with the error in a field of its own"
        )
        {
            In = SimulatedDialect.OpenAIResponses,
            Style = new() { Quirk = Quirk.ResponsesNestedError },
            Events = StreamTwists.ErrorAmid,
        },
        Quirky(
            "responses-changing-ids",
            "streams another item id in each event",
            Quirk.ResponsesChangingIds
        ),
    ];

    public static Fault[] Azure { get; } =
    [
        Quirky(
            "azure-late-filter",
            "streams the filter's verdict at the end, in a choice without a delta",
            Quirk.AzureLateFilter
        ),
    ];

    /// <summary>A fault that is a habit of one dialect, whose name it begins with.</summary>
    private static Fault Quirky(string name, string description, Quirk quirk) =>
        new(name, description)
        {
            In = name[..name.IndexOf('-', StringComparison.Ordinal)] switch
            {
                "anthropic" => SimulatedDialect.AnthropicMessages,
                "gemini" => SimulatedDialect.Gemini,
                "ollama" => SimulatedDialect.Ollama,
                "responses" => SimulatedDialect.OpenAIResponses,
                _ => SimulatedDialect.AzureOpenAI,
            },
            Style = new() { Quirk = quirk },
        };
}
