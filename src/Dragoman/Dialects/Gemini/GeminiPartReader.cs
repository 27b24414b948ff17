using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Reads the parts of a content. A signature on a text or a call becomes an empty reasoning part before it; see
/// <see cref="ReasoningPart.Signature"/>.
/// </summary>
internal static class GeminiPartReader
{
    /// <summary>Marks a signature that stood on the thought itself, rather than on what the thought led to.</summary>
    public const string SignedThought = "signedThought";

    /// <summary>Reads the list the cursor stands on.</summary>
    /// <param name="json">Stands on the list.</param>
    /// <param name="ids">Gives ids to calls without one; null leaves them without (an answer).</param>
    public static List<Part> ReadList(ref JsonCursor json, GeminiCallIds? ids)
    {
        var parts = new List<Part>();
        while (json.NextItem())
        {
            if (json.IsObject)
                ReadOne(ref json, parts, ids);
            else
                json.RefuseItem("an object such as {\"text\": …}");
        }
        // Where nothing follows that it could be taken for, the signature says enough.
        if (
            parts
            is [
                ..,
                ReasoningPart { Text.IsEmpty: true, Signature: not null, Raw.Count: 0 },
                TextPart { Text.IsEmpty: true, Raw.Count: 0 },
            ]
        )
            parts.RemoveAt(parts.Count - 1);
        return parts;
    }

    private static void ReadOne(ref JsonCursor json, List<Part> parts, GeminiCallIds? ids)
    {
        var whole = json.PeekJson();
        var found = new Found { Raw = new RawFields(GeminiDialect.DialectName) };
        while (json.NextMember())
            ReadMember(ref json, ref found, ids);
        found.AddTo(parts, whole);
    }

    private static void ReadMember(ref JsonCursor json, ref Found found, GeminiCallIds? ids)
    {
        if (json.IsNull)
            json.Carry(ref found.Raw);
        else if (json.Is("text"u8))
            found.Text = json.Text(ref found.Raw);
        else if (json.Is("thought"u8))
            found.IsThought = json.Flag(ref found.Raw) ?? false;
        else if (GeminiJson.Is(json, "thoughtSignature"u8))
            found.Signature = json.Text(ref found.Raw);
        else if (json.IsObject && GeminiJson.Is(json, "inlineData"u8))
            found.Data = GeminiMediaReader.Read(ref json, "inlineData");
        else if (json.IsObject && GeminiJson.Is(json, "fileData"u8))
            found.Data = GeminiMediaReader.Read(ref json, "fileData");
        else if (json.IsObject && GeminiJson.Is(json, "functionCall"u8))
            found.Data = GeminiCallReader.ReadCall(ref json, ids);
        else if (json.IsObject && GeminiJson.Is(json, "functionResponse"u8))
            found.Data = GeminiCallReader.ReadResult(ref json, ids);
        else if (json.IsObject && !IsAside(json))
        {
            found.Unknown = json.Name;
            json.Skip();
        }
        else
            json.Carry(ref found.Raw);
    }

    /// <summary>What stands beside a part's one piece of data and tells how to take it.</summary>
    private static bool IsAside(in JsonCursor json) =>
        GeminiJson.Is(json, "videoMetadata"u8)
        || GeminiJson.Is(json, "mediaResolution"u8)
        || GeminiJson.Is(json, "mediaProcessing"u8)
        || GeminiJson.Is(json, "partMetadata"u8)
        || GeminiJson.Is(json, "speechMetadata"u8);

    /// <summary>A part's members in the order they happen to come.</summary>
    private ref struct Found
    {
        public JsonText? Text;
        public bool IsThought;
        public JsonText? Signature;
        public Part? Data;
        public JsonText? Unknown;
        public RawFields Raw;

        public readonly void AddTo(List<Part> parts, RawJson whole)
        {
            var isWholeOnly =
                Unknown is not null
                || (Data is not null && IsThought)
                || (Data ?? (object?)Text) is null;
            if (isWholeOnly)
            {
                parts.Add(
                    new RawPart(GeminiDialect.DialectName, Unknown?.ToString() ?? "part", whole)
                );
                return;
            }
            var (signature, of) = ((JsonText?)null, (string?)null);
            if (Signature is { } shown)
                (signature, of) = CarriedSignature.Read(shown, GeminiDialect.DialectName);
            if (IsThought && Text!.Value.IsEmpty && of is not (null or GeminiDialect.DialectName))
            {
                parts.Add(Signed(parts, signature!.Value, of));
                return;
            }
            if (IsThought)
            {
                parts.Add(
                    new ReasoningPart(Text!.Value)
                    {
                        Signature = signature,
                        SignatureOf = of,
                        Raw = signature is null
                            ? Raw.ToList()
                            : GeminiJson.Marked(Raw.ToList(), SignedThought),
                    }
                );
                return;
            }
            if (signature is not null)
                parts.Add(
                    new ReasoningPart(default(JsonText)) { Signature = signature, SignatureOf = of }
                );
            var part = Data ?? new TextPart(Text!.Value);
            var raw = Raw.ToList();
            parts.Add(raw.Count == 0 ? part : part with { Raw = [.. part.Raw, .. raw] });
        }

        /// <summary>
        /// Another model's reasoning comes back as it was streamed: its text in pieces, and then, on an empty thought, the signature
        /// over all of them. Without text before it, it is the reasoning itself, withheld.
        /// </summary>
        private static ReasoningPart Signed(List<Part> parts, JsonText signature, string of)
        {
            var first = parts.Count;
            while (first > 0 && parts[first - 1] is ReasoningPart { Signature: null })
                first--;
            var texts = parts
                .Skip(first)
                .Select(static part => ((ReasoningPart)part).Text)
                .ToList();
            parts.RemoveRange(first, parts.Count - first);
            return new ReasoningPart(JsonText.Join(texts))
            {
                Signature = signature,
                SignatureOf = of,
                IsRedacted = texts.Count == 0,
            };
        }
    }
}
