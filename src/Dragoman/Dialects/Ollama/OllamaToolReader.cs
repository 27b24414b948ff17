using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads tools, and the calls the model makes: arguments in place, and mostly no id.</summary>
internal static class OllamaToolReader
{
    /// <summary>Reads <c>tool_calls</c> of a message.</summary>
    public static void ReadCalls(ref JsonCursor json, ref List<Part>? calls, ref RawFields raw)
    {
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of tool calls");
            return;
        }
        if (json.IsEmptyList)
        {
            json.Carry(ref raw);
            return;
        }
        calls ??= [];
        while (json.NextItem())
        {
            if (json.IsObject)
                calls.Add(ReadCall(ref json));
            else
                json.RefuseItem("an object with function");
        }
    }

    private static ToolCallPart ReadCall(ref JsonCursor json)
    {
        var at = json.Offset;
        var raw = new RawFields(OllamaDialect.DialectName);
        JsonText? id = null;
        JsonText? name = null;
        var arguments = default(ToolArguments);
        while (json.NextMember())
        {
            if (json.IsText && json.Is("id"u8))
                id = json.TakeText();
            else if (json.IsObject && json.Is("function"u8))
                ReadFunction(ref json, ref name, ref arguments, ref raw);
            else
                json.Carry(ref raw);
        }
        if (name is null)
            json.Missing("function.name", "a string", at);
        return new ToolCallPart(name ?? default, arguments)
        {
            Id = id is { IsEmpty: false } ? id : null,
            Raw = raw.ToList(),
        };
    }

    private static void ReadFunction(
        ref JsonCursor json,
        ref JsonText? name,
        ref ToolArguments arguments,
        ref RawFields raw
    )
    {
        raw.Parent = "function";
        while (json.NextMember())
        {
            if (json.Is("name"u8) && !json.IsNull)
                name = json.Text(ref raw);
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("arguments"u8))
                // Some clients send back the text that another API gave them.
                arguments = json.IsText
                    ? ToolArguments.FromText(json.TakeText())
                    : ToolArguments.FromJson(json.TakeJson());
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
    }

    /// <summary>Reads <c>tools</c>.</summary>
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
                json.RefuseItem("an object with type and function");
        }
        return tools;
    }

    private static ToolDefinition ReadTool(ref JsonCursor json)
    {
        var at = json.Offset;
        var whole = json.PeekJson();
        var raw = new RawFields(OllamaDialect.DialectName);
        JsonText? type = null;
        FunctionTool? function = null;
        while (json.NextMember())
        {
            if (json.IsText && json.Is("type"u8))
                type = json.TakeText();
            else if (json.IsObject && json.Is("function"u8))
                function = ReadDefinition(ref json, ref raw);
            else
                json.Carry(ref raw);
        }
        if (function is not null)
            return function with { Raw = raw.ToList() };
        if (type is null || type.Value.Is("function"u8))
            json.Missing("function", "an object with a name", at);
        return new RawTool(OllamaDialect.DialectName, type?.ToString() ?? "", whole);
    }

    private static FunctionTool ReadDefinition(ref JsonCursor json, ref RawFields raw)
    {
        var at = json.Offset;
        var function = new FunctionTool(default(JsonText));
        raw.Parent = "function";
        while (json.NextMember())
        {
            if (json.IsNull)
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
        raw.Parent = null;
        if (function.Name.IsEmpty)
            json.Missing("name", "a string", at);
        return function;
    }
}
