using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Native;

/// <summary>How answers of the native API look as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(CompletionReply))]
[JsonSerializable(typeof(CompletionUpdate))]
[JsonSerializable(typeof(EmbeddingsReply))]
[JsonSerializable(typeof(IReadOnlyList<AttemptInfo>))]
internal sealed partial class CompletionJson : JsonSerializerContext
{
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static CompletionJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}

/// <summary>Times are numbers of milliseconds, to the microsecond.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => TimeSpan.FromMilliseconds(reader.GetDouble());

    public override void Write(
        Utf8JsonWriter writer,
        TimeSpan value,
        JsonSerializerOptions options
    ) => writer.WriteNumberValue(Math.Round(value.TotalMilliseconds, 3));
}

/// <summary>E.g. <c>tool_calls</c>.</summary>
internal sealed class StopReasonConverter()
    : JsonStringEnumConverter<StopReason>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>E.g. <c>computed</c>.</summary>
internal sealed class CostBasisConverter()
    : JsonStringEnumConverter<CostBasis>(JsonNamingPolicy.SnakeCaseLower);
