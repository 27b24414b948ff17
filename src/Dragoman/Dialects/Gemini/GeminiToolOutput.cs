using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// A tool's answer, which is an object here and text elsewhere: <c>{"output": text}</c> and <c>{"error": text}</c>, the keys that
/// Google's reference names (ai.google.dev/api/caching, FunctionResponse, seen 2026-11); any other object is its own JSON as text.
/// </summary>
internal static class GeminiToolOutput
{
    /// <summary>The text of a <c>response</c>; null where there is none. What is read is written back the same.</summary>
    public static (JsonText? Text, bool IsError) Read(RawJson response)
    {
        if (response.IsEmpty)
            return (null, false);
        var members = new JsonWalk(response.Utf8.Span);
        if (members.Next())
        {
            var (isOutput, isError) = (members.Is("output"u8), members.Is("error"u8));
            var value = members.Value;
            var isText = members.IsText;
            var isObject = members.IsObject;
            if ((isOutput || isError) && !members.Next())
            {
                // Text that is an object itself would be written back as one.
                if (isText && !IsObject(JsonUnescape.ToText(value[1..^1])))
                    return (JsonText.FromEscaped(value[1..^1].ToArray()), isError);
                if (isError && isObject)
                    return (JsonText.Of(Encoding.UTF8.GetString(value)), true);
            }
        }
        return (JsonText.Of(response.ToString()), false);
    }

    /// <summary>Writes <c>response</c>.</summary>
    public static void Write(Utf8JsonWriter json, JsonText text, bool isError)
    {
        var plain = text.ToString();
        json.WritePropertyName("response"u8);
        if (IsObject(plain) && !isError)
        {
            json.WriteRawValue(plain, skipInputValidation: true);
            return;
        }
        json.WriteStartObject();
        json.WritePropertyName(isError ? "error"u8 : "output"u8);
        if (IsObject(plain))
            json.WriteRawValue(plain, skipInputValidation: true);
        else
            text.WriteTo(json);
        json.WriteEndObject();
    }

    private static bool IsObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
            return false;
        try
        {
            var reader = new Utf8JsonReader(
                Encoding.UTF8.GetBytes(text),
                new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
