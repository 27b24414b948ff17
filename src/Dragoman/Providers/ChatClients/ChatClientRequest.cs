using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Microsoft.Extensions.AI;

namespace Dragoman.Providers.ChatClients;

/// <summary>A request as Microsoft.Extensions.AI says it.</summary>
internal static class ChatClientRequest
{
    public static List<ChatMessage> Messages(ChatRequest request) =>
        request.Messages.Select(Message).ToList();

    public static ChatOptions Options(ChatRequest request)
    {
        var options = new ChatOptions
        {
            ModelId = request.Model.ToString(),
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            TopK = (int?)request.TopK,
            FrequencyPenalty = (float?)request.FrequencyPenalty,
            PresencePenalty = (float?)request.PresencePenalty,
            Seed = request.Seed,
            MaxOutputTokens = request.OutputLimit is { } limit
                ? (int)Math.Min(limit, int.MaxValue)
                : null,
            StopSequences =
                request.Stop.Count > 0 ? [.. request.Stop.Select(stop => stop.ToString())] : null,
            AllowMultipleToolCalls = request.ParallelToolCalls,
            ToolMode = Mode(request.ToolChoice),
            ResponseFormat = Format(request.ResponseFormat),
            Reasoning = Reasoning(request),
        };
        if (request.Tools.Count > 0)
            options.Tools =
            [
                .. request.Tools.OfType<FunctionTool>().Select(static tool => new Declared(tool)),
            ];
        return options;
    }

    private static ChatMessage Message(Message message)
    {
        var contents = message.Parts.Select(Content).OfType<AIContent>().ToList();
        return new ChatMessage(Role(message.Role), contents)
        {
            AuthorName = message.Name?.ToString(),
        };
    }

    private static ChatRole Role(MessageRole role) =>
        role switch
        {
            MessageRole.System or MessageRole.Developer => ChatRole.System,
            MessageRole.Assistant => ChatRole.Assistant,
            MessageRole.Tool or MessageRole.Function => ChatRole.Tool,
            _ => ChatRole.User,
        };

    private static AIContent? Content(Part part) =>
        part switch
        {
            TextPart text => new TextContent(text.Text.ToString()),
            RefusalPart refusal => new TextContent(refusal.Text.ToString()),
            ReasoningPart reasoning => new TextReasoningContent(reasoning.Text.ToString())
            {
                ProtectedData = ChatClientReply.ProtectedData(reasoning),
            },
            ImagePart image => Media(image.Source, "image/*"),
            AudioPart audio => Media(audio.Source, $"audio/{audio.Format?.ToString() ?? "wav"}"),
            FilePart file => Media(file.Source, "application/octet-stream"),
            ToolCallPart call => new FunctionCallContent(
                call.Id?.ToString() ?? call.Name.ToString(),
                call.Name.ToString(),
                Arguments(call.Arguments)
            ),
            ToolResultPart result => new FunctionResultContent(
                result.ToolCallId?.ToString() ?? "",
                string.Concat(result.Content.OfType<TextPart>().Select(static text => text.Text))
            ),
            _ => null,
        };

    private static AIContent? Media(MediaSource source, string usualType)
    {
        if (source.TryGetInline(out var type, out var data))
            return new DataContent(
                Convert.FromBase64String(data.ToString()),
                type.IsEmpty ? usualType : type.ToString()
            );
        return source.Url is { } url ? new UriContent(url.ToString(), usualType) : null;
    }

    private static Dictionary<string, object?>? Arguments(ToolArguments arguments)
    {
        try
        {
            return ParsedArguments(arguments);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Arguments by their names.</summary>
    /// <exception cref="JsonException">They are no JSON object.</exception>
    public static Dictionary<string, object?> ParsedArguments(ToolArguments arguments)
    {
        if (!arguments.TryAsJson(out var json))
            throw new JsonException("The arguments are no JSON.");
        using var document = JsonDocument.Parse(json.Utf8);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException("The arguments are no JSON object.");
        var parsed = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
            parsed[member.Name] = member.Value.Clone();
        return parsed;
    }

    private static ChatToolMode? Mode(ToolChoice? choice) =>
        choice switch
        {
            null => null,
            { Mode: ToolChoiceMode.None } => ChatToolMode.None,
            { Mode: ToolChoiceMode.Required } => ChatToolMode.RequireAny,
            { Mode: ToolChoiceMode.Function, Name: { } name } => ChatToolMode.RequireSpecific(
                name.ToString()
            ),
            _ => ChatToolMode.Auto,
        };

    /// <summary>The nearest word that library has; null where nothing was said.</summary>
    private static ReasoningOptions? Reasoning(ChatRequest request)
    {
        var effort =
            request.ReasoningEffort?.ToString()
            ?? (
                request.Reasoning is false ? "none"
                : request.ReasoningBudget is { } budget ? ReasoningScale.EffortOf(budget)
                : request.Reasoning is true ? ReasoningScale.Usual
                : null
            );
        return effort is null
            ? null
            : new ReasoningOptions
            {
                Effort = effort switch
                {
                    "none" => ReasoningEffort.None,
                    "minimal" or "low" => ReasoningEffort.Low,
                    "medium" => ReasoningEffort.Medium,
                    "xhigh" or "max" => ReasoningEffort.ExtraHigh,
                    _ => ReasoningEffort.High,
                },
            };
    }

    private static ChatResponseFormat? Format(ResponseFormat? format) =>
        format switch
        {
            { Kind: ResponseFormatKind.JsonSchema } => ChatResponseFormat.ForJsonSchema(
                Schema(format.Schema),
                format.Name?.ToString(),
                format.Description?.ToString()
            ),
            { Kind: ResponseFormatKind.JsonObject } => ChatResponseFormat.Json,
            { Kind: ResponseFormatKind.Text } => ChatResponseFormat.Text,
            _ => null,
        };

    private static JsonElement Schema(RawJson schema)
    {
        using var document = JsonDocument.Parse(schema.IsEmpty ? "{}"u8.ToArray() : schema.Utf8);
        return document.RootElement.Clone();
    }

    /// <summary>A function that is declared here and run by the caller.</summary>
    private sealed class Declared(FunctionTool tool) : AIFunctionDeclaration
    {
        public override string Name { get; } = tool.Name.ToString();
        public override string Description { get; } = tool.Description?.ToString() ?? "";
        public override JsonElement JsonSchema { get; } = Schema(tool.Parameters);
    }
}
