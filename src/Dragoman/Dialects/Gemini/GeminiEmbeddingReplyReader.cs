using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads <c>{"embeddings": [{"values": […]}]}</c>, and the one <c>embedding</c> of <c>embedContent</c>. Most answers tell no usage.</summary>
internal static class GeminiEmbeddingReplyReader
{
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out EmbeddingReply? reply,
        out UpstreamError? error
    )
    {
        reply = null;
        error = null;
        try
        {
            var json = new JsonCursor(body, isLenient: true);
            json.Enter();
            reply = json.IsObject ? Read(ref json) : null;
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = GeminiErrorReader.Read(body.Span);
        return false;
    }

    private static EmbeddingReply? Read(ref JsonCursor json)
    {
        var raw = new RawFields(GeminiDialect.DialectName);
        List<Embedding>? embeddings = null;
        TokenUsage? usage = null;
        RawField? rawUsage = null;
        var isError = false;
        while (json.NextMember())
        {
            if (json.IsList && json.Is("embeddings"u8))
            {
                embeddings ??= [];
                while (json.NextItem())
                    ReadEmbedding(ref json, embeddings);
            }
            else if (json.IsList && json.Is("predictions"u8))
            {
                embeddings ??= [];
                while (json.NextItem())
                    ReadPrediction(ref json, embeddings, ref usage);
            }
            else if (json.IsObject && json.Is("embedding"u8))
                ReadEmbedding(ref json, embeddings ??= []);
            else if (json.IsObject && json.Is("usageMetadata"u8))
            {
                var value = json.TakeJson();
                usage = GeminiUsageReader.Read(value.Utf8.Span);
                rawUsage = new RawField(
                    GeminiDialect.DialectName,
                    null,
                    JsonText.Of("usageMetadata"),
                    value
                );
            }
            else
            {
                isError |= json.Is("error"u8) && !json.IsNull;
                json.Carry(ref raw);
            }
        }
        return isError || embeddings is null
            ? null
            : new EmbeddingReply
            {
                Embeddings = embeddings,
                Usage = usage,
                RawUsage = rawUsage,
                Raw = raw.ToList(),
            };
    }

    /// <summary>Vertex AI's <c>{"embeddings": {"values", "statistics": {"token_count"}}}</c>.</summary>
    private static void ReadPrediction(
        ref JsonCursor json,
        List<Embedding> embeddings,
        ref TokenUsage? usage
    )
    {
        if (!json.IsObject)
        {
            json.Skip();
            return;
        }
        while (json.NextMember())
        {
            if (json.IsObject && json.Is("embeddings"u8))
                ReadEmbedding(ref json, embeddings);
            else
                json.Skip();
        }
        if (embeddings is not [.., var last] || Tokens(last.Raw) is not { } tokens)
            return;
        usage = new TokenUsage { Input = (usage?.Input ?? 0) + tokens };
    }

    private static long? Tokens(IReadOnlyList<RawField> fields)
    {
        foreach (var field in fields)
        {
            if (!field.Name.Is("statistics"u8))
                continue;
            var members = new JsonWalk(field.Value.Utf8.Span);
            while (members.Next())
            {
                if (members.Is("token_count"u8))
                    return members.Integer is >= 0 and < int.MaxValue ? members.Integer : null;
            }
        }
        return null;
    }

    private static void ReadEmbedding(ref JsonCursor json, List<Embedding> embeddings)
    {
        if (!json.IsObject)
        {
            json.Skip();
            return;
        }
        var raw = new RawFields(GeminiDialect.DialectName);
        RawJson values = default;
        while (json.NextMember())
        {
            if (json.IsList && json.Is("values"u8))
                values = json.TakeJson();
            else
                json.Carry(ref raw);
        }
        embeddings.Add(
            new Embedding(
                embeddings.Count,
                values.IsEmpty ? EmbeddingEncoding.Raw : EmbeddingEncoding.Float,
                values.IsEmpty ? RawJson.Of("[]") : values
            )
            {
                Raw = raw.ToList(),
            }
        );
    }
}
