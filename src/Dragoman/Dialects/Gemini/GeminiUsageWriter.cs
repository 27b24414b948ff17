using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Writes <c>usageMetadata</c>.</summary>
internal static class GeminiUsageWriter
{
    public static void Write(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject();
        DialectJson.Write(json, "promptTokenCount"u8, usage.TotalInput);
        DialectJson.Write(json, "cachedContentTokenCount"u8, usage.CacheRead);
        var candidates = Sum(usage.Output, usage.AudioOutput, usage.ImageOutput);
        DialectJson.Write(json, "candidatesTokenCount"u8, candidates);
        DialectJson.Write(json, "thoughtsTokenCount"u8, usage.Reasoning);
        // This dialect's clients rely on a total; it is reckoned only where the provider told none.
        DialectJson.Write(
            json,
            "totalTokenCount"u8,
            usage.ReportedTotal ?? Sum(usage.TotalInput, usage.TotalOutput, null)
        );
        WriteDetails(json, "promptTokensDetails"u8, usage.AudioInput, usage.ImageInput);
        WriteDetails(json, "candidatesTokensDetails"u8, usage.AudioOutput, usage.ImageOutput);
        json.WriteEndObject();
    }

    private static void WriteDetails(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        long? audio,
        long? image
    )
    {
        if ((audio ?? image) is null)
            return;
        json.WriteStartArray(name);
        WriteDetail(json, "AUDIO"u8, audio);
        WriteDetail(json, "IMAGE"u8, image);
        json.WriteEndArray();
    }

    private static void WriteDetail(Utf8JsonWriter json, ReadOnlySpan<byte> modality, long? count)
    {
        if (count is null)
            return;
        json.WriteStartObject();
        json.WriteString("modality"u8, modality);
        json.WriteNumber("tokenCount"u8, count.Value);
        json.WriteEndObject();
    }

    private static long? Sum(long? one, long? two, long? three) =>
        (one ?? two ?? three) is null ? null : (one ?? 0) + (two ?? 0) + (three ?? 0);
}
