using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Writes a chat completions request.</summary>
internal static class OpenAIChatRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="losses">Takes the path of each thing that this dialect cannot say.</param>
    public static void Write(IBufferWriter<byte> output, ChatRequest request, Losses losses)
    {
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        DialectJson.Write(json, "model"u8, request.Model);
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < request.Messages.Count; i++)
            OpenAIMessageWriter.WriteForRequest(json, request.Messages[i], i, losses);
        json.WriteEndArray();
        OpenAIToolWriter.WriteTools(json, request, losses);
        WriteSampling(json, request);
        OpenAIResponseFormatWriter.Write(json, request.ResponseFormat, losses);
        DialectJson.Write(json, "reasoning_effort"u8, request.ReasoningEffort);
        DialectJson.Write(json, "prediction"u8, request.Prediction);
        DialectJson.Write(json, "service_tier"u8, request.ServiceTier);
        DialectJson.Write(json, "user"u8, request.User);
        DialectJson.Write(json, "metadata"u8, request.Metadata);
        DialectJson.Write(json, "stream"u8, request.Stream);
        WriteStreamOptions(json, request);
        OpenAIJson.WriteRaw(json, request.Raw);
        OpenAIJson.NameLosses(request.Raw, "", losses);
        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatRequest request)
    {
        DialectJson.Write(json, "max_completion_tokens"u8, request.MaxCompletionTokens);
        DialectJson.Write(json, "max_tokens"u8, request.MaxTokens);
        DialectJson.Write(json, "temperature"u8, request.Temperature);
        DialectJson.Write(json, "top_p"u8, request.TopP);
        DialectJson.Write(json, "top_k"u8, request.TopK);
        DialectJson.Write(json, "frequency_penalty"u8, request.FrequencyPenalty);
        DialectJson.Write(json, "presence_penalty"u8, request.PresencePenalty);
        DialectJson.Write(json, "seed"u8, request.Seed);
        DialectJson.Write(json, "n"u8, request.Count);
        DialectJson.Write(json, "logprobs"u8, request.LogProbs);
        DialectJson.Write(json, "top_logprobs"u8, request.TopLogProbs);
        if (request.Stop.Count == 0)
            return;
        json.WritePropertyName("stop"u8);
        if (request.IsBareStop)
        {
            request.Stop[0].WriteTo(json);
            return;
        }
        json.WriteStartArray();
        foreach (var stop in request.Stop)
            stop.WriteTo(json);
        json.WriteEndArray();
    }

    private static void WriteStreamOptions(Utf8JsonWriter json, ChatRequest request)
    {
        const string Member = "stream_options";
        if (request.IncludeUsage is null && !OpenAIJson.Has(request.Raw, Member, default))
            return;
        json.WriteStartObject("stream_options"u8);
        DialectJson.Write(json, "include_usage"u8, request.IncludeUsage);
        OpenAIJson.WriteRaw(json, request.Raw, Member);
        json.WriteEndObject();
    }
}
