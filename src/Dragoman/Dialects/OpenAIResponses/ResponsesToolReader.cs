using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads tools and the choice among them. Tools that are no functions are carried whole; see <see cref="ResponsesForOthers"/>.</summary>
internal static class ResponsesToolReader
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

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
            if (json.IsObject)
                tools.Add(ReadTool(ref json));
            else
                json.RefuseItem("an object with a type");
        }
        return tools;
    }

    /// <summary>Reads the tool the cursor stands on.</summary>
    public static ToolDefinition ReadTool(ref JsonCursor json)
    {
        var at = json.Offset;
        if (ResponsesPartReader.TypeOf(json) is not { } type)
        {
            json.Missing("type", "a string such as function or web_search", at);
            return new RawTool(Dialect, "", json.TakeJson());
        }
        if (!type.Is("function"u8))
            return new RawTool(Dialect, type.ToString(), json.TakeJson());
        var raw = new RawFields(Dialect);
        var function = new FunctionTool(default(JsonText));
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("name"u8))
                function = function with { Name = json.Text(ref raw) ?? default };
            else if (json.Is("description"u8))
                function = function with { Description = json.Text(ref raw) };
            else if (json.Is("parameters"u8))
                function = function with { Parameters = json.Object(ref raw) };
            else if (json.Is("strict"u8))
                function = function with { IsStrict = json.Flag(ref raw) };
            else
                json.Carry(ref raw);
        }
        if (function.Name.IsEmpty)
            json.Missing("name", "a string", at);
        return function with { Raw = raw.ToList() };
    }

    public static ToolChoice? ReadChoice(ref JsonCursor json, ref RawFields raw)
    {
        ToolChoiceMode? mode =
            json.ValueIs("auto"u8) ? ToolChoiceMode.Auto
            : json.ValueIs("none"u8) ? ToolChoiceMode.None
            : json.ValueIs("required"u8) ? ToolChoiceMode.Required
            : null;
        if (mode is { } known)
        {
            json.Skip();
            return new ToolChoice(known);
        }
        if (!json.IsObject)
        {
            json.Refuse(ref raw, "auto, none, required or an object that names a tool");
            return null;
        }
        var choice = Named(json) ?? Allowed(json);
        var whole = json.TakeJson();
        return choice ?? new ToolChoice(ToolChoiceMode.Raw) { Json = whole, Dialect = Dialect };
    }

    /// <summary><c>{"type":"function","name":…}</c>, where that is all there is.</summary>
    private static ToolChoice? Named(JsonCursor ahead)
    {
        JsonText? name = null;
        var isFunction = false;
        while (ahead.NextMember())
        {
            if (ahead.ValueIs("function"u8) && ahead.Is("type"u8))
                isFunction = true;
            else if (ahead.IsText && ahead.Is("name"u8))
                name = ahead.TakeText();
            else
                return null;
        }
        return isFunction && name is not null
            ? new ToolChoice(ToolChoiceMode.Function) { Name = name }
            : null;
    }

    /// <summary><c>{"type":"allowed_tools","mode":…,"tools":[…]}</c>, where all of them are functions.</summary>
    private static ToolChoice? Allowed(JsonCursor ahead)
    {
        var names = new List<JsonText>();
        ToolChoiceMode? mode = null;
        var isAllowed = false;
        while (ahead.NextMember())
        {
            if (ahead.ValueIs("allowed_tools"u8) && ahead.Is("type"u8))
                isAllowed = true;
            else if (ahead.ValueIs("auto"u8) && ahead.Is("mode"u8))
                mode = ToolChoiceMode.Auto;
            else if (ahead.ValueIs("required"u8) && ahead.Is("mode"u8))
                mode = ToolChoiceMode.Required;
            else if (ahead.IsList && ahead.Is("tools"u8))
            {
                while (ahead.NextItem())
                {
                    if (!ahead.IsObject || Named(ahead)?.Name is not { } name)
                        return null;
                    names.Add(name);
                    ahead.Skip();
                }
            }
            else
                return null;
        }
        return isAllowed && mode is { } known && names.Count > 0
            ? new ToolChoice(known) { Allowed = names }
            : null;
    }
}
