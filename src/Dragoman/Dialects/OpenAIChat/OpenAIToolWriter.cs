using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes tools, the choice among them, and the calls the model made.</summary>
internal static class OpenAIToolWriter
{
    public static void WriteTools(Utf8JsonWriter json, ChatRequest request, OpenAITarget target)
    {
        if (request.Tools.Count > 0 && target.Refuses("tools"))
        {
            target.Losses.Refuse("it takes no tools");
            return;
        }
        var allowed = request.ToolChoice?.Allowed ?? [];
        var isNarrowed = allowed.Count > 0 && target.Refuses("allowed_tools");
        // OpenAI refuses an empty list, so it is begun only with the first tool that can be said.
        var isBegun = false;
        for (var i = 0; i < request.Tools.Count; i++)
        {
            var tool = request.Tools[i];
            if (tool is RawTool raw && raw.Dialect != OpenAIChatDialect.DialectName)
            {
                target.Losses.Refuse($"it has no tool of the kind {raw.Type}");
                continue;
            }
            if (isNarrowed && tool is FunctionTool function && !allowed.Contains(function.Name))
                continue;
            if (!isBegun)
                json.WriteStartArray("tools"u8);
            isBegun = true;
            WriteTool(json, tool, i, target.Losses);
        }
        if (isBegun)
            json.WriteEndArray();
        if (isNarrowed)
            target.Losses.Translated("tool_choice", "only the allowed tools");
        if (request.ToolChoice is { } choice)
            WriteChoice(json, isNarrowed ? choice with { Allowed = [] } : choice, target.Losses);
        if (request.ParallelToolCalls is { } parallel && isBegun)
        {
            if (target.NameOf("parallel_tool_calls") is { } name)
                json.WriteBoolean(name, parallel);
            else
                target.Losses.Add("parallel_tool_calls");
        }
        else
            DialectJson.Write(json, "parallel_tool_calls"u8, request.ParallelToolCalls);
    }

    /// <summary>Writes a call.</summary>
    /// <param name="json">Stands where the call goes.</param>
    /// <param name="call">The call.</param>
    /// <param name="id">Its id.</param>
    /// <param name="vouching">The signature over it, to be shown on it; null for none.</param>
    public static void WriteCall(
        Utf8JsonWriter json,
        ToolCallPart call,
        JsonText id,
        ReasoningPart? vouching
    )
    {
        json.WriteStartObject();
        DialectJson.Write(json, "id"u8, id);
        json.WriteString("type"u8, "function"u8);
        if (vouching is not null && !OpenAIJson.Has(call.Raw, null, "extra_content"u8))
            OpenAIThoughtSignature.Write(json, vouching);
        OpenAIJson.WriteRaw(json, call.Raw);
        json.WriteStartObject("function"u8);
        DialectJson.Write(json, "name"u8, call.Name);
        DialectJson.Write(json, "arguments"u8, ArgumentsOf(call));
        OpenAIJson.WriteRaw(json, call.Raw, "function");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Clients parse arguments whatever they are: none at all is an empty object.</summary>
    private static JsonText ArgumentsOf(ToolCallPart call)
    {
        var text = call.Arguments.AsText();
        return text.IsEmpty && call.Raw.Count == 0 ? JsonText.Of("{}") : text;
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
        if (choice.Allowed.Count > 0)
        {
            WriteAllowed(json, choice);
            return;
        }
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

    /// <summary><c>{"type":"allowed_tools","allowed_tools":{"mode":…,"tools":[…]}}</c></summary>
    private static void WriteAllowed(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, "allowed_tools"u8);
        json.WriteStartObject("allowed_tools"u8);
        json.WriteString("mode"u8, choice.Mode is ToolChoiceMode.Auto ? "auto"u8 : "required"u8);
        json.WriteStartArray("tools"u8);
        foreach (var name in choice.Allowed)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            DialectJson.Write(json, "name"u8, name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
