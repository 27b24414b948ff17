using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.OpenAI;

/// <summary>Writes a <c>usage</c> object.</summary>
internal static class UsageWriter
{
    // A made-up price, the same for every model: $1 per million tokens in, $4 out.
    private const decimal DollarsPerInputToken = 0.000001m;
    private const decimal DollarsPerOutputToken = 0.000004m;
    private const decimal TicksPerDollar = 10_000_000_000m;

    public static void Write(Utf8JsonWriter json, AnswerUsage usage, UsageShape shape)
    {
        var outside = shape == UsageShape.ReasoningOutside ? usage.Reasoning : 0;
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens", usage.Prompt);
        json.WriteNumber("completion_tokens", usage.Completion - outside);
        json.WriteNumber("total_tokens", usage.Total);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.Cached);
        json.WriteNumber("audio_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.Reasoning);
        json.WriteNumber("audio_tokens", 0);
        json.WriteNumber("accepted_prediction_tokens", 0);
        json.WriteNumber("rejected_prediction_tokens", 0);
        json.WriteEndObject();
        WriteCost(json, usage, shape);
        json.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter json, AnswerUsage usage, UsageShape shape)
    {
        var input = usage.Prompt * DollarsPerInputToken;
        var output = usage.Completion * DollarsPerOutputToken;
        switch (shape)
        {
            case UsageShape.Cost:
                json.WriteNumber("cost", input + output);
                break;
            case UsageShape.CostTicks:
                json.WriteNumber("cost_in_usd_ticks", (long)((input + output) * TicksPerDollar));
                break;
            case UsageShape.CostObject:
                json.WriteStartObject("cost");
                json.WriteNumber("input_tokens_cost", input);
                json.WriteNumber("output_tokens_cost", output);
                json.WriteNumber("total_cost", input + output);
                json.WriteEndObject();
                break;
        }
    }
}
