using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads the parts of a message's content.</summary>
internal static class OpenAIPartReader
{
    public static List<Part> ReadList(ref JsonCursor json)
    {
        var parts = new List<Part>();
        while (json.NextItem())
        {
            if (ReadOne(ref json) is { } part)
                parts.Add(part);
        }
        return parts;
    }

    private static Part? ReadOne(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object with a type");
            return null;
        }
        // The type may stand behind the members it explains, so it is looked for first.
        var at = json.Offset;
        var whole = json.PeekJson();
        var type = TypeOf(json);
        if (type is not { } known)
        {
            json.Missing("type", "a string such as text or image_url", at);
            json.Skip();
            return new RawPart(OpenAIChatDialect.DialectName, "", whole);
        }
        if (known.Is("text"u8))
            return ReadText(ref json, at);
        if (known.Is("image_url"u8))
            return ReadMedia(ref json, at, "image_url");
        if (known.Is("input_audio"u8))
            return ReadMedia(ref json, at, "input_audio");
        if (known.Is("file"u8))
            return ReadMedia(ref json, at, "file");
        if (known.Is("refusal"u8))
            return ReadText(ref json, at, isRefusal: true);
        if (known.Is("thinking"u8) && ReadThinking(json) is { } reasoning)
        {
            json.Skip();
            return reasoning;
        }
        json.Skip();
        return new RawPart(OpenAIChatDialect.DialectName, known.ToString(), whole);
    }

    private static JsonText? TypeOf(JsonCursor ahead)
    {
        while (ahead.NextMember())
        {
            if (ahead.IsText && ahead.Is("type"u8))
                return ahead.TakeText();
            ahead.Skip();
        }
        return null;
    }

    private static Part ReadText(ref JsonCursor json, int at, bool isRefusal = false)
    {
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        JsonText? text = null;
        while (json.NextMember())
        {
            if (json.Is(isRefusal ? "refusal"u8 : "text"u8))
                text = json.Text(ref raw);
            else if (!json.Is("type"u8))
                json.Carry(ref raw);
        }
        if (text is null)
            json.Missing(isRefusal ? "refusal" : "text", "a string", at);
        return isRefusal
            ? new RefusalPart(text ?? default) { IsListed = true, Raw = raw.ToList() }
            : new TextPart(text ?? default) { Raw = raw.ToList() };
    }

    /// <summary>Reads <c>{"type":T, T:{…}}</c>.</summary>
    private static Part ReadMedia(ref JsonCursor json, int at, string type)
    {
        var media = new Media { Raw = new RawFields(OpenAIChatDialect.DialectName) };
        var isThere = false;
        while (json.NextMember())
        {
            if (json.Is("type"u8))
                continue;
            if (!json.Is(Encoding.UTF8.GetBytes(type)))
            {
                json.Carry(ref media.Raw);
                continue;
            }
            isThere = true;
            ReadMediaObject(ref json, ref media, type);
        }
        if (!isThere)
            json.Missing(type, "an object", at);
        return media.ToPart(type);
    }

    private static void ReadMediaObject(ref JsonCursor json, ref Media media, string type)
    {
        // Mistral takes the bare address too.
        if (json.IsText && type == "image_url")
        {
            media.Url = json.TakeText();
            return;
        }
        if (!json.IsObject)
        {
            json.Refuse(ref media.Raw, "an object");
            return;
        }
        media.Raw.Parent = type;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref media.Raw);
            else if (json.Is("url"u8))
                media.Url = json.Text(ref media.Raw);
            else if (json.Is("detail"u8))
                media.Detail = json.Text(ref media.Raw);
            else if (json.Is("data"u8))
                media.Data = json.Text(ref media.Raw);
            else if (json.Is("format"u8))
                media.Format = json.Text(ref media.Raw);
            else if (json.Is("file_data"u8))
                ReadFileData(ref json, ref media);
            else if (json.Is("file_id"u8))
                media.FileId = json.Text(ref media.Raw);
            else if (json.Is("filename"u8))
                media.FileName = json.Text(ref media.Raw);
            else
                json.Carry(ref media.Raw);
        }
        media.Raw.Parent = null;
    }

    /// <summary>A <c>data:</c> URL, an address (OpenRouter), or base64 as it is.</summary>
    private static void ReadFileData(ref JsonCursor json, ref Media media)
    {
        var data = json.Text(ref media.Raw);
        var isAddress =
            data is { } text
            && (text.Escaped.Span.StartsWith("data:"u8) || text.Escaped.Span.StartsWith("http"u8));
        (media.Url, media.Data) = isAddress ? (data, null) : ((JsonText?)null, data);
    }

    /// <summary>Mistral's <c>{"type":"thinking","thinking":[{"type":"text","text":…}]}</c>; null where it is shaped otherwise.</summary>
    private static ReasoningPart? ReadThinking(JsonCursor json)
    {
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        JsonText? text = null;
        while (json.NextMember())
        {
            if (json.Is("thinking"u8) && json.IsList)
            {
                var pieces = ReadList(ref json);
                if (pieces is not [TextPart { Raw.Count: 0 } only])
                    return null;
                text = only.Text;
            }
            else if (!json.Is("type"u8))
            {
                json.Carry(ref raw);
            }
        }
        return text is { } thought && json.Fault is null
            ? new ReasoningPart(thought) { WireName = "thinking", Raw = raw.ToList() }
            : null;
    }

    private ref struct Media
    {
        public JsonText? Url;
        public JsonText? Data;
        public JsonText? Detail;
        public JsonText? Format;
        public JsonText? FileId;
        public JsonText? FileName;
        public RawFields Raw;

        public readonly Part ToPart(string type)
        {
            var source = new MediaSource
            {
                Url = Url,
                Data = Data,
                FileId = FileId,
            };
            return type switch
            {
                "image_url" => new ImagePart(source) { Detail = Detail, Raw = Raw.ToList() },
                "input_audio" => new AudioPart(source) { Format = Format, Raw = Raw.ToList() },
                _ => new FilePart(source) { FileName = FileName, Raw = Raw.ToList() },
            };
        }
    }
}
