using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads what chat and generate have in common: the model, its options, the answer's shape.</summary>
internal static class OllamaSharedMembers
{
    /// <summary>Reads the member the cursor stands on; it is not null.</summary>
    public static ChatRequest Read(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (json.Is("model"u8))
            return request with { Model = json.Text(ref raw) ?? default };
        if (json.Is("stream"u8))
            return request with { Stream = json.Flag(ref raw) };
        if (json.Is("options"u8))
            return ReadOptions(ref json, ref raw, request);
        if (json.Is("format"u8))
            return ReadFormat(ref json, ref raw, request);
        if (json.Is("think"u8))
            return ReadThink(ref json, ref raw, request);
        if (json.Is("logprobs"u8))
            return request with { LogProbs = json.Flag(ref raw) };
        if (json.Is("top_logprobs"u8))
            return request with
            {
                TopLogProbs = (int?)json.Integer(ref raw, least: 0, most: int.MaxValue),
            };
        json.Carry(ref raw);
        return request;
    }

    private static ChatRequest ReadOptions(
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
        var whole = json.PeekJson();
        var isEmpty = true;
        raw.Parent = "options";
        while (json.NextMember())
        {
            isEmpty = false;
            request = json.IsNull
                ? Carried(ref json, ref raw, request)
                : ReadOption(ref json, ref raw, request);
        }
        raw.Parent = null;
        if (isEmpty)
            raw.Add(JsonText.Of("options"), whole);
        return request;
    }

    private static ChatRequest ReadOption(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("temperature"u8))
            return request with { Temperature = json.Number(ref raw) };
        if (json.Is("top_p"u8))
            return request with { TopP = json.Number(ref raw) };
        if (json.Is("top_k"u8))
            return request with { TopK = json.Integer(ref raw) };
        if (json.Is("seed"u8))
            return request with { Seed = json.Integer(ref raw) };
        if (json.Is("presence_penalty"u8))
            return request with { PresencePenalty = json.Number(ref raw) };
        if (json.Is("frequency_penalty"u8))
            return request with { FrequencyPenalty = json.Number(ref raw) };
        // -1 and -2 are no limit but the absence of one.
        if (json.Is("num_predict"u8) && !IsUnlimited(json))
            return request with { MaxTokens = json.Integer(ref raw, least: 1) };
        if (json.Is("stop"u8) && !json.IsEmptyList)
            return ReadStop(ref json, ref raw, request);
        return Carried(ref json, ref raw, request);
    }

    private static ChatRequest ReadStop(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (json.IsText)
            return request with { Stop = [json.TakeText()], IsBareStop = true };
        if (!json.IsList)
        {
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

    /// <summary><c>"json"</c>, or a JSON schema; older clients send an empty string for neither.</summary>
    private static ChatRequest ReadFormat(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.ValueIs("json"u8))
            return request with { ResponseFormat = new(ResponseFormatKind.JsonObject) };
        if (json.ValueIs(""u8))
            return Carried(ref json, ref raw, request);
        if (json.IsObject)
            return request with
            {
                ResponseFormat = new(ResponseFormatKind.JsonSchema) { Schema = json.TakeJson() },
            };
        json.Refuse(ref raw, "\"json\" or a JSON schema");
        return request;
    }

    /// <summary>On, off, or how much.</summary>
    private static ChatRequest ReadThink(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.IsText)
            return request with { ReasoningEffort = json.TakeText(), ReasoningShown = true };
        if (json.Flag(ref raw) is not { } isOn)
            return request;
        return request with { Reasoning = isOn, ReasoningShown = isOn ? true : null };
    }

    private static bool IsUnlimited(in JsonCursor json) =>
        json.IsNumber && json.PeekJson().Utf8.Span[0] is (byte)'-' or (byte)'0';

    private static ChatRequest Carried(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        json.Carry(ref raw);
        return request;
    }
}
