using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>A tool call's arguments as Ollama has them: an object in place. Its clients know nothing else.</summary>
internal static class OllamaArguments
{
    /// <summary>Writes the value; false where the model's arguments were no object, which then stand in one as its member <c>arguments</c>.</summary>
    public static bool Write(Utf8JsonWriter json, ToolArguments arguments)
    {
        var isJson = arguments.TryAsJson(out var value);
        if (isJson && value.Utf8.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            DialectJson.Write(json, value);
            return true;
        }
        json.WriteStartObject();
        if (isJson)
            DialectJson.Write(json, "arguments"u8, value);
        else
            DialectJson.Write(json, "arguments"u8, arguments.AsText());
        json.WriteEndObject();
        return false;
    }
}
