using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Reads a reasoning item: its summary and its texts are a part each, and its encrypted form signs the last of them.</summary>
internal static class ResponsesReasoningReader
{
    private const string Dialect = OpenAIResponsesDialect.DialectName;

    /// <param name="json">Stands on the item.</param>
    /// <param name="isReply">A provider said it: its sealed form is its own. A client may send one of another dialect.</param>
    /// <param name="parts">Where its parts go.</param>
    public static void Read(ref JsonCursor json, bool isReply, List<Part> parts)
    {
        var whole = json.PeekJson();
        var texts = new List<JsonText>();
        JsonText? encrypted = null;
        while (json.NextMember())
        {
            if (json.IsList && (json.Is("summary"u8) || json.Is("content"u8)))
                ReadTexts(ref json, texts);
            else if (json.IsText && json.Is("encrypted_content"u8))
                encrypted = json.TakeText();
            else
                json.Skip();
        }
        if (encrypted is not { IsEmpty: false } shown)
        {
            if (texts.Count == 0)
                // Only its provider knows what stands behind its id.
                parts.Add(new RawPart(Dialect, "reasoning", whole));
            parts.AddRange(texts.Select(text => new ReasoningPart(text)));
            return;
        }
        var (signature, of) = isReply ? (shown, Dialect) : CarriedSignature.Read(shown, Dialect);
        for (var i = 0; i < texts.Count - 1; i++)
            parts.Add(new ReasoningPart(texts[i]));
        parts.Add(
            new ReasoningPart(texts.Count > 0 ? texts[^1] : default)
            {
                Signature = signature,
                SignatureOf = of,
                IsRedacted = texts.Count == 0,
            }
        );
    }

    private static void ReadTexts(ref JsonCursor json, List<JsonText> texts)
    {
        while (json.NextItem())
        {
            if (!json.IsObject)
            {
                json.Skip();
                continue;
            }
            while (json.NextMember())
            {
                if (json.IsText && json.Is("text"u8))
                    texts.Add(json.TakeText());
                else
                    json.Skip();
            }
        }
    }
}
