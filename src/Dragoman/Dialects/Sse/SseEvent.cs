namespace Dragoman.Dialects.Sse;

/// <summary>One server-sent event, taken apart: a view into the bytes it came in.</summary>
public readonly ref struct SseEvent
{
    /// <summary>The <c>event:</c> field; empty where there is none.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>The <c>data:</c> lines joined with LF; empty where there are none.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>True where there was a <c>data:</c> line, be it empty.</summary>
    public bool HasData { get; private init; }

    /// <summary>True for the terminator of OpenAI's streams.</summary>
    public bool IsDone => Data.SequenceEqual("[DONE]"u8);

    /// <summary>Takes an event apart. Only an event of several <c>data:</c> lines allocates (they must be joined).</summary>
    public static SseEvent Parse(ReadOnlySpan<byte> raw)
    {
        if (raw.StartsWith("\uFEFF"u8))
            raw = raw[3..];
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> data = default;
        byte[]? joined = null;
        var dataLines = 0;
        while (!raw.IsEmpty)
        {
            var end = raw.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? raw : raw[..end];
            raw = end < 0 ? default : raw[(end + 1)..];
            if (Value(line, "data"u8, out var value))
            {
                dataLines++;
                data = dataLines == 1 ? value : Join(ref joined, data, value, raw.Length);
            }
            else if (Value(line, "event"u8, out value))
            {
                name = value;
            }
        }
        return new SseEvent
        {
            Name = name,
            Data = data.Trim((byte)' '),
            HasData = dataLines > 0,
        };
    }

    /// <summary>Puts a line behind those before it, in memory that holds all that may follow: an event may be a million lines.</summary>
    private static ReadOnlySpan<byte> Join(
        scoped ref byte[]? joined,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> line,
        int rest
    )
    {
        if (joined is null)
        {
            joined = new byte[data.Length + 1 + line.Length + rest];
            data.CopyTo(joined);
        }
        joined[data.Length] = (byte)'\n';
        line.CopyTo(joined.AsSpan(data.Length + 1));
        return joined.AsSpan(0, data.Length + 1 + line.Length);
    }

    private static bool Value(
        ReadOnlySpan<byte> line,
        ReadOnlySpan<byte> field,
        out ReadOnlySpan<byte> value
    )
    {
        value = default;
        if (!line.StartsWith(field))
            return false;
        var rest = line[field.Length..];
        if (rest.IsEmpty)
            return true;
        if (rest[0] != (byte)':')
            return false;
        value = rest[1..];
        if (!value.IsEmpty && value[0] == (byte)' ')
            value = value[1..];
        return true;
    }
}
