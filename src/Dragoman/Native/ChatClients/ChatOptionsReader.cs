using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Microsoft.Extensions.AI;

namespace Dragoman.Native.ChatClients;

/// <summary>Reads the options of Microsoft.Extensions.AI over those that a client was made with.</summary>
internal static class ChatOptionsReader
{
    /// <param name="options">What this call says.</param>
    /// <param name="usual">What the client says of all calls.</param>
    /// <param name="client">Whose <see cref="ChatOptions.RawRepresentationFactory"/> is asked.</param>
    public static CompletionOptions Read(
        ChatOptions? options,
        CompletionOptions usual,
        IChatClient client
    )
    {
        if (options is null)
            return usual;
        if (options.ConversationId is not null)
            throw Unsupported(
                "conversation_id",
                "Conversations are not kept here: send the whole of it, and no ConversationId."
            );
        // What a call says in our own words stands, as that library has it for all its clients.
        var own = options.RawRepresentationFactory?.Invoke(client) as CompletionOptions ?? usual;
        return own with
        {
            Model = options.ModelId ?? own.Model,
            // A model that is named here is the whole name.
            Provider = options.ModelId is null ? own.Provider : null,
            SystemPrompt = Joined(own.SystemPrompt, options.Instructions),
            Temperature = own.Temperature ?? Exact(options.Temperature),
            TopP = own.TopP ?? Exact(options.TopP),
            TopK = own.TopK ?? options.TopK,
            MaxTokens = own.MaxTokens ?? options.MaxOutputTokens,
            PresencePenalty = own.PresencePenalty ?? Exact(options.PresencePenalty),
            FrequencyPenalty = own.FrequencyPenalty ?? Exact(options.FrequencyPenalty),
            Seed = own.Seed ?? options.Seed,
            Stop = own.Stop.Count > 0 ? own.Stop : [.. options.StopSequences ?? []],
            ReasoningEffort = own.ReasoningEffort ?? Effort(options.Reasoning),
            Tools = [.. own.Tools, .. (options.Tools ?? []).Select(Tool)],
            ToolChoice = own.ToolChoice ?? Choice(options.ToolMode),
            ParallelToolCalls = own.ParallelToolCalls ?? options.AllowMultipleToolCalls,
            ResponseFormat = own.ResponseFormat ?? Format(options.ResponseFormat),
        };
    }

    private static string? Joined(string? one, string? other) =>
        one is { Length: > 0 } && other is { Length: > 0 } ? one + "\n\n" + other
        : one is { Length: > 0 } ? one
        : other;

    /// <summary>0.7 rather than what a float holds of it, 0.699999988.</summary>
    private static double? Exact(float? value) =>
        value is { } known ? (double)(decimal)known : null;

    private static string? Effort(ReasoningOptions? reasoning) =>
        reasoning?.Effort switch
        {
            null => null,
            ReasoningEffort.None => "none",
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            _ => "xhigh",
        };

    private static ToolDefinition Tool(AITool tool) =>
        tool is AIFunctionDeclaration function
            ? new FunctionTool(JsonText.Of(function.Name))
            {
                Description = function.Description is { Length: > 0 } description
                    ? JsonText.Of(description)
                    : null,
                Parameters = Json(function.JsonSchema),
                IsStrict = Strict(function.AdditionalProperties),
            }
            : throw Unsupported(
                "tools",
                $"A tool of the kind {tool.GetType().Name} cannot be carried: only functions can."
            );

    /// <summary>The word that library's own clients of OpenAI look for.</summary>
    private static bool? Strict(IReadOnlyDictionary<string, object?> properties) =>
        properties.TryGetValue("strict", out var strict) ? strict as bool? : null;

    private static ToolChoice? Choice(ChatToolMode? mode) =>
        mode switch
        {
            NoneChatToolMode => new ToolChoice(ToolChoiceMode.None),
            AutoChatToolMode => new ToolChoice(ToolChoiceMode.Auto),
            RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice(
                ToolChoiceMode.Function
            )
            {
                Name = JsonText.Of(name),
            },
            RequiredChatToolMode => new ToolChoice(ToolChoiceMode.Required),
            _ => null,
        };

    private static ResponseFormat? Format(ChatResponseFormat? format) =>
        format switch
        {
            ChatResponseFormatJson { Schema: { } schema } json => new ResponseFormat(
                ResponseFormatKind.JsonSchema
            )
            {
                Name = json.SchemaName is { } name ? JsonText.Of(name) : null,
                Description = json.SchemaDescription is { } text ? JsonText.Of(text) : null,
                Schema = Json(schema),
            },
            ChatResponseFormatJson => new ResponseFormat(ResponseFormatKind.JsonObject),
            ChatResponseFormatText => new ResponseFormat(ResponseFormatKind.Text),
            _ => null,
        };

    private static RawJson Json(JsonElement element) =>
        new(Encoding.UTF8.GetBytes(element.GetRawText()));

    private static GatewayException Unsupported(string field, string message) =>
        new(
            new GatewayError(GatewayErrorKind.NotSupported, message)
            {
                Code = "not_supported",
                Param = field,
            }
        );
}
