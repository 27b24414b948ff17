using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads the content of messages and of tool results.</summary>
internal static class ResponsesPartReader
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    /// <summary>Reads a string or a list of parts; false, with the fault told, where it is neither.</summary>
    public static bool TryRead(
        ref JsonCursor json,
        ref RawFields owner,
        bool isReply,
        List<Part> parts
    )
    {
        if (json.IsText)
        {
            parts.Add(new TextPart(json.TakeText()));
            return true;
        }
        if (!json.IsList)
        {
            json.Refuse(ref owner, "a string or a list of parts");
            return false;
        }
        while (json.NextItem())
        {
            if (ReadOne(ref json, isReply) is { } part)
                parts.Add(part);
        }
        return true;
    }

    /// <summary>The string <c>type</c> of the object the cursor stands on; null where there is none.</summary>
    public static JsonText? TypeOf(JsonCursor ahead)
    {
        while (ahead.NextMember())
        {
            if (ahead.IsText && ahead.Is("type"u8))
                return ahead.TakeText();
            ahead.Skip();
        }
        return null;
    }

    private static Part? ReadOne(ref JsonCursor json, bool isReply)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object with a type");
            return null;
        }
        var at = json.Offset;
        if (TypeOf(json) is not { } type)
        {
            json.Missing("type", "a string such as input_text or input_image", at);
            return new RawPart(Dialect, "", json.TakeJson());
        }
        if (type.Is("input_text"u8) || type.Is("output_text"u8) || type.Is("text"u8))
            return ReadText(ref json, at);
        if (type.Is("refusal"u8))
            return ReadRefusal(ref json, at, isReply);
        if (type.Is("input_image"u8))
            return ReadImage(ref json);
        if (type.Is("input_file"u8))
            return ReadFile(ref json);
        if (type.Is("input_audio"u8) && ReadAudio(json) is { } audio)
        {
            json.Skip();
            return audio;
        }
        return new RawPart(Dialect, type.ToString(), json.TakeJson());
    }

    private static Part ReadText(ref JsonCursor json, int at)
    {
        var raw = new RawFields(Dialect);
        JsonText? text = null;
        while (json.NextMember())
        {
            if (json.Is("text"u8))
                text = json.Text(ref raw);
            // Empty lists are what a writer adds anyway.
            else if (json.IsNull || json.IsEmptyList || json.Is("type"u8))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        if (text is null)
            json.Missing("text", "a string", at);
        return new TextPart(text ?? default) { Raw = raw.ToList() };
    }

    private static Part ReadRefusal(ref JsonCursor json, int at, bool isReply)
    {
        var raw = new RawFields(Dialect);
        JsonText? text = null;
        while (json.NextMember())
        {
            if (json.Is("refusal"u8))
                text = json.Text(ref raw);
            else if (json.Is("type"u8))
                json.Skip();
            else
                json.Carry(ref raw);
        }
        if (text is null)
            json.Missing("refusal", "a string", at);
        return new RefusalPart(text ?? default) { IsListed = !isReply, Raw = raw.ToList() };
    }

    private static Part ReadImage(ref JsonCursor json)
    {
        var raw = new RawFields(Dialect);
        var source = new MediaSource();
        JsonText? detail = null;
        while (json.NextMember())
        {
            if (json.IsNull || json.Is("type"u8))
                json.Skip();
            else if (json.Is("image_url"u8))
                source = source with { Url = json.Text(ref raw) };
            else if (json.Is("file_id"u8))
                source = source with { FileId = json.Text(ref raw) };
            else if (json.Is("detail"u8))
                detail = json.Text(ref raw);
            else
                json.Carry(ref raw);
        }
        return new ImagePart(source) { Detail = detail, Raw = raw.ToList() };
    }

    private static Part ReadFile(ref JsonCursor json)
    {
        var raw = new RawFields(Dialect);
        var source = new MediaSource();
        JsonText? name = null;
        while (json.NextMember())
        {
            if (json.IsNull || json.Is("type"u8))
                json.Skip();
            else if (json.Is("file_url"u8))
                source = source with { Url = json.Text(ref raw) };
            else if (json.Is("file_id"u8))
                source = source with { FileId = json.Text(ref raw) };
            else if (json.Is("filename"u8))
                name = json.Text(ref raw);
            // A data URL, though some clients send bare base64.
            else if (json.Is("file_data"u8) && json.Text(ref raw) is { } data)
                source = data.Escaped.Span.StartsWith("data:"u8)
                    ? source with
                    {
                        Url = data,
                    }
                    : source with
                    {
                        Data = data,
                    };
            else
                json.Carry(ref raw);
        }
        return new FilePart(source) { FileName = name, Raw = raw.ToList() };
    }

    private static AudioPart? ReadAudio(JsonCursor ahead)
    {
        AudioPart? audio = null;
        while (ahead.NextMember())
        {
            if (!ahead.IsObject || !ahead.Is("input_audio"u8))
            {
                ahead.Skip();
                continue;
            }
            audio = new AudioPart(new MediaSource());
            while (ahead.NextMember())
            {
                if (ahead.IsText && ahead.Is("data"u8))
                    audio = audio with { Source = new MediaSource { Data = ahead.TakeText() } };
                else if (ahead.IsText && ahead.Is("format"u8))
                    audio = audio with { Format = ahead.TakeText() };
                else
                    ahead.Skip();
            }
        }
        return audio;
    }
}
