using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Writes tools and the choice among them.</summary>
/// <param name="json">Where they go.</param>
/// <param name="request">What is asked.</param>
/// <param name="form">How the answer gets its shape, which may be by a tool.</param>
/// <param name="isThinking">The model thinks: then it cannot be made to call a tool.</param>
/// <param name="claude">The model; null where it is not Anthropic's.</param>
/// <param name="losses">Takes what cannot be said.</param>
internal sealed class AnthropicToolWriter(
    Utf8JsonWriter json,
    ChatRequest request,
    AnthropicAnswerForm form,
    bool isThinking,
    ClaudeModel? claude,
    Losses losses
)
{
    public void Write()
    {
        var written = 0;
        for (var i = 0; i < request.Tools.Count; i++)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"tools[{i}]");
            if (!Takes(request.Tools[i], where))
                continue;
            if (written++ == 0)
                json.WriteStartArray("tools"u8);
            if (request.Tools[i] is FunctionTool function)
                WriteTool(function, where);
            else
                DialectJson.Write(json, ((RawTool)request.Tools[i]).Json);
        }
        if (!form.ToolSchema.IsEmpty)
        {
            if (written == 0)
                json.WriteStartArray("tools"u8);
            WriteAnswerTool();
        }
        if (written > 0 || !form.ToolSchema.IsEmpty)
            json.WriteEndArray();
        WriteChoice(written > 0);
    }

    private bool Takes(ToolDefinition tool, string where)
    {
        switch (tool)
        {
            case RawTool { Dialect: AnthropicDialect.DialectName }:
                return true;
            case RawTool other:
                losses.Refuse($"Anthropic's API has no tool of the kind '{other.Type}' ({where})");
                return false;
            case FunctionTool function when !IsName(function.Name):
                losses.Refuse(
                    $"Anthropic's API takes no tool called '{function.Name}': letters, digits, _ and - only ({where})"
                );
                return false;
            case FunctionTool function:
                return IsAllowed(function);
            default:
                return false;
        }
    }

    /// <summary>Where only some may be called, only they are told.</summary>
    private bool IsAllowed(FunctionTool tool)
    {
        if (
            request.ToolChoice is not { Allowed: { Count: > 0 } allowed }
            || allowed.Contains(tool.Name)
        )
            return true;
        losses.Translated("tool_choice", "only the allowed tools are told");
        return false;
    }

    private static bool IsName(JsonText name)
    {
        foreach (var b in name.Escaped.Span)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'-'))
                return false;
        }
        return name.Escaped.Length is > 0 and <= 128;
    }

    private void WriteTool(FunctionTool tool, string where)
    {
        var schema = tool.Parameters;
        var isStrict = tool.IsStrict;
        if (isStrict is true)
            isStrict = AsStrict(ref schema, where);
        else if (claude is { TakesSchemas: false })
            isStrict = null;
        json.WriteStartObject();
        DialectJson.Write(json, "name"u8, tool.Name);
        DialectJson.Write(json, "description"u8, tool.Description);
        json.WritePropertyName("input_schema"u8);
        WriteSchema(schema);
        DialectJson.Write(json, "strict"u8, isStrict);
        AnthropicJson.WriteRaw(json, tool.Raw);
        AnthropicJson.NameLosses(tool.Raw, where, losses);
        json.WriteEndObject();
    }

    /// <summary>Strict tools take the schemas that structured output takes; any other model takes the schema as a hint.</summary>
    private bool? AsStrict(ref RawJson schema, string where)
    {
        if (
            claude is not { TakesSchemas: false }
            && AnthropicSchema.TryAdapt(schema, out var adapted, out var moved)
        )
        {
            schema = adapted;
            foreach (var keyword in moved)
                losses.Translated(where, $"{keyword} in the description");
            return true;
        }
        losses.Add($"{where}.strict");
        return null;
    }

    /// <summary>Anthropic wants a schema of an object, also of a tool that takes nothing.</summary>
    private void WriteSchema(RawJson schema)
    {
        if (!schema.IsEmpty && !AnthropicJson.Member(schema.Utf8.Span, "type"u8).IsEmpty)
        {
            DialectJson.Write(json, schema);
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, "object"u8);
        var members = new JsonWalk(schema.Utf8.Span);
        while (members.Next())
            AnthropicJson.WriteMember(json, members);
        json.WriteEndObject();
    }

    private void WriteAnswerTool()
    {
        json.WriteStartObject();
        json.WriteString("name"u8, AnthropicAnswerTool.Name);
        DialectJson.Write(json, "description"u8, form.ToolDescription);
        DialectJson.Write(json, "input_schema"u8, form.ToolSchema);
        json.WriteEndObject();
    }

    private void WriteChoice(bool hasTools)
    {
        if (!form.ToolSchema.IsEmpty)
        {
            var mayCallOthers = hasTools && request.ToolChoice?.Mode is not ToolChoiceMode.None;
            json.WriteStartObject("tool_choice"u8);
            json.WriteString("type"u8, mayCallOthers ? "any"u8 : "tool"u8);
            if (!mayCallOthers)
                json.WriteString("name"u8, AnthropicAnswerTool.Name);
            if (request.ParallelToolCalls is false)
                json.WriteBoolean("disable_parallel_tool_use"u8, true);
            json.WriteEndObject();
            return;
        }
        var choice = request.ToolChoice;
        if (choice is { Mode: ToolChoiceMode.Raw })
        {
            if (choice.Dialect == AnthropicDialect.DialectName)
                DialectJson.Write(json, "tool_choice"u8, choice.Json);
            else
                losses.Add("tool_choice");
            return;
        }
        if (!hasTools || (choice is null && request.ParallelToolCalls is not false))
            return;
        var mode = Possible(choice?.Mode ?? ToolChoiceMode.Auto);
        json.WriteStartObject("tool_choice"u8);
        json.WriteString(
            "type"u8,
            mode switch
            {
                ToolChoiceMode.None => "none"u8,
                ToolChoiceMode.Required => "any"u8,
                ToolChoiceMode.Function => "tool"u8,
                _ => "auto"u8,
            }
        );
        if (mode is ToolChoiceMode.Function)
            DialectJson.Write(json, "name"u8, choice!.Name);
        if (mode is not ToolChoiceMode.None && request.ParallelToolCalls is { } several)
            json.WriteBoolean("disable_parallel_tool_use"u8, !several);
        json.WriteEndObject();
    }

    /// <summary>A model that thinks, and the newest ones always, cannot be made to call a tool.</summary>
    private ToolChoiceMode Possible(ToolChoiceMode asked)
    {
        if (asked is not (ToolChoiceMode.Required or ToolChoiceMode.Function))
            return asked;
        if (!isThinking && claude is not { TakesForcedTools: false })
            return asked;
        losses.Add("tool_choice");
        return ToolChoiceMode.Auto;
    }
}
