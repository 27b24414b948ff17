using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolReader
{
    public static IReadOnlyList<ToolDefinition> ReadTools(ref JsonCursor json, ref RawFields raw)
    {
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of tools");
            return [];
        }
        var tools = new List<ToolDefinition>();
        while (json.NextItem())
        {
            if (json.IsObject)
                ReadTool(ref json, tools);
            else
                json.RefuseItem("an object such as {\"functionDeclarations\": […]}");
        }
        return tools;
    }

    /// <summary>One tool may be several: each of its members is one.</summary>
    private static void ReadTool(ref JsonCursor json, List<ToolDefinition> tools)
    {
        while (json.NextMember())
        {
            if (json.IsList && GeminiJson.Is(json, "functionDeclarations"u8))
            {
                while (json.NextItem())
                {
                    if (json.IsObject)
                        tools.Add(ReadDeclaration(ref json));
                    else
                        json.RefuseItem("an object with name and parameters");
                }
                continue;
            }
            var name = json.Name;
            var value = json.TakeJson();
            tools.Add(
                new RawTool(
                    GeminiDialect.DialectName,
                    name.ToString(),
                    new RawJson(
                        (byte[])
                            [
                                .. "{\""u8,
                                .. name.Escaped.Span,
                                .. "\":"u8,
                                .. value.Utf8.Span,
                                (byte)'}',
                            ]
                    )
                )
            );
        }
    }

    private static FunctionTool ReadDeclaration(ref JsonCursor json)
    {
        var at = json.Offset;
        var raw = new RawFields(GeminiDialect.DialectName);
        JsonText? name = null;
        JsonText? description = null;
        RawJson schema = default;
        IReadOnlyList<RawField> marks = [];
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("name"u8))
                name = json.Text(ref raw);
            else if (json.Is("description"u8))
                description = json.Text(ref raw);
            else if (GeminiJson.Is(json, "parametersJsonSchema"u8) && json.IsObject)
                schema = json.TakeJson();
            else if (json.Is("parameters"u8))
                (schema, marks) = GeminiSchemaReader.Read(json.Object(ref raw));
            else
                json.Carry(ref raw);
        }
        if (name is null)
            json.Missing("name", "a string", at);
        return new FunctionTool(name ?? default)
        {
            Description = description,
            Parameters = schema,
            Raw = [.. raw.ToList(), .. marks],
        };
    }

    public static ChatRequest ReadConfig(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        var any = false;
        while (json.NextMember())
        {
            any = true;
            raw.Parent = "toolConfig";
            if (json.IsObject && GeminiJson.Is(json, "functionCallingConfig"u8))
                request = request with { ToolChoice = ReadChoice(ref json, ref raw) };
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return any ? request : request with { Raw = GeminiJson.Marked(request.Raw, "toolConfig") };
    }

    private static ToolChoice? ReadChoice(ref JsonCursor json, ref RawFields raw)
    {
        var whole = json.PeekJson();
        ToolChoiceMode? mode = null;
        var allowed = new List<JsonText>();
        var isPlain = true;
        while (json.NextMember())
        {
            if (json.Is("mode"u8))
            {
                mode =
                    json.ValueIs("AUTO"u8) ? ToolChoiceMode.Auto
                    : json.ValueIs("ANY"u8) ? ToolChoiceMode.Required
                    : json.ValueIs("NONE"u8) ? ToolChoiceMode.None
                    : null;
                isPlain &= mode is not null;
                if (!json.IsText)
                    json.RefuseItem("AUTO, ANY, NONE or VALIDATED");
            }
            else if (json.IsList && GeminiJson.Is(json, "allowedFunctionNames"u8))
            {
                while (json.NextItem())
                {
                    if (json.IsText)
                        allowed.Add(json.TakeText());
                    else
                        json.RefuseItem("a string");
                }
            }
            else
            {
                isPlain = false;
                json.Skip();
            }
        }
        // VALIDATED, and what is still to come, only this dialect can say.
        if (
            !isPlain
            || mode is not { } known
            || (known is ToolChoiceMode.Auto && allowed.Count > 0)
        )
            return new ToolChoice(ToolChoiceMode.Raw)
            {
                Json = whole,
                Dialect = GeminiDialect.DialectName,
            };
        return known is ToolChoiceMode.Required && allowed is [var only]
            ? new ToolChoice(ToolChoiceMode.Function) { Name = only }
            : new ToolChoice(known) { Allowed = allowed };
    }
}
