using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes a generateContent request; its model and whether it is a stream go into the address.</summary>
internal static class GeminiRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="target">Whom it goes to.</param>
    /// <param name="losses">Takes what this dialect or the target cannot say.</param>
    public static void Write(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    )
    {
        var model = new GeminiModel(target);
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        new GeminiContentsWriter(json, request, model, losses).Write();
        GeminiToolWriter.Write(json, request, model, losses);
        if (GeminiConfigWriter.IsNeeded(request))
            GeminiConfigWriter.Write(json, request, model, losses);
        if (request.ServiceTier is { } tier)
        {
            if (tier.Is("flex"u8) || tier.Is("priority"u8) || tier.Is("standard"u8))
                DialectJson.Write(json, "serviceTier"u8, tier);
            // "auto" and "default" are what it does anyway.
            else if (!tier.Is("auto"u8) && !tier.Is("default"u8))
                losses.Add("service_tier");
        }
        GeminiJson.WriteRaw(json, request.Raw);
        json.WriteEndObject();
        NameLosses(request, losses);
    }

    private static void NameLosses(ChatRequest request, Losses losses)
    {
        GeminiJson.NameLosses(request.Raw, "", losses);
        if (!request.Prediction.IsEmpty)
            losses.Add("prediction");
        if (request.User is not null)
            losses.Add("user");
        if (!request.Metadata.IsEmpty)
            losses.Add("metadata");
    }
}
