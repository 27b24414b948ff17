using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>Puts a row's name under its grouping, before its figures, and finds it there again.</summary>
internal sealed class UsageReportRowConverter : JsonConverter<UsageReportRow>
{
    public override UsageReportRow Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        using var row = JsonDocument.ParseValue(ref reader);
        var figures = row.RootElement.Deserialize(UsageJson.Default.UsageFigures);
        foreach (var member in row.RootElement.EnumerateObject())
        {
            if (UsageReport.GroupingOf(member.Name) is not null)
                return new UsageReportRow(figures!)
                {
                    Grouping = member.Name,
                    Name = member.Value.GetString(),
                };
        }
        throw new JsonException("A row of usage names no grouping.");
    }

    public override void Write(
        Utf8JsonWriter writer,
        UsageReportRow value,
        JsonSerializerOptions options
    )
    {
        writer.WriteStartObject();
        writer.WriteString(value.Grouping, value.Name);
        Write(writer, "total_cost"u8, value.TotalCost);
        writer.WriteNumber("unpriced_calls"u8, value.UnpricedCalls);
        Write(writer, "total_tokens"u8, value.TotalTokens);
        writer.WritePropertyName("tokens"u8);
        JsonSerializer.Serialize(writer, value.Tokens, UsageJson.Default.UsageTokens!);
        writer.WriteNumber("uncounted_calls"u8, value.UncountedCalls);
        writer.WriteNumber("call_count"u8, value.CallCount);
        writer.WriteNumber("successes"u8, value.Successes);
        writer.WriteNumber("failures"u8, value.Failures);
        writer.WriteNumber("cancelled"u8, value.Cancelled);
        Write(writer, "average_latency_ms"u8, value.AverageLatencyMs);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, decimal? value)
    {
        if (value is { } known)
            writer.WriteNumber(name, known);
        else
            writer.WriteNull(name);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UsageReport))]
[JsonSerializable(typeof(UsageFigures))]
[JsonSerializable(typeof(UsageTokens))]
internal sealed partial class UsageJson : JsonSerializerContext;
