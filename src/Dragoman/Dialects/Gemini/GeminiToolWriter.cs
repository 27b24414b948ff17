using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolWriter
{
    public static void Write(
        Utf8JsonWriter json,
        ChatRequest request,
        in GeminiModel model,
        Losses losses
    )
    {
        WriteTools(json, request.Tools, model, losses);
        WriteConfig(json, request, losses);
        // Gemini calls as many at once as it likes, and cannot be told otherwise.
        if (request.ParallelToolCalls is false)
            losses.Add("parallel_tool_calls");
    }

    private static void WriteTools(
        Utf8JsonWriter json,
        IReadOnlyList<ToolDefinition> tools,
        in GeminiModel model,
        Losses losses
    )
    {
        var (isBegun, areDeclarations) = (false, false);
        for (var i = 0; i < tools.Count; i++)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"tools[{i}]");
            if (tools[i] is RawTool { Dialect: not GeminiDialect.DialectName } foreign)
            {
                losses.Refuse($"it has no tool {foreign.Type}");
                losses.Add($"{where} ({foreign.Type})");
                continue;
            }
            if (!isBegun)
                json.WriteStartArray("tools"u8);
            isBegun = true;
            if (areDeclarations && tools[i] is RawTool)
                EndDeclarations(json);
            if (!areDeclarations && tools[i] is FunctionTool)
            {
                json.WriteStartObject();
                json.WriteStartArray("functionDeclarations"u8);
            }
            areDeclarations = tools[i] is FunctionTool;
            if (tools[i] is RawTool raw)
                DialectJson.Write(json, raw.Json);
            else
                WriteDeclaration(json, (FunctionTool)tools[i], where, model, losses);
        }
        if (areDeclarations)
            EndDeclarations(json);
        if (isBegun)
            json.WriteEndArray();
    }

    private static void EndDeclarations(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDeclaration(
        Utf8JsonWriter json,
        FunctionTool function,
        string where,
        in GeminiModel model,
        Losses losses
    )
    {
        json.WriteStartObject();
        DialectJson.Write(json, "name"u8, function.Name);
        DialectJson.Write(json, "description"u8, function.Description);
        WriteParameters(json, function, $"{where}.parameters", model, losses);
        GeminiJson.WriteRaw(json, function.Raw);
        GeminiJson.NameLosses(function.Raw, where, losses);
        if (function.IsStrict is true)
            losses.Add($"{where}.strict");
        json.WriteEndObject();
    }

    private static void WriteParameters(
        Utf8JsonWriter json,
        FunctionTool function,
        string where,
        in GeminiModel model,
        Losses losses
    )
    {
        if (function.Parameters.IsEmpty)
            return;
        if (GeminiJson.IsMarked(function.Raw, "plainSchema"u8))
            DialectJson.Write(json, "parameters"u8, function.Parameters);
        else if (GeminiJson.IsMarked(function.Raw, "schema"u8) || !model.TakesJsonSchema)
        {
            // A function without parameters has none here, rather than an object without members.
            json.WritePropertyName("parameters"u8);
            GeminiSchemaWriter.Write(json, function.Parameters, where, losses);
        }
        else
        {
            GeminiSchemaKeywords.NameIgnored(function.Parameters, where, losses);
            DialectJson.Write(json, "parametersJsonSchema"u8, function.Parameters);
        }
    }

    private static void WriteConfig(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        const string Member = "toolConfig";
        var choice = request.ToolChoice;
        if (choice is { Mode: ToolChoiceMode.Raw, Dialect: not GeminiDialect.DialectName })
        {
            losses.Add("tool_choice");
            choice = null;
        }
        if (
            choice is null
            && !GeminiJson.Has(request.Raw, Member)
            && !GeminiJson.IsMarked(request.Raw, "toolConfig"u8)
        )
            return;
        json.WriteStartObject("toolConfig"u8);
        if (choice is not null)
            WriteChoice(json, choice);
        GeminiJson.WriteRaw(json, request.Raw, Member);
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice.Mode is ToolChoiceMode.Raw)
        {
            DialectJson.Write(json, "functionCallingConfig"u8, choice.Json);
            return;
        }
        json.WriteStartObject("functionCallingConfig"u8);
        // Which may be called can only be said with ANY, and with VALIDATED, which leaves the choice to the model.
        json.WriteString(
            "mode"u8,
            choice.Mode switch
            {
                ToolChoiceMode.Auto => choice.Allowed.Count > 0 ? "VALIDATED"u8 : "AUTO"u8,
                ToolChoiceMode.None => "NONE"u8,
                _ => "ANY"u8,
            }
        );
        IReadOnlyList<JsonText> allowed = choice.Name is { } name ? [name] : choice.Allowed;
        if (allowed.Count > 0)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            foreach (var function in allowed)
                function.WriteTo(json);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
