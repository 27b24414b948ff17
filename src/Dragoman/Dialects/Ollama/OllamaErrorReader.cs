using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads what an Ollama server, or whatever stands before it, sends as an error; it never throws.</summary>
internal static class OllamaErrorReader
{
    public static UpstreamError Read(ReadOnlySpan<byte> body) =>
        // A bare text beside the name "error" is also xAI's way, so the words are found; its shape alone is Ollama's.
        OpenAIErrorReader.Read(body) with
        {
            IsCanonicalShape = HasTextError(body),
        };

    private static bool HasTextError(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return false;
            var isThere = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isError = JsonUnescape.Is(ref json, "error"u8);
                json.Read();
                isThere |= isError && json.TokenType == JsonTokenType.String;
                json.Skip();
            }
            return isThere && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
