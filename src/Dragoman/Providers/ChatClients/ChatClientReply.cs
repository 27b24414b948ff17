using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Microsoft.Extensions.AI;

namespace Dragoman.Providers.ChatClients;

/// <summary>An answer of a chat client in the canonical shape.</summary>
internal static class ChatClientReply
{
    /// <summary>Whose signatures what a client protects is kept as: clients alone understand it.</summary>
    public const string SignatureOf = "chat-client";

    /// <summary>As that library writes arguments, but not indented: models pay for white space.</summary>
    private static readonly JsonSerializerOptions OneLine = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
    };

    public static ReplyFallback Fallback(JsonText model) =>
        new(
            JsonText.Of("chatcmpl-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)),
            model,
            DateTimeOffset.UtcNow.ToUnixTimeSeconds()
        );

    public static ChatReply Of(ChatResponse answer)
    {
        var parts = answer
            .Messages.Where(static message => message.Role == ChatRole.Assistant)
            .SelectMany(static message => message.Contents)
            .Select(Part)
            .OfType<Part>()
            .ToList();
        return new ChatReply
        {
            Id = Text(answer.ResponseId),
            Model = Text(answer.ModelId),
            Created = answer.CreatedAt?.ToUnixTimeSeconds(),
            Choices =
            [
                new ChatChoice(0, new Message(MessageRole.Assistant, parts) { IsBareText = true })
                {
                    Stop = Stop(answer.FinishReason, parts.Exists(static p => p is ToolCallPart)),
                },
            ],
            Usage = Usage(answer.Usage),
        };
    }

    /// <summary>The error that an answer consists of; null where it is a sound one.</summary>
    public static string? ErrorIn(ChatResponse answer) =>
        answer
            .Messages.SelectMany(static message => message.Contents)
            .OfType<ErrorContent>()
            .FirstOrDefault(static error => !IsRefusal(error))
            ?.Message;

    public static StopReason Stop(ChatFinishReason? reason, bool hasCalls) =>
        reason?.Value switch
        {
            "length" => StopReason.Length,
            "content_filter" => StopReason.ContentFilter,
            "tool_calls" => StopReason.ToolCalls,
            _ => hasCalls ? StopReason.ToolCalls : StopReason.Stop,
        };

    public static TokenUsage? Usage(UsageDetails? usage)
    {
        if (usage is null)
            return null;
        return new TokenUsage
        {
            // Its cached and reasoning counts are parts of the other two.
            Input = usage.InputTokenCount - (usage.CachedInputTokenCount ?? 0),
            CacheRead = usage.CachedInputTokenCount,
            Output = usage.OutputTokenCount - (usage.ReasoningTokenCount ?? 0),
            Reasoning = usage.ReasoningTokenCount,
            ReportedTotal = usage.TotalTokenCount,
        };
    }

    public static JsonText Arguments(FunctionCallContent call) =>
        JsonText.Of(
            JsonSerializer.Serialize(
                call.Arguments ?? new Dictionary<string, object?>(StringComparer.Ordinal),
                OneLine.GetTypeInfo(typeof(IDictionary<string, object?>))
            )
        );

    /// <summary>What a function of this process gave, as that library writes it.</summary>
    public static JsonText OneLineJson(object value) =>
        JsonText.Of(JsonSerializer.Serialize(value, OneLine.GetTypeInfo(value.GetType())));

    public static JsonText? Text(string? text) =>
        string.IsNullOrEmpty(text) ? null : JsonText.Of(text);

    /// <summary>What a client once protected; null for a signature of somebody else's.</summary>
    public static string? ProtectedData(ReasoningPart reasoning) =>
        reasoning.SignatureOf == SignatureOf ? reasoning.Signature?.ToString() : null;

    /// <summary>What a model said when it declined, as that library's own clients tell it.</summary>
    public static bool IsRefusal(ErrorContent error) => error.ErrorCode == RefusalCode;

    public const string RefusalCode = "Refusal";

    private static Part? Part(AIContent content) =>
        content switch
        {
            TextReasoningContent reasoning => new ReasoningPart(JsonText.Of(reasoning.Text))
            {
                Signature = Text(reasoning.ProtectedData),
                SignatureOf = string.IsNullOrEmpty(reasoning.ProtectedData) ? null : SignatureOf,
            },
            ErrorContent refusal when IsRefusal(refusal) => new RefusalPart(
                JsonText.Of(refusal.Message)
            ),
            TextContent text => new TextPart(JsonText.Of(text.Text)),
            FunctionCallContent call => new ToolCallPart(
                JsonText.Of(call.Name),
                ToolArguments.FromText(Arguments(call))
            )
            {
                Id = Text(call.CallId),
            },
            _ => null,
        };
}
