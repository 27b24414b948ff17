using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes <c>batchEmbedContents</c>.</summary>
internal static class GeminiEmbeddingRequestWriter
{
    public static void Write(
        IBufferWriter<byte> output,
        EmbeddingRequest request,
        Deployment target,
        Losses losses
    )
    {
        using var json = DialectJson.NewWriter(output);
        NameLosses(request, losses);
        if (new GeminiModel(target).IsVertex)
        {
            GeminiPredictWriter.Write(json, request, losses);
            return;
        }
        var model = target.Model.StartsWith("models/", StringComparison.Ordinal)
            ? target.Model
            : "models/" + target.Model;
        json.WriteStartObject();
        json.WriteStartArray("requests"u8);
        foreach (var input in request.Inputs)
        {
            if (input.Text is not { } text)
            {
                losses.Refuse("it embeds text, not token ids");
                continue;
            }
            json.WriteStartObject();
            // Each request names the model once more.
            DialectJson.Write(json, "model"u8, JsonText.Of(model));
            json.WriteStartObject("content"u8);
            json.WriteStartArray("parts"u8);
            json.WriteStartObject();
            DialectJson.Write(json, "text"u8, text);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            DialectJson.Write(json, "outputDimensionality"u8, request.Dimensions);
            GeminiJson.WriteRaw(json, request.Raw);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void NameLosses(EmbeddingRequest request, Losses losses)
    {
        foreach (var field in request.Raw)
        {
            // How numbers are encoded is made up for on the way back.
            if (!field.Name.Is("encoding_format"u8))
                GeminiJson.NameLosses([field], "", losses);
        }
        if (request.User is not null)
            losses.Add("user");
    }
}
