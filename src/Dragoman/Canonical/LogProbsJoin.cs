using System.Buffers;
using System.Text.Json;

namespace Dragoman.Canonical;

/// <summary>Joins the log probabilities of a stream's chunks, <c>{"content":[…],"refusal":…}</c> each, into one of that shape.</summary>
internal static class LogProbsJoin
{
    /// <summary>Adds a chunk's entries. Refusals have hardly any, so only those of the content are kept.</summary>
    public static void Append(ArrayBufferWriter<byte> joined, ReadOnlySpan<byte> chunk)
    {
        try
        {
            var reader = new Utf8JsonReader(chunk);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isContent = JsonUnescape.Is(ref reader, "content"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                var isList = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
                if (isContent && isList)
                    AppendEntries(joined, chunk[(start + 1)..((int)reader.BytesConsumed - 1)]);
            }
        }
        catch (JsonException)
        {
            // A stream's chunk was parsed whole before its parts are handed over, so this is a caller's own malformed value.
        }
    }

    /// <summary>The whole, or nothing where no chunk had any.</summary>
    public static RawJson Close(ArrayBufferWriter<byte> joined) =>
        joined.WrittenCount == 0
            ? default
            : new RawJson((byte[])[.. joined.WrittenSpan, .. """],"refusal":null}"""u8]);

    private static void AppendEntries(ArrayBufferWriter<byte> joined, ReadOnlySpan<byte> entries)
    {
        if (joined.WrittenCount == 0)
            joined.Write("""{"content":["""u8);
        else if (joined.WrittenSpan[^1] == (byte)'}' && !entries.Trim((byte)' ').IsEmpty)
            joined.Write(","u8);
        joined.Write(entries);
    }
}
