using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Writes content blocks.</summary>
internal static class AnthropicBlockWriter
{
    /// <summary>The id of a call that came without one, or with one this dialect does not take.</summary>
    public static string GivenId(string prefix, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"toolu_{prefix}_{index}");

    public static void WriteText(Utf8JsonWriter json, TextPart text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        DialectJson.Write(json, "text"u8, text.Text);
        AnthropicJson.WriteRaw(json, text.Raw);
        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, ToolCallPart call, JsonText id)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_use"u8);
        DialectJson.Write(json, "id"u8, id);
        DialectJson.Write(json, "name"u8, call.Name);
        json.WritePropertyName("input"u8);
        WriteInput(json, call.Arguments);
        AnthropicJson.WriteRaw(json, call.Raw);
        json.WriteEndObject();
    }

    /// <summary>Writes thinking that a client is shown; a signature of another dialect is wrapped, so that it comes back.</summary>
    public static void WriteThinkingForClient(Utf8JsonWriter json, ReasoningPart reasoning)
    {
        var shown = reasoning.Signature is { } signature
            ? CarriedSignature.Show(signature, reasoning.SignatureOf, AnthropicDialect.DialectName)
            : default;
        if (reasoning.IsRedacted || !reasoning.Text.IsEmpty || !shown.IsEmpty)
            WriteThinking(json, reasoning, shown);
    }

    public static void WriteThinking(
        Utf8JsonWriter json,
        ReasoningPart reasoning,
        JsonText signature
    )
    {
        json.WriteStartObject();
        if (reasoning.IsRedacted)
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            DialectJson.Write(json, "data"u8, signature);
        }
        else
        {
            json.WriteString("type"u8, "thinking"u8);
            DialectJson.Write(json, "thinking"u8, reasoning.Text);
            DialectJson.Write(json, "signature"u8, signature);
        }
        AnthropicJson.WriteRaw(json, reasoning.Raw);
        json.WriteEndObject();
    }

    /// <summary>Input is an object; what the model got wrong is shown as the text it was.</summary>
    private static void WriteInput(Utf8JsonWriter json, ToolArguments arguments)
    {
        if (arguments.TryAsJson(out var input) && IsObject(input))
        {
            DialectJson.Write(json, input);
            return;
        }
        json.WriteStartObject();
        json.WritePropertyName("arguments"u8);
        arguments.AsText().WriteTo(json);
        json.WriteEndObject();
    }

    private static bool IsObject(RawJson value) =>
        value.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    /// <summary>Writes an image or a document that this dialect takes; see <see cref="AnthropicMedia"/>.</summary>
    public static void WriteMedia(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> type,
        Part part,
        MediaSource source
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteStartObject("source"u8);
        WriteSource(json, source, part.Raw);
        AnthropicJson.WriteRaw(json, part.Raw, AnthropicSourceReader.Source);
        json.WriteEndObject();
        if (part is FilePart file)
            DialectJson.Write(json, "title"u8, file.FileName);
        AnthropicJson.WriteRaw(json, part.Raw);
        json.WriteEndObject();
    }

    private static void WriteSource(
        Utf8JsonWriter json,
        MediaSource source,
        IReadOnlyList<RawField> raw
    )
    {
        if (AnthropicJson.Has(raw, AnthropicSourceReader.Source, "content"u8))
        {
            json.WriteString("type"u8, "content"u8);
            return;
        }
        var saysType = AnthropicJson.Has(raw, AnthropicSourceReader.Source, "type"u8);
        if (!saysType && source.TryGetInline(out var mediaType, out var base64))
        {
            if (AnthropicMedia.IsText(mediaType))
            {
                json.WriteString("type"u8, "text"u8);
                json.WriteString("media_type"u8, "text/plain"u8);
                json.WritePropertyName("data"u8);
                JsonText.Of(Decoded(base64)).WriteTo(json);
                return;
            }
            json.WriteString("type"u8, "base64"u8);
            DialectJson.Write(json, "media_type"u8, mediaType);
            DialectJson.Write(json, "data"u8, base64);
            return;
        }
        if (!saysType)
            json.WriteString("type"u8, source.Url is not null ? "url"u8 : "file"u8);
        DialectJson.Write(json, "media_type"u8, source.MediaType);
        DialectJson.Write(json, "data"u8, source.Data);
        DialectJson.Write(json, "url"u8, source.Url);
        DialectJson.Write(json, "file_id"u8, source.FileId);
    }

    private static string Decoded(JsonText base64)
    {
        var text = base64.ToString();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : text;
    }
}
