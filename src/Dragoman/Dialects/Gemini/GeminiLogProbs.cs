using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Log probabilities: <c>logprobsResult</c> of this dialect from the shape of OpenAI's, which is the canonical one.</summary>
internal static class GeminiLogProbs
{
    /// <summary>Writes what another dialect told; what this one told is carried as it came.</summary>
    public static void Write(Utf8JsonWriter json, ChatChoice choice)
    {
        if (choice.LogProbs.IsEmpty || GeminiJson.Has(choice.Raw, null, "logprobsResult"u8))
            return;
        var content = Content(choice.LogProbs.Utf8.Span);
        if (content.IsEmpty)
            return;
        json.WriteStartObject("logprobsResult"u8);
        json.WriteStartArray("chosenCandidates"u8);
        var tokens = new JsonWalk(content);
        while (tokens.Next())
            WriteToken(json, tokens.Value);
        json.WriteEndArray();
        json.WriteStartArray("topCandidates"u8);
        tokens = new JsonWalk(content);
        while (tokens.Next())
        {
            json.WriteStartObject();
            json.WriteStartArray("candidates"u8);
            var top = new JsonWalk(Member(tokens.Value, "top_logprobs"u8));
            while (top.Next())
                WriteToken(json, top.Value);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads <c>logprobsResult</c> into the shape of OpenAI's; empty where it says nothing.</summary>
    public static RawJson Read(ReadOnlySpan<byte> result)
    {
        var chosen = Member(result, "chosenCandidates"u8);
        if (!chosen.StartsWith("["u8))
            return default;
        var output = new ArrayBufferWriter<byte>(result.Length);
        using (var json = DialectJson.NewWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartArray("content"u8);
            var top = new JsonWalk(Member(result, "topCandidates"u8));
            var tokens = new JsonWalk(chosen);
            while (tokens.Next())
            {
                json.WriteStartObject();
                WriteAsOpenAIs(json, tokens.Value);
                json.WriteStartArray("top_logprobs"u8);
                var others = new JsonWalk(top.Next() ? Member(top.Value, "candidates"u8) : default);
                while (others.Next())
                {
                    json.WriteStartObject();
                    WriteAsOpenAIs(json, others.Value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return new RawJson(output.WrittenMemory);
    }

    private static void WriteAsOpenAIs(Utf8JsonWriter json, ReadOnlySpan<byte> token)
    {
        var members = new JsonWalk(token);
        while (members.Next())
        {
            if (!members.Is("token"u8) && !members.Is("logProbability"u8))
                continue;
            json.WritePropertyName(members.Is("token"u8) ? "token"u8 : "logprob"u8);
            json.WriteRawValue(members.Value, skipInputValidation: true);
        }
        json.WriteNull("bytes"u8);
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> logProbs)
    {
        var content = Member(logProbs, "content"u8);
        return content.StartsWith("["u8) ? content : default;
    }

    private static void WriteToken(Utf8JsonWriter json, ReadOnlySpan<byte> token)
    {
        json.WriteStartObject();
        var members = new JsonWalk(token);
        while (members.Next())
        {
            if (!members.Is("token"u8) && !members.Is("logprob"u8))
                continue;
            json.WritePropertyName(members.Is("token"u8) ? "token"u8 : "logProbability"u8);
            json.WriteRawValue(members.Value, skipInputValidation: true);
        }
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (members.Is(name))
                return members.Value;
        }
        return default;
    }
}
