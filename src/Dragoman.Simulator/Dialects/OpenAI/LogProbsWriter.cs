using System.Text;
using System.Text.Json;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>Writes made-up but well-formed log probabilities.</summary>
internal static class LogProbsWriter
{
    public static void Write(Utf8JsonWriter json, IEnumerable<string> tokens, int alternatives)
    {
        json.WriteStartObject();
        json.WriteStartArray("content");
        foreach (var token in tokens)
        {
            var likely = -(double)(StableHash.Of(token) % 1000) / 10_000;
            json.WriteStartObject();
            WriteToken(json, token, likely);
            json.WriteStartArray("top_logprobs");
            for (var rank = 0; rank < alternatives; rank++)
            {
                json.WriteStartObject();
                WriteToken(json, rank == 0 ? token : $"{token}{rank}", likely - rank * 2);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, string token, double logProb)
    {
        json.WriteString("token", token);
        json.WriteNumber("logprob", logProb);
        json.WriteStartArray("bytes");
        foreach (var value in Encoding.UTF8.GetBytes(token))
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
