using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.Ollama;

/// <summary>Writes a chat request.</summary>
internal static class OllamaRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="target">The model it is asked of.</param>
    /// <param name="losses">Takes what this dialect cannot say.</param>
    public static void Write(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    )
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(json, "model"u8, request.Model);
        OllamaMessageWriter.WriteAll(json, request.Messages, losses);
        OllamaToolWriter.WriteTools(json, request, losses);
        WriteFormat(json, request.ResponseFormat, losses);
        OllamaThinking.Write(json, request, target, losses);
        DialectJson.Write(json, "logprobs"u8, request.LogProbs);
        DialectJson.Write(json, "top_logprobs"u8, request.TopLogProbs);
        // Its usual is a stream: what is wanted is always said.
        DialectJson.Write(json, "stream"u8, request.Stream);
        OllamaOptionsWriter.Write(json, request, losses);
        DialectJson.WriteRaw(json, request.Raw, OllamaDialect.DialectName);
        NameLosses(request, losses);
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format, Losses losses)
    {
        switch (format?.Kind)
        {
            case ResponseFormatKind.JsonSchema when !format.Schema.IsEmpty:
                DialectJson.Write(json, "format"u8, format.Schema);
                break;
            case ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema:
                json.WriteString("format"u8, "json"u8);
                break;
            case ResponseFormatKind.Raw:
                losses.Add("response_format");
                break;
        }
        if (format is not null)
            DialectJson.NameLosses(
                format.Raw,
                OllamaDialect.DialectName,
                "response_format",
                losses
            );
    }

    private static void NameLosses(ChatRequest request, Losses losses)
    {
        if (request.Count > 1)
            losses.Add("n");
        if (!request.Prediction.IsEmpty)
            losses.Add("prediction");
        if (request.ServiceTier is not null)
            losses.Add("service_tier");
        if (request.User is not null)
            losses.Add("user");
        if (!request.Metadata.IsEmpty)
            losses.Add("metadata");
    }
}
