using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIEmbeddings;

/// <summary>Writes an embeddings request.</summary>
internal static class OpenAIEmbeddingRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="losses">Takes the path of each thing that this dialect cannot say.</param>
    public static void Write(IBufferWriter<byte> output, EmbeddingRequest request, Losses losses)
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(json, "model"u8, request.Model);
        json.WritePropertyName("input"u8);
        if (request.IsBareInput && request.Inputs is [var only])
            Write(json, only);
        else
            WriteList(json, request.Inputs);
        if (request.Encoding is EmbeddingEncoding.Float)
            json.WriteString("encoding_format"u8, "float"u8);
        else if (request.Encoding is EmbeddingEncoding.Base64)
            json.WriteString("encoding_format"u8, "base64"u8);
        DialectJson.Write(json, "dimensions"u8, request.Dimensions);
        DialectJson.Write(json, "user"u8, request.User);
        OpenAIJson.WriteRaw(json, request.Raw);
        OpenAIJson.NameLosses(request.Raw, "", losses);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, IReadOnlyList<EmbeddingInput> inputs)
    {
        json.WriteStartArray();
        foreach (var input in inputs)
            Write(json, input);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, EmbeddingInput input)
    {
        if (input.Text is { } text)
            text.WriteTo(json);
        else
            DialectJson.Write(json, input.Tokens);
    }
}
