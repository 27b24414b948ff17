using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes tools and the choice among them.</summary>
internal static class ResponsesToolWriter
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    public static void Write(Utf8JsonWriter json, ChatRequest request, bool isOwn, Losses losses)
    {
        var isBegun = false;
        for (var i = 0; i < request.Tools.Count; i++)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"tools[{i}]");
            if (request.Tools[i] is RawTool raw && raw.Dialect != Dialect)
            {
                losses.Refuse(
                    $"the tool {raw.Type} ({where}) is of another dialect, and its provider runs it"
                );
                continue;
            }
            if (!isBegun)
                json.WriteStartArray("tools"u8);
            isBegun = true;
            WriteTool(json, request.Tools[i], where, isOwn, losses);
        }
        if (isBegun)
            json.WriteEndArray();
        if (request.ToolChoice is { } choice)
            WriteChoice(json, choice, losses);
        DialectJson.Write(json, "parallel_tool_calls"u8, request.ParallelToolCalls);
    }

    private static void WriteTool(
        Utf8JsonWriter json,
        ToolDefinition tool,
        string where,
        bool isOwn,
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
        DialectJson.Write(json, "name"u8, function.Name);
        DialectJson.Write(json, "description"u8, function.Description);
        DialectJson.Write(json, "parameters"u8, function.Parameters);
        DialectJson.Write(json, "strict"u8, function.IsStrict);
        ResponsesJson.WriteRaw(json, function.Raw);
        ResponsesJson.NameLosses(function.Raw, where, losses);
        if (!isOwn)
        {
            // Both must be there, and unlike in chat completions strict is the default (API reference, seen 2026-11).
            if (function.Parameters.IsEmpty)
                json.WriteNull("parameters"u8);
            if (function.IsStrict is null)
                json.WriteBoolean("strict"u8, false);
        }
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice, Losses losses)
    {
        switch (choice.Mode)
        {
            case ToolChoiceMode.Auto or ToolChoiceMode.Required when choice.Allowed.Count > 0:
                WriteAllowed(json, choice);
                break;
            case ToolChoiceMode.Auto or ToolChoiceMode.Required or ToolChoiceMode.None:
                json.WriteString("tool_choice"u8, Word(choice.Mode));
                break;
            case ToolChoiceMode.Function:
                json.WritePropertyName("tool_choice"u8);
                WriteNamed(json, choice.Name);
                break;
            case ToolChoiceMode.Raw when choice.Dialect == Dialect:
                DialectJson.Write(json, "tool_choice"u8, choice.Json);
                break;
            default:
                losses.Add("tool_choice");
                break;
        }
    }

    private static void WriteAllowed(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, "allowed_tools"u8);
        json.WriteString("mode"u8, Word(choice.Mode));
        json.WriteStartArray("tools"u8);
        foreach (var name in choice.Allowed)
            WriteNamed(json, name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter json, JsonText? name)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        DialectJson.Write(json, "name"u8, name);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Word(ToolChoiceMode mode) =>
        mode switch
        {
            ToolChoiceMode.None => "none"u8,
            ToolChoiceMode.Required => "required"u8,
            _ => "auto"u8,
        };
}
