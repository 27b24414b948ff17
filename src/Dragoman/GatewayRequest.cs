using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.InProcess;
using Dragoman.Exchanges;
using Dragoman.Native;

namespace Dragoman;

/// <summary>A call of this process, as the pipeline takes it: what is asked, in which dialect, and with which wishes.</summary>
internal sealed record GatewayRequest(
    InProcessDialect Dialect,
    Operation Operation,
    RequestEnvelope Envelope,
    Wishes Wishes
)
{
    public static GatewayRequest Of(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        bool isStream
    )
    {
        if (messages.Count == 0)
            throw Wrong("messages", "There must be at least one message.");
        if (options.WhyNoName is { } nameless)
            throw Wrong("provider", nameless);
        var request = new ChatRequest
        {
            Model = JsonText.Of(options.Name),
            Messages = WithWhatPrecedes(messages, options),
            Tools = options.Tools,
            ToolChoice = options.ToolChoice,
            ResponseFormat = options.ResponseFormat,
            MaxTokens = options.MaxTokens,
            Temperature = options.Temperature,
            TopP = options.TopP,
            FrequencyPenalty = options.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty,
            Seed = options.Seed,
            Stop = [.. options.Stop.Select(JsonText.Of)],
            ReasoningEffort = options.ReasoningEffort is { } effort ? JsonText.Of(effort) : null,
        };
        return Of(request, WishesOf(options), isStream);
    }

    public static GatewayRequest Of(ChatRequest request, Wishes wishes, bool isStream) =>
        new(
            new InProcessDialect(request),
            Operation.Chat,
            PromptText.Envelope(request, isStream),
            wishes
        );

    /// <summary>What bears on the choice, as the pipeline reads it.</summary>
    public static Wishes WishesOf(CompletionOptions options)
    {
        var fallback = options.EnableFallback ?? !options.IsForced;
        return new Wishes
        {
            Fallback = fallback ? options.Fallback : [],
            ComputesFallback = fallback,
            Chain = options.Chain,
            LocalOnly = options.LocalOnly,
            PreferLocal = options.PreferLocal,
            PreferLowLatency = options.PreferLowLatency,
            MaxCostUsd = Least(options.BudgetRemaining, options.MaxCostUsd),
            MaxLatencyMs = options.MaxLatencyMs,
            Strategy = options.Strategy,
            RequiredCapabilities = [.. options.RequiredCapabilities.Select(FirstName)],
            Tags = options.Tags,
            Strict = options.Strict,
            WorkspaceId = options.WorkspaceId,
            ExecutionId = options.ExecutionId,
            UserTier = options.UserTier,
            TaskType = options.TaskType,
        };
    }

    private static IReadOnlyList<Message> WithWhatPrecedes(
        IReadOnlyList<Message> messages,
        CompletionOptions options
    ) =>
        options is { SystemPrompt: null or "", ConversationHistory.Count: 0 }
            ? messages
            :
            [
                .. options.SystemPrompt is { Length: > 0 } system
                    ? [Message.OfText(MessageRole.System, system)]
                    : Array.Empty<Message>(),
                .. options.ConversationHistory,
                .. messages,
            ];

    private static decimal? Least(decimal? one, decimal? other) =>
        one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    private static string FirstName(string capability) =>
        Capabilities.Find(capability)
        ?? throw Wrong(
            "required_capabilities",
            $"'{capability}' is not a known capability. Known are: {string.Join(", ", Capabilities.All)}."
        );

    public static GatewayException Wrong(string field, string message) =>
        new(new GatewayError(GatewayErrorKind.InvalidRequest, message) { Param = field });
}
