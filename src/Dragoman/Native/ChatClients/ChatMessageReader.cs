using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Providers.ChatClients;
using Microsoft.Extensions.AI;

namespace Dragoman.Native.ChatClients;

/// <summary>
/// Reads messages of Microsoft.Extensions.AI. What the user gave to look at and cannot be carried is refused; what earlier answers
/// held beside their words is left out.
/// </summary>
internal static class ChatMessageReader
{
    public static List<Message> Read(IEnumerable<ChatMessage> messages) =>
        [.. messages.Select(static (message, index) => Read(message, index))];

    private static Message Read(ChatMessage message, int index)
    {
        var parts = new List<Part>(message.Contents.Count);
        foreach (var content in message.Contents)
        {
            if (PartOf(content) is { } part)
                parts.Add(part);
            else if (
                message.Role != ChatRole.Assistant
                && content is not (UsageContent or ErrorContent)
            )
                throw Wrong(index, $"holds {content.GetType().Name}, which cannot be carried.");
        }
        return new Message(RoleOf(message.Role, index), parts)
        {
            Name = message.AuthorName is { Length: > 0 } name ? JsonText.Of(name) : null,
            IsBareText = parts is [TextPart],
        };
    }

    private static MessageRole RoleOf(ChatRole role, int index) =>
        role.Value switch
        {
            "system" => MessageRole.System,
            "developer" => MessageRole.Developer,
            "user" => MessageRole.User,
            "assistant" => MessageRole.Assistant,
            "tool" => MessageRole.Tool,
            _ => throw Wrong(index, $"has the role '{role.Value}', which is not known."),
        };

    private static Part? PartOf(AIContent content) =>
        content switch
        {
            TextReasoningContent reasoning => ChatClientSignatures.Read(reasoning),
            TextContent text => new TextPart(JsonText.Of(text.Text)),
            DataContent data => Media(
                data.MediaType,
                new MediaSource
                {
                    Data = JsonText.Of(data.Base64Data.ToString()),
                    MediaType = JsonText.Of(data.MediaType),
                },
                data.Name
            ),
            UriContent uri => Media(
                uri.MediaType,
                new MediaSource { Url = JsonText.Of(uri.Uri.ToString()) },
                name: null
            ),
            HostedFileContent file => Media(
                file.MediaType ?? "",
                new MediaSource { FileId = JsonText.Of(file.FileId) },
                file.Name
            ),
            FunctionCallContent call => Call(call),
            FunctionResultContent result => new ToolResultPart(
                JsonText.Of(result.CallId),
                ContentOf(result.Result)
            )
            {
                IsError = result.Exception is null ? null : true,
                IsBareText = true,
            },
            ErrorContent refusal when ChatClientReply.IsRefusal(refusal) => new RefusalPart(
                JsonText.Of(refusal.Message)
            ),
            _ => null,
        };

    private static Part Media(string mediaType, MediaSource source, string? name)
    {
        if (mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
            return new ImagePart(source);
        if (mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
            return new AudioPart(source);
        return new FilePart(source)
        {
            FileName = name is { Length: > 0 } ? JsonText.Of(name) : null,
        };
    }

    /// <summary>Arguments that the model got wrong go back as they were.</summary>
    private static ToolCallPart Call(FunctionCallContent call) =>
        new(
            JsonText.Of(call.Name),
            call is { Arguments: null, RawRepresentation: ToolCallPart asCame }
                ? asCame.Arguments
                : ToolArguments.FromText(ChatClientReply.Arguments(call))
        )
        {
            Id = ChatClientReply.Text(call.CallId),
        };

    private static IReadOnlyList<Part> ContentOf(object? result) =>
        result switch
        {
            null => [new TextPart(default)],
            string text => [new TextPart(JsonText.Of(text))],
            JsonElement { ValueKind: JsonValueKind.String } text =>
            [
                new TextPart(JsonText.Of(text.GetString()!)),
            ],
            AIContent content => PartOf(content) is { } part ? [part] : [],
            IEnumerable<AIContent> contents => [.. contents.Select(PartOf).OfType<Part>()],
            _ => [new TextPart(ChatClientReply.OneLineJson(result))],
        };

    private static GatewayException Wrong(int index, string what)
    {
        var field = string.Create(CultureInfo.InvariantCulture, $"messages[{index}]");
        return new GatewayException(
            new GatewayError(GatewayErrorKind.InvalidRequest, $"{field} {what}") { Param = field }
        );
    }
}
