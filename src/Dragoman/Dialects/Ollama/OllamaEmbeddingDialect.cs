using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.Ollama;

/// <summary>Ollama's embeddings: <c>/api/embed</c>, and its forerunner for clients that still speak it.</summary>
/// <param name="isOld">The client speaks the forerunner: a prompt for an input, a single embedding for a list.</param>
internal sealed class OllamaEmbeddingDialect(bool isOld) : IEmbeddingDialect
{
    public bool TryReadRequest(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out EmbeddingRequest? request,
        out GatewayError? error
    ) => OllamaEmbeddingReader.TryReadRequest(body, isOld, out request, out error);

    public void WriteRequest(
        IBufferWriter<byte> output,
        EmbeddingRequest request,
        Deployment target,
        Losses losses
    )
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(json, "model"u8, request.Model);
        json.WritePropertyName("input"u8);
        if (request is { IsBareInput: true, Inputs: [{ Text: { } only }] })
            only.WriteTo(json);
        else
            WriteInputs(json, request.Inputs, losses);
        DialectJson.Write(json, "dimensions"u8, request.Dimensions);
        if (request.User is not null)
            losses.Add("user");
        DialectJson.WriteRaw(json, request.Raw, OllamaDialect.DialectName);
        DialectJson.NameLosses(request.Raw, OllamaDialect.DialectName, "", losses);
        json.WriteEndObject();
    }

    public bool TryReadReply(
        ReadOnlyMemory<byte> body,
        EmbeddingEncoding? asked,
        out EmbeddingReply? reply,
        out UpstreamError? error
    ) => OllamaEmbeddingReader.TryReadReply(body, out reply, out error);

    public void WriteReply(
        IBufferWriter<byte> output,
        EmbeddingReply reply,
        EmbeddingEncoding? asked,
        JsonText model
    )
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        if (isOld)
        {
            json.WritePropertyName("embedding"u8);
            WriteNumbers(json, reply.Embeddings is [var first, ..] ? first : null);
        }
        else
        {
            DialectJson.Write(json, "model"u8, reply.Model is { IsEmpty: false } own ? own : model);
            json.WriteStartArray("embeddings"u8);
            foreach (var embedding in reply.Embeddings.OrderBy(static one => one.Index))
                WriteNumbers(json, embedding);
            json.WriteEndArray();
            DialectJson.Write(json, "prompt_eval_count"u8, reply.Usage?.TotalInput);
        }
        DialectJson.WriteRaw(json, reply.Raw, OllamaDialect.DialectName);
        json.WriteEndObject();
    }

    private static void WriteInputs(
        Utf8JsonWriter json,
        IReadOnlyList<EmbeddingInput> inputs,
        Losses losses
    )
    {
        json.WriteStartArray();
        foreach (var input in inputs)
        {
            if (input.Text is { } text)
                text.WriteTo(json);
            else
                losses.Refuse("it embeds texts only, not lists of token ids");
        }
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, Embedding? embedding)
    {
        if (embedding is { Encoding: EmbeddingEncoding.Float })
        {
            DialectJson.Write(json, embedding.Value);
            return;
        }
        json.WriteStartArray();
        foreach (var number in embedding?.ToFloats() ?? [])
            json.WriteNumberValue(float.IsFinite(number) ? number : 0);
        json.WriteEndArray();
    }
}
