using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads <c>embedContent</c> and <c>batchEmbedContents</c>: each request's content is one text.</summary>
internal static class GeminiEmbeddingRequestReader
{
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        bool isOne,
        out EmbeddingRequest? request,
        out GatewayError? error
    )
    {
        if (!JsonBody.TryRead(body, isOne ? ReadOne : ReadBatch, out request, out error))
            return false;
        request = request! with { Model = JsonText.Of(envelope.Model) };
        return true;
    }

    private static EmbeddingRequest? ReadOne(ref JsonCursor json)
    {
        var found = new Found();
        ReadContent(ref json, ref found);
        return found.ToRequest(isBare: true);
    }

    private static EmbeddingRequest? ReadBatch(ref JsonCursor json)
    {
        var found = new Found();
        if (!json.IsObject)
        {
            json.RefuseItem("an object");
            return null;
        }
        var at = json.Offset;
        while (json.NextMember())
        {
            if (!json.Is("requests"u8) || !json.IsList)
            {
                json.Skip();
                continue;
            }
            while (json.NextItem())
                ReadContent(ref json, ref found);
        }
        if (found.Inputs is null)
            json.Missing("requests", "a list of at least one request", at);
        return found.ToRequest(isBare: false);
    }

    private static void ReadContent(ref JsonCursor json, ref Found found)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object with content");
            return;
        }
        var at = json.Offset;
        var raw = new RawFields(GeminiDialect.DialectName);
        var hasContent = false;
        while (json.NextMember())
        {
            if (json.Is("dragoman"u8) || json.Is("model"u8) || json.IsNull)
                json.Skip();
            else if (json.Is("content"u8))
            {
                hasContent = true;
                if (
                    GeminiContentReader.Read(ref json, MessageRole.User, new GeminiCallIds()) is
                    { } content
                )
                    ReadText(ref json, content, at, ref found);
            }
            else if (GeminiJson.Is(json, "outputDimensionality"u8))
                found.Dimensions = json.Integer(ref raw, least: 1);
            else
                json.Carry(ref raw);
        }
        if (!hasContent)
            json.Missing("content", "an object with parts", at);
        // The same for all: Google's servers take another for each, the shape between the dialects does not.
        foreach (var field in raw.ToList())
        {
            if (!(found.Raw ??= []).Exists(known => known.Name == field.Name))
                found.Raw.Add(field);
            else if (
                !found.Raw.Exists(known => known.Name == field.Name && known.Value == field.Value)
            )
                json.Missing(field.Name.ToString(), "the same in every request of a batch", at);
        }
    }

    private static void ReadText(ref JsonCursor json, Message content, int at, ref Found found)
    {
        if (content.Parts.Any(static part => part is not TextPart))
        {
            json.Missing("content.parts", "text alone: other things cannot be embedded here", at);
            return;
        }
        (found.Inputs ??= []).Add(
            new EmbeddingInput(
                JsonText.Join([.. content.Parts.Cast<TextPart>().Select(static part => part.Text)]),
                default
            )
        );
    }

    private ref struct Found
    {
        public List<EmbeddingInput>? Inputs;
        public List<RawField>? Raw;
        public long? Dimensions;

        public readonly EmbeddingRequest? ToRequest(bool isBare) =>
            new()
            {
                Model = default,
                Inputs = Inputs ?? (IReadOnlyList<EmbeddingInput>)[],
                IsBareInput = isBare,
                Dimensions = Dimensions,
                Raw = Raw ?? (IReadOnlyList<RawField>)[],
            };
    }
}
