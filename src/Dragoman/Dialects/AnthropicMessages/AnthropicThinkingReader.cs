using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads <c>thinking</c> and <c>output_config</c>: whether and how hard to think, and the shape of the answer.</summary>
internal static class AnthropicThinkingReader
{
    private const string Thinking = "thinking";
    private const string OutputConfig = "output_config";

    /// <summary>
    /// Notes that effort was asked for without thinking: then Anthropic's models work hard without thinking, while an effort of
    /// other dialects means thinking.
    /// </summary>
    public static void MarkEffortAlone(ref RawFields raw) =>
        raw.Add(JsonText.Of(Thinking), RawJson.Of("null"));

    public static ChatRequest ReadThinking(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (!json.IsObject)
        {
            json.Refuse(ref raw, "an object with a type: enabled, adaptive or disabled");
            return request;
        }
        if (KindOf(json) is not { } kind)
        {
            json.Carry(ref raw);
            return request;
        }
        request = request with
        {
            Reasoning = kind is not Kind.Disabled,
            ReasoningBudget = kind is Kind.Adaptive ? -1 : null,
        };
        raw.Parent = Thinking;
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                json.Skip();
            else if (json.Is("budget_tokens"u8) && kind is Kind.Enabled)
                request = request with { ReasoningBudget = json.Integer(ref raw, least: 1) };
            else if (json.Is("display"u8) && json.ValueIs("summarized"u8) && Pass(ref json))
                request = request with { ReasoningShown = true };
            else if (json.Is("display"u8) && json.ValueIs("omitted"u8) && Pass(ref json))
                request = request with { ReasoningShown = false };
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return request;
    }

    public static ChatRequest ReadOutputConfig(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (!json.IsObject)
        {
            json.Refuse(ref raw, "an object");
            return request;
        }
        raw.Parent = OutputConfig;
        while (json.NextMember())
        {
            if (json.Is("effort"u8) && json.IsText)
                request = request with { ReasoningEffort = json.TakeText() };
            else if (json.Is("format"u8) && json.IsObject)
                request = ReadFormat(ref json, ref raw, request);
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return request;
    }

    /// <summary>Reads <c>{"type":"json_schema","schema":{…}}</c>; anything else only this dialect understands.</summary>
    public static ChatRequest ReadFormat(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        var whole = json.PeekJson();
        var isSchema = false;
        var other = false;
        var schema = default(RawJson);
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                isSchema = json.ValueIs("json_schema"u8);
            else if (json.Is("schema"u8) && json.IsObject)
            {
                schema = json.TakeJson();
                continue;
            }
            else
                other = true;
            json.Skip();
        }
        return request with
        {
            ResponseFormat =
                isSchema && !other && !schema.IsEmpty
                    ? new ResponseFormat(ResponseFormatKind.JsonSchema) { Schema = schema }
                    : new ResponseFormat(ResponseFormatKind.Raw)
                    {
                        Json = whole,
                        Dialect = AnthropicDialect.DialectName,
                    },
        };
    }

    private enum Kind
    {
        Enabled,
        Adaptive,
        Disabled,
    }

    private static Kind? KindOf(JsonCursor ahead)
    {
        while (ahead.NextMember())
        {
            if (ahead.Is("type"u8))
                return ahead.ValueIs("enabled"u8) ? Kind.Enabled
                    : ahead.ValueIs("adaptive"u8) ? Kind.Adaptive
                    : ahead.ValueIs("disabled"u8) ? Kind.Disabled
                    : null;
            ahead.Skip();
        }
        return null;
    }

    private static bool Pass(ref JsonCursor json)
    {
        json.Skip();
        return true;
    }
}
