using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes a request for a response.</summary>
internal static class ResponsesRequestWriter
{
    /// <summary>OpenAI refuses fewer output tokens (platform.openai.com, API reference, responses; seen 2026-11).</summary>
    private const long FewestTokens = 16;

    public static void Write(
        IBufferWriter<byte> output,
        ChatRequest request,
        Deployment target,
        Losses losses
    )
    {
        var isOwn = IsOwn(request);
        using var json = DialectJson.NewWriter(output);
        json.WriteStartObject();
        if (!request.Model.IsEmpty)
            DialectJson.Write(json, "model"u8, request.Model);
        WriteInput(json, request, losses);
        ResponsesToolWriter.Write(json, request, isOwn, losses);
        WriteSampling(json, request, isOwn, losses);
        WriteText(json, request, losses);
        WriteReasoning(json, request, target, isOwn, losses);
        DialectJson.Write(json, "service_tier"u8, request.ServiceTier);
        DialectJson.Write(json, "user"u8, request.User);
        DialectJson.Write(json, "metadata"u8, request.Metadata);
        DialectJson.Write(json, "stream"u8, request.Stream);
        WriteObject(json, "stream_options", request.Raw);
        if (!isOwn)
            WriteStateless(json, request, target);
        ResponsesJson.WriteRaw(json, request.Raw);
        ResponsesJson.NameLosses(request.Raw, "", losses);
        json.WriteEndObject();
    }

    /// <summary>The client speaks this dialect itself: what it did not say is not said for it.</summary>
    private static bool IsOwn(ChatRequest request) =>
        request.Messages.Any(message =>
            message.Origin?.Dialect == OpenAIResponsesDialect.DialectName
        );

    private static void WriteInput(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        var first = 0;
        while (first < request.Messages.Count && IsInstruction(request.Messages[first]))
            first++;
        if (first > 0)
        {
            json.WritePropertyName("instructions"u8);
            JsonText
                .Join([
                    .. request
                        .Messages.Take(first)
                        .SelectMany(message => message.Parts.OfType<TextPart>())
                        .SelectMany<TextPart, JsonText>(
                            (part, i) => i == 0 ? [part.Text] : [JsonText.Of("\n\n"), part.Text]
                        ),
                ])
                .WriteTo(json);
        }
        if (first == request.Messages.Count)
            return;
        json.WritePropertyName("input"u8);
        var only = request.Messages[^1].AsCame(OpenAIResponsesDialect.DialectName);
        if (first == request.Messages.Count - 1 && only.Utf8.Span is [(byte)'"', ..])
        {
            DialectJson.Write(json, only);
            return;
        }
        json.WriteStartArray();
        var writer = new ResponsesItemWriter(json, losses);
        for (var i = first; i < request.Messages.Count; i++)
            writer.Write(
                request.Messages[i],
                string.Create(CultureInfo.InvariantCulture, $"messages[{i}]"),
                i
            );
        json.WriteEndArray();
    }

    /// <summary>System text that leads, and was not among the items.</summary>
    private static bool IsInstruction(Message message) =>
        message.Role is MessageRole.System or MessageRole.Developer
        && message.Origin?.Dialect != OpenAIResponsesDialect.DialectName
        && message.Parts.Count > 0
        && message.Parts.All(static part => part is TextPart);

    private static void WriteSampling(
        Utf8JsonWriter json,
        ChatRequest request,
        bool isOwn,
        Losses losses
    )
    {
        var limit = request.OutputLimit;
        if (!isOwn && limit < FewestTokens)
        {
            losses.Clamped(
                "max_output_tokens",
                limit.Value.ToString(CultureInfo.InvariantCulture),
                FewestTokens.ToString(CultureInfo.InvariantCulture)
            );
            limit = FewestTokens;
        }
        DialectJson.Write(json, "max_output_tokens"u8, limit);
        DialectJson.Write(json, "temperature"u8, request.Temperature);
        DialectJson.Write(json, "top_p"u8, request.TopP);
        DialectJson.Write(json, "top_logprobs"u8, request.TopLogProbs);
        if (request.TopK is not null)
            losses.Add("top_k");
        if (request.FrequencyPenalty is not null)
            losses.Add("frequency_penalty");
        if (request.PresencePenalty is not null)
            losses.Add("presence_penalty");
        if (request.Seed is not null)
            losses.Add("seed");
        if (request.Stop.Count > 0)
            losses.Add("stop");
        if (request.Count > 1)
            losses.Add("n");
        if (!request.Prediction.IsEmpty)
            losses.Add("prediction");
    }

