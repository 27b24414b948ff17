using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads tools, the choice among them, and the calls the model makes.</summary>
internal static class OpenAIToolReader
{
    /// <summary>Reads <c>tool_calls</c> of a message.</summary>
    public static void ReadCalls(ref JsonCursor json, ref List<Part>? calls, ref RawFields raw)
    {
        if (json.IsEmptyList)
        {
            json.Carry(ref raw);
            return;
        }
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of tool calls");
            return;
        }
        calls ??= [];
        while (json.NextItem())
        {
            if (!json.IsObject)
                json.RefuseItem("an object with id, type and function");
            else
                ReadCall(ref json, calls);
        }
    }

    private static void ReadCall(ref JsonCursor json, List<Part> calls)
    {
        var at = json.Offset;
        var whole = json.PeekJson();
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        JsonText? id = null;
        JsonText? name = null;
        JsonText? type = null;
        var arguments = default(ToolArguments);
        var hasFunction = false;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("id"u8))
                id = json.Text(ref raw);
            else if (json.Is("type"u8))
                type = json.Text(ref raw);
            else if (json.Is("function"u8) && json.IsObject)
            {
                hasFunction = true;
                ReadFunction(ref json, ref name, ref arguments, ref raw);
            }
            else
                json.Carry(ref raw);
        }
        if (type is { } kind && !kind.Is("function"u8) && !hasFunction)
        {
            calls.Add(
                new RawPart(OpenAIChatDialect.DialectName, kind.ToString(), whole)
                {
                    IsToolCall = true,
                }
            );
            return;
        }
        if (name is null)
            json.Missing("function.name", "a string", at);
        var fields = raw.ToList();
        if (Vouching(fields) is { } vouching)
        {
            calls.Add(vouching);
            if (vouching.SignatureOf != "gemini")
                // It is ours, put there for a client of this dialect: no provider of it would know it.
                fields = [.. fields.Where(static field => !IsExtra(field))];
        }
        calls.Add(new ToolCallPart(name ?? default, arguments) { Id = id, Raw = fields });
    }

    /// <summary>The signature over the call, as reasoning before it.</summary>
    private static ReasoningPart? Vouching(IReadOnlyList<RawField> fields)
    {
        foreach (var field in fields)
        {
            if (IsExtra(field))
                return OpenAIThoughtSignature.Read(field.Value.Utf8.Span);
        }
        return null;
    }

    private static bool IsExtra(in RawField field) =>
        field.Parent is null && field.Name.Is("extra_content"u8);

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
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("name"u8))
                name = json.Text(ref raw);
            else if (json.Is("arguments"u8))
                // OpenAI's are text; some servers send the object itself.
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
            if (!json.IsObject)
                json.RefuseItem("an object with type and function");
            else
                tools.Add(ReadTool(ref json));
        }
        return tools;
    }

    private static ToolDefinition ReadTool(ref JsonCursor json)
    {
        var at = json.Offset;
        var whole = json.PeekJson();
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        JsonText? type = null;
        FunctionTool? function = null;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("type"u8))
                type = json.Text(ref raw);
            else if (json.Is("function"u8) && json.IsObject)
                function = ReadDefinition(ref json, ref raw);
            else
                json.Carry(ref raw);
        }
        if (function is not null)
            return function with { Raw = raw.ToList() };
        if (type is null || type.Value.Is("function"u8))
            json.Missing("function", "an object with a name", at);
        return new RawTool(OpenAIChatDialect.DialectName, type?.ToString() ?? "", whole);
    }

    private static FunctionTool ReadDefinition(ref JsonCursor json, ref RawFields raw)
    {
        var at = json.Offset;
        JsonText? name = null;
        var function = new FunctionTool(default(JsonText));
        raw.Parent = "function";
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("name"u8))
                name = json.Text(ref raw);
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
        if (name is null)
            json.Missing("name", "a string", at);
        return function with { Name = name ?? default };
    }

    /// <summary>Reads <c>tool_choice</c>: a word, a named function, or something this dialect alone knows.</summary>
    public static ToolChoice? ReadChoice(ref JsonCursor json, ref RawFields raw)
    {
        if (json.ValueIs("auto"u8))
            return new ToolChoice(ToolChoiceMode.Auto);
        if (json.ValueIs("none"u8))
            return new ToolChoice(ToolChoiceMode.None);
        if (json.ValueIs("required"u8))
            return new ToolChoice(ToolChoiceMode.Required);
        if (json.IsText || json.IsObject)
            return NamedFunction(json) is { } name && TakeWhole(ref json)
                ? new ToolChoice(ToolChoiceMode.Function) { Name = name }
                : Allowed(json.TakeJson());
        json.Refuse(ref raw, "auto, none, required or an object that names a function");
        return null;
    }

    /// <summary><c>{"type":"allowed_tools","allowed_tools":{"mode":…,"tools":[…]}}</c> where all are functions; else carried.</summary>
    private static ToolChoice Allowed(RawJson whole)
    {
        var carried = new ToolChoice(ToolChoiceMode.Raw)
        {
            Json = whole,
            Dialect = OpenAIChatDialect.DialectName,
        };
        // Mistral's word for what OpenAI calls required, which Mistral knows too.
        if (whole.Utf8.Span.SequenceEqual("\"any\""u8))
            return new ToolChoice(ToolChoiceMode.Required);
        var (mode, names) = (ToolChoiceMode.Raw, new List<JsonText>());
        var members = new JsonWalk(whole.Utf8.Span);
        while (members.Next())
        {
            if (members.Is("type"u8) && members.IsText)
                continue;
            if (!members.Is("allowed_tools"u8) || !members.IsObject)
                return carried;
            var inner = new JsonWalk(members.Value);
            while (inner.Next())
            {
                if (inner.IsText && inner.Is("mode"u8))
                    mode =
                        inner.Text.SequenceEqual("auto"u8) ? ToolChoiceMode.Auto
                        : inner.Text.SequenceEqual("required"u8) ? ToolChoiceMode.Required
                        : ToolChoiceMode.Raw;
                else if (!inner.IsList || !inner.Is("tools"u8) || !ReadNames(inner.Value, names))
                    return carried;
            }
        }
        return mode is ToolChoiceMode.Raw || names.Count == 0
            ? carried
            : new ToolChoice(mode) { Allowed = names };
    }

    private static bool ReadNames(ReadOnlySpan<byte> tools, List<JsonText> names)
    {
        var items = new JsonWalk(tools);
        while (items.Next())
        {
            var before = names.Count;
            var members = new JsonWalk(items.Value);
            while (members.Next())
            {
                if (
                    members.Is("type"u8)
                    && members.IsText
                    && members.Text.SequenceEqual("function"u8)
                )
                    continue;
                if (!members.Is("function"u8) || !members.IsObject)
                    return false;
                var inner = new JsonWalk(members.Value);
                while (inner.Next())
                {
                    if (!inner.Is("name"u8) || !inner.IsText)
                        return false;
                    names.Add(JsonText.FromEscaped(inner.Text.ToArray()));
                }
            }
            if (names.Count != before + 1)
                return false;
        }
        return true;
    }

    private static bool TakeWhole(ref JsonCursor json)
    {
        json.Skip();
        return true;
    }

    /// <summary>The name in <c>{"type":"function","function":{"name":…}}</c>, where that is all there is.</summary>
    private static JsonText? NamedFunction(JsonCursor ahead)
    {
        JsonText? name = null;
        if (!ahead.IsObject)
            return null;
        while (ahead.NextMember())
        {
            if (ahead.ValueIs("function"u8) && ahead.Is("type"u8))
                continue;
            if (!ahead.Is("function"u8) || !ahead.IsObject)
                return null;
            while (ahead.NextMember())
            {
                if (!ahead.IsText || !ahead.Is("name"u8))
                    return null;
                name = ahead.TakeText();
            }
        }
        return name;
    }
}
