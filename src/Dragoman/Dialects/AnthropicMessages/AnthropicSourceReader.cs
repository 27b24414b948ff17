using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Reads images and documents: a block with a <c>source</c>.</summary>
internal static class AnthropicSourceReader
{
    /// <summary>The object within a block whose members are carried.</summary>
    public const string Source = "source";

    public static Part ReadImage(ref JsonCursor json, int at)
    {
        var found = Read(ref json, at);
        return new ImagePart(found.Source ?? new MediaSource()) { Raw = found.Raw };
    }

    public static Part ReadDocument(ref JsonCursor json, int at)
    {
        var found = Read(ref json, at);
        return new FilePart(found.Source ?? new MediaSource())
        {
            FileName = found.Title,
            Raw = found.Raw,
        };
    }

    private readonly record struct Block(
        MediaSource? Source,
        JsonText? Title,
        IReadOnlyList<RawField> Raw
    );

    private static Block Read(ref JsonCursor json, int at)
    {
        var raw = new RawFields(AnthropicDialect.DialectName);
        MediaSource? source = null;
        JsonText? title = null;
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                json.Skip();
            else if (json.Is("source"u8) && json.IsObject)
                source = ReadSource(ref json, ref raw);
            else if (json.Is("title"u8) && json.IsText)
                title = json.TakeText();
            else
                json.Carry(ref raw);
        }
        if (source is null)
            json.Missing(Source, "an object with a type: base64, url or file", at);
        return new Block(source, title, raw.ToList());
    }

    private static MediaSource ReadSource(ref JsonCursor json, ref RawFields raw)
    {
        var kind = AnthropicBlockReader.TypeOf(json) ?? default;
        var isKnown =
            kind.Is("base64"u8)
            || kind.Is("url"u8)
            || kind.Is("file"u8)
            || kind.Is("text"u8)
            || kind.Is("content"u8);
        var source = new MediaSource();
        raw.Parent = Source;
        while (json.NextMember())
        {
            if (json.Is("type"u8) && isKnown)
                json.Skip();
            else if (json.Is("data"u8) && json.IsText)
                source = source with
                {
                    Data = kind.Is("text"u8) ? Base64(json.TakeText().ToString()) : json.TakeText(),
                };
            else if (json.Is("media_type"u8) && json.IsText)
                source = source with { MediaType = json.TakeText() };
            else if (json.Is("url"u8) && json.IsText)
                source = source with { Url = json.TakeText() };
            else if (json.Is("file_id"u8) && json.IsText)
                source = source with { FileId = json.TakeText() };
            else if (json.Is("content"u8))
                source = ReadContent(ref json, ref raw, source);
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return source;
    }

    /// <summary>A document of blocks: kept as it came, and as plain text for those who know no such thing.</summary>
    private static MediaSource ReadContent(
        ref JsonCursor json,
        ref RawFields raw,
        MediaSource source
    )
    {
        var text = new StringBuilder();
        if (json.IsText)
            text.Append(json.TakeText());
        var ahead = json;
        while (ahead.IsList && ahead.NextItem())
        {
            if (!ahead.IsObject)
                break;
            var block = ahead.TakeJson().Utf8.Span;
            text.Append(JsonUnescape.ToText(AnthropicJson.Text(block, "text"u8))).Append('\n');
        }
        json.Carry(ref raw);
        return source with
        {
            MediaType = JsonText.Of("text/plain"),
            Data = Base64(text.ToString()),
        };
    }

    private static JsonText Base64(string text) =>
        JsonText.FromEscaped(
            Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))
        );
}
