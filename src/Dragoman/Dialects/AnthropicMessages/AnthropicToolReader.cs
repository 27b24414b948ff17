using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads tools and the choice among them.</summary>
internal static class AnthropicToolReader
{
    public static IReadOnlyList<ToolDefinition> ReadTools(ref JsonCursor json, ref RawFields raw)
    {
        if (json.IsEmptyList)
        {
            json.Carry(ref raw);
            return [];
        }
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of tools");
            return [];
        }
        var tools = new List<ToolDefinition>();
        while (json.NextItem())
        {
            if (!json.IsObject)
                json.RefuseItem("an object with name and input_schema");
            else
                tools.Add(ReadTool(ref json));
        }
        return tools;
    }

    /// <summary>A tool without a type, or of the type <c>custom</c>, is the client's; all others are Anthropic's own.</summary>
    private static ToolDefinition ReadTool(ref JsonCursor json)
    {
        var at = json.Offset;
        var type = AnthropicBlockReader.TypeOf(json);
        if (type is { } kind && !kind.Is("custom"u8))
            return new RawTool(AnthropicDialect.DialectName, kind.ToString(), json.TakeJson());
        var raw = new RawFields(AnthropicDialect.DialectName);
        var tool = new FunctionTool(default(JsonText));
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("name"u8))
                tool = tool with { Name = json.Text(ref raw) ?? default };
            else if (json.Is("description"u8))
                tool = tool with { Description = json.Text(ref raw) };
            else if (json.Is("input_schema"u8))
                tool = tool with { Parameters = json.Object(ref raw) };
            else if (json.Is("strict"u8))
                tool = tool with { IsStrict = json.Flag(ref raw) };
            else
                json.Carry(ref raw);
        }
        if (tool.Name.IsEmpty)
            json.Missing("name", "a string", at);
        return tool with { Raw = raw.ToList() };
    }

    /// <summary>Reads <c>tool_choice</c>, which also says whether several tools may be called at once.</summary>
    public static ChatRequest ReadChoice(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (!json.IsObject)
        {
            json.Refuse(ref raw, "an object with a type: auto, any, tool or none");
            return request;
        }
        var whole = json.PeekJson();
        JsonText? type = null;
        JsonText? name = null;
        bool? isAlone = null;
        var isOdd = false;
        while (json.NextMember())
        {
            if (json.Is("type"u8) && json.IsText)
                type = json.TakeText();
            else if (json.Is("name"u8) && json.IsText)
                name = json.TakeText();
            else if (json.Is("disable_parallel_tool_use"u8) && !json.IsNull)
                isAlone = json.Flag(ref raw);
            else
            {
                isOdd = true;
                json.Skip();
            }
        }
        ToolChoiceMode? mode =
            isOdd || type is not { } word ? null
            : word.Is("auto"u8) ? ToolChoiceMode.Auto
            : word.Is("none"u8) ? ToolChoiceMode.None
            : word.Is("any"u8) ? ToolChoiceMode.Required
            : word.Is("tool"u8) && name is not null ? ToolChoiceMode.Function
            : null;
        return mode is { } known
            ? request with
            {
                ToolChoice = new ToolChoice(known)
                {
                    Name = known is ToolChoiceMode.Function ? name : null,
                },
                ParallelToolCalls = !isAlone,
            }
            : request with
            {
                ToolChoice = new ToolChoice(ToolChoiceMode.Raw)
                {
                    Json = whole,
                    Dialect = AnthropicDialect.DialectName,
                },
            };
    }
}
