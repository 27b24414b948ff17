using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Writes tools and tool calls. Which of them must be called cannot be said; that none may be is said by sending none.</summary>
internal static class OllamaToolWriter
{
    public static void WriteTools(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        var isBegun = false;
        for (var i = 0; i < request.Tools.Count; i++)
        {
            if (request.Tools[i] is RawTool { Dialect: not OllamaDialect.DialectName } foreign)
            {
                losses.Refuse($"it has no tool of the kind {foreign.Type}");
                continue;
            }
            if (!IsAllowed(request.Tools[i], request.ToolChoice))
                continue;
            if (!isBegun)
                json.WriteStartArray("tools"u8);
            isBegun = true;
            WriteTool(json, request.Tools[i], $"tools[{i}]", losses);
        }
        if (isBegun)
            json.WriteEndArray();
        NameChoice(request, losses);
        if (request.ParallelToolCalls is false && request.Tools.Count > 0)
            losses.Add("parallel_tool_calls");
    }

    public static void WriteCall(
        Utf8JsonWriter json,
        ToolCallPart call,
        string where,
        Losses? losses
    )
    {
        json.WriteStartObject();
        DialectJson.Write(json, "id"u8, call.Id);
        json.WriteStartObject("function"u8);
        DialectJson.Write(json, "name"u8, call.Name);
        json.WritePropertyName("arguments"u8);
        if (!OllamaArguments.Write(json, call.Arguments))
            losses?.Translated($"{where}.arguments", "in an object");
        DialectJson.WriteRaw(json, call.Raw, OllamaDialect.DialectName, "function");
        json.WriteEndObject();
        DialectJson.WriteRaw(json, call.Raw, OllamaDialect.DialectName);
        json.WriteEndObject();
        if (losses is not null)
            DialectJson.NameLosses(call.Raw, OllamaDialect.DialectName, where, losses);
    }

    private static bool IsAllowed(ToolDefinition tool, ToolChoice? choice) =>
        choice?.Mode switch
        {
            ToolChoiceMode.None => false,
            ToolChoiceMode.Function when tool is FunctionTool function => choice.Name
                == function.Name,
            _ when choice is { Allowed.Count: > 0 } && tool is FunctionTool function =>
                choice.Allowed.Contains(function.Name),
            _ => true,
        };

    private static void NameChoice(ChatRequest request, Losses losses)
    {
        switch (request.ToolChoice?.Mode)
        {
            case null or ToolChoiceMode.Auto:
                break;
            case ToolChoiceMode.None:
                if (request.Tools.Count > 0)
                    losses.Translated("tool_choice", "no tools");
                break;
            default:
                losses.Add("tool_choice");
                break;
        }
    }

    private static void WriteTool(
        Utf8JsonWriter json,
        ToolDefinition tool,
        string where,
        Losses losses
    )
    {
        if (tool is RawTool raw)
        {
            DialectJson.Write(json, raw.Json);
            return;
        }
        var function = (FunctionTool)tool;
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        DialectJson.Write(json, "name"u8, function.Name);
        DialectJson.Write(json, "description"u8, function.Description);
        DialectJson.Write(json, "parameters"u8, function.Parameters);
        DialectJson.Write(json, "strict"u8, function.IsStrict);
        DialectJson.WriteRaw(json, function.Raw, OllamaDialect.DialectName, "function");
        json.WriteEndObject();
        DialectJson.WriteRaw(json, function.Raw, OllamaDialect.DialectName);
        DialectJson.NameLosses(function.Raw, OllamaDialect.DialectName, where, losses);
        json.WriteEndObject();
    }
}