    private static void WriteText(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        if (request.ResponseFormat is null && !ResponsesJson.Has(request.Raw, "text", default))
            return;
        json.WriteStartObject("text"u8);
        WriteFormat(json, request.ResponseFormat, losses);
        ResponsesJson.WriteRaw(json, request.Raw, "text");
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format, Losses losses)
    {
        switch (format?.Kind)
        {
            case null:
                return;
            case ResponseFormatKind.Raw when format.Dialect == OpenAIResponsesDialect.DialectName:
                DialectJson.Write(json, "format"u8, format.Json);
                return;
            case ResponseFormatKind.Raw:
                losses.Add("response_format");
                return;
        }
        json.WriteStartObject("format"u8);
        switch (format.Kind)
        {
            case ResponseFormatKind.Text:
                json.WriteString("type"u8, "text"u8);
                break;
            case ResponseFormatKind.JsonObject:
                json.WriteString("type"u8, "json_object"u8);
                break;
            default:
                json.WriteString("type"u8, "json_schema"u8);
                // It must have a name here; other dialects do not ask for one.
                DialectJson.Write(json, "name"u8, format.Name ?? JsonText.Of("answer"));
                DialectJson.Write(json, "description"u8, format.Description);
                DialectJson.Write(json, "schema"u8, format.Schema);
                DialectJson.Write(json, "strict"u8, format.IsStrict);
                break;
        }
        ResponsesJson.WriteRaw(json, format.Raw);
        ResponsesJson.NameLosses(format.Raw, "response_format", losses);
        json.WriteEndObject();
    }

    private static void WriteReasoning(
        Utf8JsonWriter json,
        ChatRequest request,
        Deployment target,
        bool isOwn,
        Losses losses
    )
    {
        var effort = isOwn ? request.ReasoningEffort : ResponsesEffort.For(request, target, losses);
        var summary =
            !isOwn && request.ReasoningShown is true && target.Capabilities.Reasoning is not false;
        if (effort is null && !summary && !ResponsesJson.Has(request.Raw, "reasoning", default))
            return;
        json.WriteStartObject("reasoning"u8);
        DialectJson.Write(json, "effort"u8, effort);
        if (summary)
            json.WriteString("summary"u8, "auto"u8);
        ResponsesJson.WriteRaw(json, request.Raw, "reasoning");
        json.WriteEndObject();
    }

    private static void WriteObject(
        Utf8JsonWriter json,
        string name,
        IReadOnlyList<RawField> fields
    )
    {
        if (!ResponsesJson.Has(fields, name, default))
            return;
        json.WriteStartObject(name);
        ResponsesJson.WriteRaw(json, fields, name);
        json.WriteEndObject();
    }

    /// <summary>Clients of other dialects send the whole conversation each time: nothing is to be kept, and reasoning is to come sealed with the answer.</summary>
    private static void WriteStateless(Utf8JsonWriter json, ChatRequest request, Deployment target)
    {
        json.WriteBoolean("store"u8, false);
        var logProbs = request.LogProbs is true || request.TopLogProbs > 0;
        // Models that do not reason refuse to be asked for it.
        var sealedReasoning = target.Capabilities.Reasoning is true;
        if (!logProbs && !sealedReasoning)
            return;
        json.WriteStartArray("include"u8);
        if (sealedReasoning)
            json.WriteStringValue("reasoning.encrypted_content"u8);
        if (logProbs)
            json.WriteStringValue("message.output_text.logprobs"u8);
        json.WriteEndArray();
    }
}
