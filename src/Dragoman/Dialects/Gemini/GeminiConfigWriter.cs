using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes <c>generationConfig</c>, within the limits of ai.google.dev/api/generate-content (seen 2026-11).</summary>
internal static class GeminiConfigWriter
{
    private const string Member = "generationConfig";
    private const int MostStops = 5;
    private const int MostLogProbs = 20;
    private const int MostCandidates = 8;

    public static void Write(
        Utf8JsonWriter json,
        ChatRequest request,
        in GeminiModel model,
        Losses losses
    )
    {
        json.WriteStartObject("generationConfig"u8);
        DialectJson.Write(
            json,
            "temperature"u8,
            Within("temperature", request.Temperature, 0, 2, losses)
        );
        DialectJson.Write(json, "topP"u8, request.TopP);
        DialectJson.Write(json, "topK"u8, request.TopK);
        DialectJson.Write(
            json,
            "candidateCount"u8,
            (long?)Within("n", request.Count, 1, MostCandidates, losses)
        );
        DialectJson.Write(json, "maxOutputTokens"u8, request.OutputLimit);
        WriteStop(json, request.Stop, losses);
        WriteSeed(json, request.Seed, losses);
        DialectJson.Write(json, "presencePenalty"u8, request.PresencePenalty);
        DialectJson.Write(json, "frequencyPenalty"u8, request.FrequencyPenalty);
        DialectJson.Write(json, "responseLogprobs"u8, request.LogProbs);
        DialectJson.Write(
            json,
            "logprobs"u8,
            (long?)Within("top_logprobs", request.TopLogProbs, 0, MostLogProbs, losses)
        );
        GeminiFormatWriter.Write(json, request, model, losses);
        GeminiThinkingWriter.Write(json, request, model, losses);
        GeminiJson.WriteRaw(json, request.Raw, Member);
        json.WriteEndObject();
    }

    /// <summary>There is anything to write.</summary>
    public static bool IsNeeded(ChatRequest request) =>
        (
            request.Temperature
            ?? request.TopP
            ?? request.TopK
            ?? request.Count
            ?? request.OutputLimit
        )
            is not null
        || (
            request.Seed
            ?? request.PresencePenalty
            ?? request.FrequencyPenalty
            ?? request.TopLogProbs
        )
            is not null
        || request.Stop.Count > 0
        || request.LogProbs is not null
        || request.ResponseFormat is not null
        || GeminiThinkingWriter.IsNeeded(request)
        || GeminiJson.Has(request.Raw, Member)
        || GeminiJson.IsMarked(request.Raw, "generationConfig"u8);

    private static double? Within(
        string name,
        double? value,
        double least,
        double most,
        Losses losses
    )
    {
        if (value is not { } asked || (asked >= least && asked <= most))
            return value;
        var kept = Math.Clamp(asked, least, most);
        losses.Clamped(
            name,
            asked.ToString(CultureInfo.InvariantCulture),
            kept.ToString(CultureInfo.InvariantCulture)
        );
        return kept;
    }

    private static void WriteStop(Utf8JsonWriter json, IReadOnlyList<JsonText> stop, Losses losses)
    {
        if (stop.Count == 0)
            return;
        if (stop.Count > MostStops)
            losses.Clamped(
                "stop",
                string.Create(CultureInfo.InvariantCulture, $"{stop.Count}"),
                "5"
            );
        json.WriteStartArray("stopSequences"u8);
        foreach (var text in stop.Take(MostStops))
            text.WriteTo(json);
        json.WriteEndArray();
    }

    /// <summary>An int32 at Google's.</summary>
    private static void WriteSeed(Utf8JsonWriter json, long? seed, Losses losses)
    {
        if (seed is < int.MinValue or > int.MaxValue)
            losses.Add("seed");
        else
            DialectJson.Write(json, "seed"u8, seed);
    }
}
