using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads a chat completions request.</summary>
internal static class OpenAIChatRequestReader
{
    /// <summary>Reads a body; the request's slices live as long as the body's buffer.</summary>
    /// <param name="body">The body, without its <c>dragoman</c> member or with it: it is passed over.</param>
    /// <param name="request">The request; null where the body is wrong.</param>
    /// <param name="error">What is wrong, where, and what is allowed; null where nothing is.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out ChatRequest? request,
        out GatewayError? error
    ) => JsonBody.TryRead(body, Read, out request, out error);

    private static ChatRequest? Read(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object");
            return null;
        }
        var at = json.Offset;
        var request = new ChatRequest { Model = default, Messages = [] };
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        while (json.NextMember())
        {
            if (json.Is("dragoman"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else
                request =
                    ReadContent(ref json, ref raw, request)
                    ?? ReadSampling(ref json, ref raw, request)
                    ?? ReadRest(ref json, ref raw, request);
        }
        if (request.Model.IsEmpty)
            json.Missing("model", "the name of a model", at);
        if (request.Messages.Count == 0)
            json.Missing("messages", "a list of at least one message", at);
        return request with { Raw = raw.ToList() };
    }

    private static ChatRequest? ReadContent(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("model"u8))
            return request with { Model = json.Text(ref raw) ?? default };
        if (json.Is("messages"u8))
            return request with { Messages = ReadMessages(ref json, ref raw) };
        if (json.Is("tools"u8))
            return request with { Tools = OpenAIToolReader.ReadTools(ref json, ref raw) };
        if (json.Is("tool_choice"u8))
            return request with { ToolChoice = OpenAIToolReader.ReadChoice(ref json, ref raw) };
        if (json.Is("parallel_tool_calls"u8))
            return request with { ParallelToolCalls = json.Flag(ref raw) };
        if (json.Is("response_format"u8))
            return request with
            {
                ResponseFormat = OpenAIResponseFormatReader.Read(ref json, ref raw),
            };
        return null;
    }

    private static ChatRequest? ReadSampling(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("max_completion_tokens"u8))
            return request with { MaxCompletionTokens = json.Integer(ref raw, least: 1) };
        if (json.Is("max_tokens"u8))
            return request with { MaxTokens = json.Integer(ref raw, least: 1) };
        if (json.Is("temperature"u8))
            return request with { Temperature = json.Number(ref raw) };
        if (json.Is("top_p"u8))
            return request with { TopP = json.Number(ref raw) };
        if (json.Is("top_k"u8))
            return request with { TopK = json.Integer(ref raw) };
        if (json.Is("frequency_penalty"u8))
            return request with { FrequencyPenalty = json.Number(ref raw) };
        if (json.Is("presence_penalty"u8))
            return request with { PresencePenalty = json.Number(ref raw) };
        if (json.Is("seed"u8))
            return request with { Seed = json.Integer(ref raw) };
        if (json.Is("stop"u8))
            return ReadStop(ref json, ref raw, request);
        if (json.Is("n"u8))
            return request with
            {
                Count = (int?)json.Integer(ref raw, least: 1, most: int.MaxValue),
            };
        if (json.Is("logprobs"u8))
            return request with { LogProbs = json.Flag(ref raw) };
        if (json.Is("top_logprobs"u8))
            return request with
            {
                TopLogProbs = (int?)json.Integer(ref raw, least: 0, most: int.MaxValue),
            };
        return null;
    }

    private static ChatRequest ReadRest(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (json.Is("reasoning_effort"u8))
            return request with { ReasoningEffort = json.Text(ref raw) };
        if (json.Is("prediction"u8))
            return request with { Prediction = json.Object(ref raw) };
        if (json.Is("service_tier"u8))
            return request with { ServiceTier = json.Text(ref raw) };
        if (json.Is("user"u8))
            return request with { User = json.Text(ref raw) };
        if (json.Is("metadata"u8))
            return request with { Metadata = json.Object(ref raw) };
        if (json.Is("stream"u8))
            return request with { Stream = json.Flag(ref raw) };
        if (json.Is("stream_options"u8))
            return ReadStreamOptions(ref json, ref raw, request);
        json.Carry(ref raw);
        return request;
    }

    private static List<Message> ReadMessages(ref JsonCursor json, ref RawFields raw)
    {
        var messages = new List<Message>();
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of messages");
            return messages;
        }
        while (json.NextItem())
        {
            if (OpenAIMessageReader.Read(ref json) is { } message)
                messages.Add(message);
        }
        return messages;
    }

    private static ChatRequest ReadStop(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (json.IsText)
            return request with { Stop = [json.TakeText()], IsBareStop = true };
        if (json.IsEmptyList || !json.IsList)
        {
            if (json.IsList)
                json.Carry(ref raw);
            else
                json.Refuse(ref raw, "a string or a list of strings");
            return request;
        }
        var stop = new List<JsonText>();
        while (json.NextItem())
        {
            if (json.IsText)
                stop.Add(json.TakeText());
            else
                json.RefuseItem("a string");
        }
        return request with { Stop = stop };
    }

    private static ChatRequest ReadStreamOptions(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (!json.IsObject)
        {
            json.Refuse(ref raw, "an object");
            return request;
        }
        raw.Parent = "stream_options";
        while (json.NextMember())
        {
            if (!json.IsNull && json.Is("include_usage"u8))
                request = request with { IncludeUsage = json.Flag(ref raw) };
            else
                json.Carry(ref raw);
        }
        raw.Parent = null;
        return request;
    }
}
