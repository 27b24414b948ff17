using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes tools, the choice among them, and the calls the model made.</summary>
internal static class OpenAIToolWriter
{
    public static void WriteTools(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        // OpenAI refuses an empty list, so it is begun only with the first tool that can be said.
        var isBegun = false;
        for (var i = 0; i < request.Tools.Count; i++)
        {
            if (request.Tools[i] is RawTool raw && raw.Dialect != OpenAIChatDialect.DialectName)
            {
                losses.Add($"{Where(i)} ({raw.Type})");
                continue;
            }
            if (!isBegun)
                json.WriteStartArray("tools"u8);
            isBegun = true;
            WriteTool(json, request.Tools[i], i, losses);
        }
        if (isBegun)
            json.WriteEndArray();
        if (request.ToolChoice is { } choice)
            WriteChoice(json, choice, losses);
        DialectJson.Write(json, "parallel_tool_calls"u8, request.ParallelToolCalls);
    }

    /// <summary>Writes a call. One without an id (Gemini, Ollama) is given one, since this dialect's clients need it.</summary>
    /// <param name="json">Stands where the call goes.</param>
    /// <param name="call">The call.</param>
    /// <param name="idPrefix">What makes an id given here unlike that of another answer.</param>
    /// <param name="index">Its place among the answer's calls.</param>
    public static void WriteCall(Utf8JsonWriter json, ToolCallPart call, string idPrefix, int index)
    {
        json.WriteStartObject();
        DialectJson.Write(json, "id"u8, call.Id ?? JsonText.Of(GivenId(idPrefix, index)));
        json.WriteString("type"u8, "function"u8);
        OpenAIJson.WriteRaw(json, call.Raw);
        json.WriteStartObject("function"u8);
        DialectJson.Write(json, "name"u8, call.Name);
        DialectJson.Write(json, "arguments"u8, call.Arguments.AsText());
        OpenAIJson.WriteRaw(json, call.Raw, "function");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The id of a call that came without one.</summary>
    public static string GivenId(string prefix, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"call_{prefix}_{index}");

    private static string Where(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"tools[{index}]");

    private static void WriteTool(
        Utf8JsonWriter json,
        ToolDefinition tool,
        int index,
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
        OpenAIJson.WriteRaw(json, function.Raw, "function");
        json.WriteEndObject();
        OpenAIJson.WriteRaw(json, function.Raw);
        OpenAIJson.NameLosses(function.Raw, Where(index), losses);
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice, Losses losses)
    {
        switch (choice.Mode)
        {
            case ToolChoiceMode.Auto:
                json.WriteString("tool_choice"u8, "auto"u8);
                break;
            case ToolChoiceMode.None:
                json.WriteString("tool_choice"u8, "none"u8);
                break;
            case ToolChoiceMode.Required:
                json.WriteString("tool_choice"u8, "required"u8);
                break;
            case ToolChoiceMode.Function:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                DialectJson.Write(json, "name"u8, choice.Name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ToolChoiceMode.Raw when choice.Dialect == OpenAIChatDialect.DialectName:
                DialectJson.Write(json, "tool_choice"u8, choice.Json);
                break;
            default:
                losses.Add("tool_choice");
                break;
        }
    }
}
