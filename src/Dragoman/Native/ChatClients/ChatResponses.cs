using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Providers.ChatClients;
using Microsoft.Extensions.AI;

namespace Dragoman.Native.ChatClients;

/// <summary>Answers as Microsoft.Extensions.AI tells them.</summary>
internal static class ChatResponses
{
    public static ChatResponse Of(CompletionReply reply)
    {
        var answer = reply.Canonical!;
        var parts = answer.Choices is [var first, ..] ? first.Message.Parts : [];
        var contents = new List<AIContent>(parts.Count);
        foreach (var part in parts)
            if (ContentOf(part, reply.Id, contents.Count) is { } content)
                contents.Add(content);
        Cite(contents, answer.Citations);
        return new ChatResponse(
            new ChatMessage(ChatRole.Assistant, contents) { MessageId = reply.Id }
        )
        {
            ResponseId = reply.Id,
            ModelId = reply.Provider + "/" + reply.Model,
            CreatedAt = answer.Created is { } created
                ? DateTimeOffset.FromUnixTimeSeconds(created)
                : null,
            FinishReason = FinishOf(reply.FinishReason),
            Usage = UsageOf(reply.Usage),
            RawRepresentation = reply,
        };
    }

    /// <summary>What follows the pieces of a stream: its sources and its usage.</summary>
    public static IList<AIContent> LastOf(CompletionReply reply)
    {
        var contents = new List<AIContent>();
        Cite(contents, reply.Canonical!.Citations);
        if (UsageOf(reply.Usage) is { } usage)
            contents.Add(new UsageContent(usage));
        return contents;
    }

    /// <summary>Null where that library has no place for it.</summary>
    /// <param name="part">A piece of the answer.</param>
    /// <param name="request">The request's id, of which calls without one get theirs.</param>
    /// <param name="index">Which piece it is.</param>
    public static AIContent? ContentOf(Part part, string request, int index) =>
        part switch
        {
            TextPart { Text.IsEmpty: false } text => new TextContent(text.Text.ToString()),
            ReasoningPart reasoning => new TextReasoningContent(reasoning.Text.ToString())
            {
                ProtectedData = ChatClientSignatures.Show(
                    reasoning.Signature,
                    reasoning.SignatureOf,
                    reasoning.IsRedacted
                ),
            },
            RefusalPart refusal => RefusalOf(refusal.Text.ToString()),
            ToolCallPart call => CallOf(call, request, index),
            ImagePart image => Media(image.Source, "image/png"),
            AudioPart audio => Media(audio.Source, "audio/wav"),
            FilePart file => Media(file.Source, "application/octet-stream"),
            _ => null,
        };

    public static ErrorContent RefusalOf(string text) =>
        new(text) { ErrorCode = ChatClientReply.RefusalCode };

    /// <summary>Arguments that are no JSON object are told as that library tells them: by an exception on the call.</summary>
    private static FunctionCallContent CallOf(ToolCallPart call, string request, int index)
    {
        var content = FunctionCallContent.CreateFromParsedArguments(
            call.Arguments,
            call.Id?.ToString()
                ?? string.Create(CultureInfo.InvariantCulture, $"call_{request}_{index}"),
            call.Name.ToString(),
            ChatClientRequest.ParsedArguments
        );
        content.RawRepresentation = call;
        return content;
    }

    private static DataContent? Media(MediaSource source, string usualType) =>
        source.TryGetInline(out var type, out var data)
            ? new DataContent(
                Convert.FromBase64String(data.ToString()),
                type.IsEmpty ? usualType : type.ToString()
            )
            : null;

    /// <summary>Sources belong to the last text; where there is none, to an empty one.</summary>
    private static void Cite(List<AIContent> contents, IReadOnlyList<Citation> citations)
    {
        if (citations.Count == 0)
            return;
        var text = contents.FindLast(static content => content is TextContent);
        if (text is null)
            contents.Add(text = new TextContent(""));
        text.Annotations = [.. citations.Select(AnnotationOf)];
    }

    private static AIAnnotation AnnotationOf(Citation citation) =>
        new CitationAnnotation
        {
            Title = citation.Title?.ToString(),
            Url = Uri.TryCreate(citation.Url.ToString(), UriKind.Absolute, out var url)
                ? url
                : null,
            Snippet = citation.Quote?.ToString(),
            RawRepresentation = citation,
        };

    public static ChatFinishReason? FinishOf(StopReason? stop) =>
        stop switch
        {
            null or StopReason.Unknown => null,
            StopReason.Stop or StopReason.StopSequence => ChatFinishReason.Stop,
            StopReason.Length => ChatFinishReason.Length,
            StopReason.ToolCalls => ChatFinishReason.ToolCalls,
            StopReason.ContentFilter or StopReason.Refusal => ChatFinishReason.ContentFilter,
            StopReason.Pause => new ChatFinishReason("pause"),
            _ => new ChatFinishReason("error"),
        };

    /// <summary>Counts of that library overlap: those of caches and of reasoning are parts of input and output.</summary>
    public static UsageDetails? UsageOf(TokenUsage? usage)
    {
        if (usage is null)
            return null;
        var details = new UsageDetails
        {
            InputTokenCount = usage.TotalInput,
            OutputTokenCount = usage.TotalOutput,
            TotalTokenCount = usage.ReportedTotal ?? usage.TotalInput + usage.TotalOutput,
            CachedInputTokenCount = usage.CacheRead,
            ReasoningTokenCount = usage.Reasoning,
        };
        if ((usage.CacheWrite ?? usage.CacheWrite1h) is not null)
            details.AdditionalCounts = new AdditionalPropertiesDictionary<long>
            {
                ["cache_write"] = (usage.CacheWrite ?? 0) + (usage.CacheWrite1h ?? 0),
            };
        return details;
    }
}
