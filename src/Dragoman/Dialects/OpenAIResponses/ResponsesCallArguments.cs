using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>What a call's own member says, as the arguments of a function.</summary>
internal static class ResponsesCallArguments
{
    /// <summary>Takes the value of <see cref="ClientToolKind.Member"/>.</summary>
    public static ToolArguments Read(ref JsonCursor json, ref RawFields raw, ClientToolKind kind)
    {
        if (json.IsText && kind == ClientToolKind.Custom)
            return OfInput(json.TakeText());
        if (json.IsText)
            return ToolArguments.FromText(json.TakeText());
        if (!json.IsObject)
        {
            json.Refuse(ref raw, kind.IsText ? "a string" : "an object");
            return default;
        }
        return kind.Opening is null
            ? ToolArguments.FromJson(json.TakeJson())
            : ToolArguments.FromJson(WithoutType(json.TakeJson()));
    }

    /// <summary>The text of a custom tool as the one argument of its function.</summary>
    public static ToolArguments OfInput(JsonText input) =>
        ToolArguments.FromJson(
            new RawJson((byte[])[.. "{\"input\":\""u8, .. input.Escaped.Span, .. "\"}"u8])
        );

    /// <summary>The text in such an argument; what a model wrote instead of it, as it is.</summary>
    public static JsonText InputOf(ToolArguments arguments)
    {
        if (arguments.TryAsJson(out var json))
        {
            var members = new JsonWalk(json.Utf8.Span);
            while (members.Next())
            {
                if (members.IsText && members.Is("input"u8))
                    return JsonText.FromEscaped(members.Text.ToArray());
            }
        }
        return arguments.AsText();
    }

    /// <summary>The value of a call's member for its arguments: an object, whatever the model wrote.</summary>
    public static RawJson ObjectOf(ToolArguments arguments, ClientToolKind kind)
    {
        if (
            !arguments.TryAsJson(out var json)
            || json.Utf8.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..]
        )
            json = RawJson.Of("{}");
        if (kind.Opening is not { } opening)
            return json;
        var inner = Inner(json.Utf8.Span);
        return RawJson.Of("{" + opening + (inner.Length == 0 ? "" : "," + inner) + "}");
    }

    /// <summary>An action without what its kind always says.</summary>
    public static RawJson WithoutType(RawJson action)
    {
        var members = new JsonWalk(action.Utf8.Span);
        var kept = new StringBuilder("{");
        while (members.Next())
        {
            if (members.Is("type"u8) || members.IsNull)
                continue;
            if (kept.Length > 1)
                kept.Append(',');
            kept.Append('"').Append(Encoding.UTF8.GetString(members.Name)).Append("\":");
            kept.Append(Encoding.UTF8.GetString(members.Value));
        }
        return RawJson.Of(kept.Append('}').ToString());
    }

    private static string Inner(ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json).Trim();
        return text[1..^1].Trim();
    }
}
