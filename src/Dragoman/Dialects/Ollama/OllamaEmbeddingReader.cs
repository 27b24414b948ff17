using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads embedding requests and answers, of <c>/api/embed</c> and of its forerunner.</summary>
internal static class OllamaEmbeddingReader
{
    private const string Inputs = "a string or a list of strings";

    public static bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        bool isOld,
        out EmbeddingRequest? request,
        out GatewayError? error
    ) => JsonBody.TryRead(body, isOld ? ReadOld : ReadNew, out request, out error);

    public static bool TryReadReply(
        ReadOnlyMemory<byte> body,
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
                reply = ReadReply(ref json);
            json.Leave();
        }
        catch (JsonException)
        {
            reply = null;
        }
        if (reply is not null)
            return true;
        error = OllamaErrorReader.Read(body.Span);
        return false;
    }

    private static EmbeddingRequest? ReadNew(ref JsonCursor json) => Read(ref json, "input");

    private static EmbeddingRequest? ReadOld(ref JsonCursor json) => Read(ref json, "prompt");

    private static EmbeddingRequest? Read(ref JsonCursor json, string input)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object");
            return null;
        }
        var at = json.Offset;
        var name = System.Text.Encoding.UTF8.GetBytes(input);
        var request = new EmbeddingRequest { Model = default, Inputs = [] };
        var raw = new RawFields(OllamaDialect.DialectName);
        while (json.NextMember())
        {
            if (json.Is("dragoman"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("model"u8))
                request = request with { Model = json.Text(ref raw) ?? default };
            else if (json.Is(name))
                request = ReadInput(ref json, ref raw, request);
            else if (json.Is("dimensions"u8))
                request = request with { Dimensions = json.Integer(ref raw, least: 1) };
            else
                json.Carry(ref raw);
        }
        if (request.Model.IsEmpty)
            json.Missing("model", "the name of a model", at);
        if (request.Inputs.Count == 0)
            json.Missing(input, Inputs, at);
        return request with { Raw = raw.ToList() };
    }

    private static EmbeddingRequest ReadInput(
        ref JsonCursor json,
        ref RawFields raw,
        EmbeddingRequest request
    )
    {
        if (json.IsText)
            return request with
            {
                Inputs = [new EmbeddingInput(json.TakeText(), default)],
                IsBareInput = true,
            };
        if (!json.IsList)
        {
            json.Refuse(ref raw, Inputs);
            return request;
        }
        var inputs = new List<EmbeddingInput>();
        while (json.NextItem())
        {
            if (json.IsText)
                inputs.Add(new EmbeddingInput(json.TakeText(), default));
            else
                json.RefuseItem("a string");
        }
        return request with { Inputs = inputs };
    }

    private static EmbeddingReply? ReadReply(ref JsonCursor json)
    {
        var raw = new RawFields(OllamaDialect.DialectName);
        var reply = new EmbeddingReply();
        List<Embedding>? found = null;
        while (json.NextMember())
        {
            if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("model"u8))
                reply = reply with { Model = json.Text(ref raw) };
            else if (json.IsList && json.Is("embeddings"u8))
                ReadList(ref json, found ??= []);
            else if (json.IsList && json.Is("embedding"u8))
                (found ??= []).Add(new Embedding(0, EmbeddingEncoding.Float, json.TakeJson()));
            else if (json.IsNumber && json.Is("prompt_eval_count"u8))
                reply = reply with
                {
                    Usage = json.Integer(ref raw, least: 0) is { } count
                        ? new TokenUsage { Input = count }
                        : null,
                };
            else
                json.Carry(ref raw);
        }
        return found is null ? null : reply with { Embeddings = found, Raw = raw.ToList() };
    }

    private static void ReadList(ref JsonCursor json, List<Embedding> found)
    {
        while (json.NextItem())
        {
            if (json.IsList)
                found.Add(new Embedding(found.Count, EmbeddingEncoding.Float, json.TakeJson()));
            else
                json.Skip();
        }
    }
}
