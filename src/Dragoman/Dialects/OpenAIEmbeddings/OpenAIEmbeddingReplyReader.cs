using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIEmbeddings;

/// <summary>Reads embeddings as providers really send them: floats or base64, whichever was asked for.</summary>
internal static class OpenAIEmbeddingReplyReader
{
    /// <summary>Reads a body; the reply's slices live as long as the body's buffer.</summary>
    /// <param name="body">The body of an answer with status 200.</param>
    /// <param name="asked">What <c>encoding_format</c> asked for: a string in the reply means that, or base64 where nothing was asked.</param>
    /// <param name="reply">The reply; null where there is none.</param>
    /// <param name="error">What the provider said went wrong, or that its answer is none.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        EmbeddingEncoding? asked,
        out EmbeddingReply? reply,
        out UpstreamError? error
    )
    {
        error = null;
        reply = null;
        try
        {
            var json = new JsonCursor(body, isLenient: true);
            json.Enter();
            if (json.IsObject)
                reply = Read(ref json, asked is EmbeddingEncoding.Raw);
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = OpenAIErrorReader.Read(body.Span);
        return false;
    }

    private static EmbeddingReply? Read(ref JsonCursor json, bool isRaw)
    {
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        var reply = new EmbeddingReply();
        var isThere = false;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("object"u8))
                json.Skip();
            else if (json.Is("model"u8))
                reply = reply with { Model = json.Text(ref raw) };
            else if (json.IsList && json.Is("data"u8))
            {
                isThere = true;
                reply = reply with { Embeddings = ReadList(ref json, isRaw) };
            }
            else if (json.IsObject && json.Is("usage"u8))
                reply = ReadUsage(ref json, reply);
            else
                json.Carry(ref raw);
        }
        return isThere ? reply with { Raw = raw.ToList() } : null;
    }

    private static List<Embedding> ReadList(ref JsonCursor json, bool isRaw)
    {
        var embeddings = new List<Embedding>();
        while (json.NextItem())
        {
            if (json.IsObject)
                embeddings.Add(ReadOne(ref json, embeddings.Count, isRaw));
            else
                json.Skip();
        }
        return embeddings;
    }

    private static Embedding ReadOne(ref JsonCursor json, int place, bool isRaw)
    {
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        var embedding = new Embedding(place, EmbeddingEncoding.Raw, default);
        while (json.NextMember())
        {
            if (json.Is("object"u8))
                json.Skip();
            else if (json.IsNumber && json.Is("index"u8))
                embedding = embedding with
                {
                    Index = (int?)json.Integer(ref raw, 0, int.MaxValue) ?? place,
                };
            else if (!json.IsNull && json.Is("embedding"u8))
                embedding = embedding with
                {
                    Encoding = EncodingOf(json, isRaw),
                    Value = json.TakeJson(),
                };
            else
                json.Carry(ref raw);
        }
        return embedding with { Raw = raw.ToList() };
    }

    private static EmbeddingEncoding EncodingOf(in JsonCursor json, bool isRaw)
    {
        if (json.IsList)
            return EmbeddingEncoding.Float;
        return json.IsText && !isRaw ? EmbeddingEncoding.Base64 : EmbeddingEncoding.Raw;
    }

    private static EmbeddingReply ReadUsage(ref JsonCursor json, EmbeddingReply reply)
    {
        var value = json.TakeJson();
        var reader = new Utf8JsonReader(value.Utf8.Span);
        reader.Read();
        return reply with
        {
            Usage = OpenAIUsageReader.Read(ref reader, reasoningOutsideCompletion: false),
            RawUsage = new RawField(
                OpenAIChatDialect.DialectName,
                null,
                JsonText.Of("usage"),
                value
            ),
        };
    }
}
