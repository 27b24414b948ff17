using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads <c>generationConfig</c>.</summary>
internal static class GeminiConfigReader
{
    private const string Member = "generationConfig";

    public static ChatRequest Read(ref JsonCursor json, ChatRequest request)
    {
        var raw = new RawFields(GeminiDialect.DialectName) { Parent = Member };
        var format = new GeminiFormat();
        var any = false;
        while (json.NextMember())
        {
            any = true;
            if (json.IsNull)
                json.Carry(ref raw);
            else if (!format.TryRead(ref json, ref raw))
                request =
                    ReadSampling(ref json, ref raw, request)
                    ?? ReadRest(ref json, ref raw, request);
        }
        request = request with
        {
            ResponseFormat = format.ToResponseFormat(),
            Raw = [.. request.Raw, .. raw.ToList()],
        };
        return any ? request : request with { Raw = GeminiJson.Marked(request.Raw, Member) };
    }

    private static ChatRequest? ReadSampling(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        if (json.Is("temperature"u8))
            return request with { Temperature = json.Number(ref raw) };
        if (GeminiJson.Is(json, "topP"u8))
            return request with { TopP = json.Number(ref raw) };
        // A number in Google's reference, and some clients send 40.0.
        if (GeminiJson.Is(json, "topK"u8))
            return request with { TopK = json.Integer(ref raw) };
        if (GeminiJson.Is(json, "candidateCount"u8))
            return request with
            {
                Count = (int?)json.Integer(ref raw, least: 1, most: int.MaxValue),
            };
        if (GeminiJson.Is(json, "maxOutputTokens"u8))
            return request with { MaxTokens = json.Integer(ref raw, least: 1) };
        if (json.Is("seed"u8))
            return request with { Seed = json.Integer(ref raw) };
        if (GeminiJson.Is(json, "presencePenalty"u8))
            return request with { PresencePenalty = json.Number(ref raw) };
        if (GeminiJson.Is(json, "frequencyPenalty"u8))
            return request with { FrequencyPenalty = json.Number(ref raw) };
        if (GeminiJson.Is(json, "responseLogprobs"u8))
            return request with { LogProbs = json.Flag(ref raw) };
        if (json.Is("logprobs"u8))
            return request with
            {
                TopLogProbs = (int?)json.Integer(ref raw, least: 0, most: int.MaxValue),
            };
        return null;
    }

    private static ChatRequest ReadRest(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (GeminiJson.Is(json, "stopSequences"u8) && json.IsList && !json.IsEmptyList)
            return request with { Stop = ReadStop(ref json) };
        if (json.IsObject && GeminiJson.Is(json, "thinkingConfig"u8))
            return ReadThinking(ref json, ref raw, request);
        json.Carry(ref raw);
        return request;
    }

    private static List<JsonText> ReadStop(ref JsonCursor json)
    {
        var stop = new List<JsonText>();
        while (json.NextItem())
        {
            if (json.IsText)
                stop.Add(json.TakeText());
            else
                json.RefuseItem("a string");
        }
        return stop;
    }

    private static ChatRequest ReadThinking(
        ref JsonCursor json,
        ref RawFields raw,
        ChatRequest request
    )
    {
        var any = false;
        raw.Parent = "thinkingConfig";
        while (json.NextMember())
        {
            any = true;
            if (json.IsNull)
                json.Carry(ref raw);
            else if (GeminiJson.Is(json, "includeThoughts"u8))
                request = request with { ReasoningShown = json.Flag(ref raw) };
            else if (GeminiJson.Is(json, "thinkingBudget"u8))
                request = request with { ReasoningBudget = json.Integer(ref raw, least: -1) };
            else if (json.IsText && GeminiJson.Is(json, "thinkingLevel"u8))
                request = ReadLevel(json.TakeText(), request);
            else
                json.Carry(ref raw);
        }
        raw.Parent = Member;
        return any
            ? request
            : request with
            {
                Raw = GeminiJson.Marked(request.Raw, "thinkingConfig"),
            };
    }

    /// <summary>Written LOW and low; everybody else's words are in lower case.</summary>
    private static ChatRequest ReadLevel(JsonText level, ChatRequest request)
    {
        var word = level.ToString();
        var lower = word.ToLowerInvariant();
        request = request with { ReasoningEffort = JsonText.Of(lower) };
        return lower == word
            ? request
            : request with
            {
                Raw = GeminiJson.Marked(request.Raw, "upperLevel"),
            };
    }
}
