using Dragoman.Access;
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
    /// <summary>Its record is to tell what the prompt was, also where nothing depends on that.</summary>
    public bool IsClassified { get; init; }

    /// <summary>Who asks; null is this process itself.</summary>
    public Caller? Caller { get; init; }

    /// <summary>The model's name is not the caller's, but was chosen for it here.</summary>
    public bool IsNamedByHouse { get; init; }

    /// <summary>The wishes with what the caller's key fixes.</summary>
    /// <exception cref="GatewayException">The caller wishes otherwise.</exception>
    public Wishes BoundWishes() =>
        !IsNamedByHouse && FixedWishes.WhyNot(Caller, Wishes) is { } wrong
            ? throw new GatewayException(wrong)
            : FixedWishes.Bind(Caller, Wishes);

    /// <summary>Hangs on the exchange who asks, and how.</summary>
    public void Mark(Exchange exchange)
    {
        if (Caller is { } caller)
            exchange.Set(caller);
        if (IsNamedByHouse)
            exchange.Set(HouseNamed.Instance);
    }

    public static GatewayRequest Of(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        bool isStream
    ) => Of(ChatOf(messages, options), WishesOf(options), isStream);

    /// <summary>The conversation and its parameters, under the name that is asked for.</summary>
    public static ChatRequest ChatOf(IReadOnlyList<Message> messages, CompletionOptions options)
    {
        if (messages.Count == 0)
            throw Wrong("messages", "There must be at least one message.");
        if (options.WhyNoName is { } nameless)
            throw Wrong("provider", nameless);
        return new ChatRequest
        {
            Model = JsonText.Of(options.Name),
            Messages = WithWhatPrecedes(messages, options),
            Tools = options.Tools,
            ToolChoice = options.ToolChoice,
            ParallelToolCalls = options.ParallelToolCalls,
            ResponseFormat = options.ResponseFormat,
            MaxTokens = options.MaxTokens,
            Temperature = options.Temperature,
            TopP = options.TopP,
            TopK = options.TopK,
            FrequencyPenalty = options.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty,
            Seed = options.Seed,
            Stop = [.. options.Stop.Select(JsonText.Of)],
            ReasoningEffort = options.ReasoningEffort is { } effort ? JsonText.Of(effort) : null,
            User = options.User is { } user ? JsonText.Of(user) : null,
        };
    }

    /// <summary>What is said to several models: nothing that names one, or others in its place.</summary>
    public static CompletionOptions OfSeveral(CompletionOptions options) =>
        options with
        {
            Model = null,
            Provider = null,
            ForceModel = null,
            AutoSelect = null,
            EnableFallback = null,
            Fallback = null,
            Chain = null,
        };

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
        var wishes = new Wishes
        {
            Fallback = fallback ? options.Fallback : [],
            ComputesFallback = fallback,
            Chain = options.Chain,
            IsForced = options.IsForced,
            Context = options.Context,
            LocalOnly = options.LocalOnly,
            Regions = options.Regions,
            PreferLocal = options.PreferLocal,
            PreferLowLatency = options.PreferLowLatency,
            MaxCostUsd = Least(options.BudgetRemaining, options.MaxCostUsd),
            MaxLatencyMs = options.MaxLatencyMs,
            Tags = options.Tags,
            Strict = options.Strict,
            WorkspaceId = options.WorkspaceId,
            ExecutionId = options.ExecutionId,
            UserTier = options.UserTier,
        };
        Add("strategy", options.Strategy, ref wishes);
        Add("task_type", options.TaskType, ref wishes);
        if (options.RequiredCapabilities.Count > 0)
            Add(
                "required_capabilities",
                string.Join(',', options.RequiredCapabilities),
                ref wishes
            );
        return wishes;
    }

    /// <summary>Words are checked, and called by their first names, as they are of a client over HTTP.</summary>
    private static void Add(string name, string? value, ref Wishes wishes)
    {
        if (value is not null && WishesReader.Add(name, value, ref wishes) is { } wrong)
            throw new GatewayException(wrong);
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

    public static GatewayException Wrong(string field, string message) =>
        new(new GatewayError(GatewayErrorKind.InvalidRequest, message) { Param = field });
}
