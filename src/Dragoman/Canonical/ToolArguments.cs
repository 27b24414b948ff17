using System.Text;
using System.Text.Json;

namespace Dragoman.Canonical;

/// <summary>
/// A tool call's arguments, kept in the form they came in: OpenAI sends JSON inside a string (which the model may have got wrong),
/// Anthropic, Gemini and Ollama send JSON in place. Converted only when a writer needs the other form.
/// </summary>
public readonly struct ToolArguments
{
    private readonly JsonText _text;
    private readonly RawJson _json;

    private ToolArguments(JsonText text, RawJson json) => (_text, _json) = (text, json);

    /// <summary>Arguments as the content of a JSON string.</summary>
    public static ToolArguments FromText(JsonText text) => new(text, default);

    /// <summary>Arguments as JSON in place.</summary>
    public static ToolArguments FromJson(RawJson json) => new(default, json);

    /// <summary>The arguments as the content of a string; empty where there are none.</summary>
    public JsonText AsText() => _json.IsEmpty ? _text : JsonText.Of(_json.ToString());

    /// <summary>The arguments as JSON in place; false where the model's text is no JSON. No arguments are <c>{}</c>.</summary>
    public bool TryAsJson(out RawJson json)
    {
        json = _json;
        if (!json.IsEmpty)
            return true;
        var text = _text.ToString();
        json = string.IsNullOrWhiteSpace(text)
            ? new RawJson("{}"u8.ToArray())
            : new RawJson(Encoding.UTF8.GetBytes(text));
        return IsJson(json.Utf8.Span);
    }

    public override string ToString() => _json.IsEmpty ? _text.ToString() : _json.ToString();

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
