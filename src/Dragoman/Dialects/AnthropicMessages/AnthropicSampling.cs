using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>Writes the parameters of sampling that the model takes, and names those it does not.</summary>
internal static class AnthropicSampling
{
    /// <param name="json">Where they go.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="isThinking">The model thinks: then it takes no other temperature than 1, no <c>top_k</c>, and <c>top_p</c> only from 0.95 on.</param>
    /// <param name="target">Whom it goes to.</param>
    /// <param name="claude">The model; null where it is not Anthropic's.</param>
    /// <param name="losses">Takes what it does not take.</param>
    public static void Write(
        Utf8JsonWriter json,
        ChatRequest request,
        bool isThinking,
        Deployment target,
        ClaudeModel? claude,
        Losses losses
    )
    {
        var takesNone =
            claude is { TakesSampling: false } || target.Capabilities.Temperature is false;
        var temperature = request.Temperature;
        if (temperature is { } asked && (takesNone || (isThinking && asked is not 1)))
            temperature = Drop<double>("temperature", losses);
        var topP = request.TopP;
        if (topP is { } share && (takesNone || (isThinking && share is < 0.95 or > 1)))
            topP = Drop<double>("top_p", losses);
        else if (topP is not null && temperature is not null && claude is { TakesOneSampler: true })
            topP = Drop<double>("top_p", losses);
        var topK = request.TopK;
        if (topK is not null && (takesNone || isThinking))
            topK = Drop<long>("top_k", losses);

        DialectJson.Write(json, "temperature"u8, Within("temperature", temperature, losses));
        DialectJson.Write(json, "top_p"u8, Within("top_p", topP, losses));
        DialectJson.Write(json, "top_k"u8, topK);
        WriteStop(json, request.Stop, losses);
        NameOthers(request, losses);
    }

    private static void WriteStop(Utf8JsonWriter json, IReadOnlyList<JsonText> stop, Losses losses)
    {
        // Anthropic refuses one that is all white space.
        var taken = stop.Where(text => !string.IsNullOrWhiteSpace(text.ToString())).ToList();
        if (taken.Count < stop.Count)
            losses.Add("stop (white space)");
        if (taken.Count == 0)
            return;
        json.WriteStartArray("stop_sequences"u8);
        foreach (var text in taken)
            text.WriteTo(json);
        json.WriteEndArray();
    }

    private static void NameOthers(ChatRequest request, Losses losses)
    {
        Name("frequency_penalty", request.FrequencyPenalty is not (null or 0));
        Name("presence_penalty", request.PresencePenalty is not (null or 0));
        Name("seed", request.Seed is not null);
        Name("n", request.Count > 1);
        Name("logprobs", request.LogProbs is true || request.TopLogProbs > 0);
        Name("prediction", !request.Prediction.IsEmpty);
        Name("metadata", !request.Metadata.IsEmpty);

        void Name(string parameter, bool isAsked)
        {
            if (isAsked)
                losses.Add(parameter);
        }
    }

    private static T? Drop<T>(string parameter, Losses losses)
        where T : struct
    {
        losses.Add(parameter);
        return null;
    }

    private static double? Within(string parameter, double? value, Losses losses)
    {
        if (value is not { } asked || asked is >= 0 and <= 1)
            return value;
        var clamped = Math.Clamp(asked, 0, 1);
        losses.Clamped(
            parameter,
            asked.ToString(CultureInfo.InvariantCulture),
            clamped.ToString(CultureInfo.InvariantCulture)
        );
        return clamped;
    }
}
