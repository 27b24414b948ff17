using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;

namespace Dragoman.Canonical;

/// <summary>Embeddings in the shape between the dialects.</summary>
public sealed record EmbeddingReply
{
    public JsonText? Model { get; init; }
    public IReadOnlyList<Embedding> Embeddings { get; init; } = [];
    public TokenUsage? Usage { get; init; }

    /// <summary>The usage as it came, for a writer of the same dialect.</summary>
    public RawField? RawUsage { get; init; }

    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];
}

/// <summary>One embedding, its numbers in the encoding they came in.</summary>
/// <param name="Index">Which input it belongs to.</param>
/// <param name="Encoding">How <paramref name="Value"/> is to be read.</param>
/// <param name="Value">The JSON value: a list of numbers, or a string of base64.</param>
public sealed record Embedding(int Index, EmbeddingEncoding Encoding, RawJson Value)
{
    /// <summary>Fields without a canonical place.</summary>
    public IReadOnlyList<RawField> Raw { get; init; } = [];

    /// <summary>The numbers; null where the encoding is not understood or the value is malformed.</summary>
    public float[]? ToFloats() =>
        Encoding switch
        {
            EmbeddingEncoding.Float => FromNumbers(Value.Utf8.Span),
            EmbeddingEncoding.Base64 => FromBase64(Value.Utf8.Span),
            _ => null,
        };

    private static float[]? FromNumbers(ReadOnlySpan<byte> json)
    {
        var numbers = new List<float>();
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                numbers.Add(reader.TryGetSingle(out var number) ? number : float.NaN);
            return reader.TokenType == JsonTokenType.EndArray ? [.. numbers] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static float[]? FromBase64(ReadOnlySpan<byte> json)
    {
        // Base64 knows one character that JSON may escape: the slash.
        var text = json.Contains((byte)'\\')
            ? System.Text.Encoding.UTF8.GetBytes(JsonUnescape.ToText(json))
            : json;
        text = text.Trim((byte)'"');
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (
            Base64.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done
            || length % sizeof(float) != 0
        )
            return null;
        var floats = new float[length / sizeof(float)];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return floats;
    }
}
