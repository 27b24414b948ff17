using System.Diagnostics.CodeAnalysis;

namespace Dragoman.Exchanges;

/// <summary>
/// The id of an exchange: 63 bits, ascending in time, so that the ledger's row id is the id itself. Shown as <c>req_</c> and
/// 13 letters of Crockford's base 32.
/// </summary>
public readonly record struct RequestId(long Value) : ISpanFormattable
{
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 17;

    public override string ToString() =>
        string.Create(Length, Value, static (span, value) => Write(span, value));

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider
    )
    {
        charsWritten = 0;
        if (destination.Length < Length)
            return false;
        Write(destination, Value);
        charsWritten = Length;
        return true;
    }

    /// <summary>Reads what <see cref="ToString()"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RequestId id)
    {
        id = default;
        if (text is not { Length: Length } || !text.StartsWith("req_", StringComparison.Ordinal))
            return false;
        long value = 0;
        foreach (var letter in text.AsSpan(4))
        {
            var digit = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0 || value >> 58 != 0)
                return false;
            value = (value << 5) | (uint)digit;
        }
        id = new RequestId(value);
        return true;
    }

    private static void Write(Span<char> span, long value)
    {
        "req_".CopyTo(span);
        for (var i = Length - 1; i >= 4; i--, value >>= 5)
            span[i] = Letters[(int)(value & 31)];
    }
}

/// <summary>Gives ids: 41 bits of milliseconds since 2024, 10 bits of this process (drawn at its start), 12 bits of count.</summary>
public sealed class RequestIds(TimeProvider time, Random random)
{
    private static readonly long Epoch = new DateTimeOffset(
        2024,
        1,
        1,
        0,
        0,
        0,
        TimeSpan.Zero
    ).ToUnixTimeMilliseconds();
    private readonly long _node = random.Next(1024);
    private long _last;

    /// <summary>When an id was given, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(RequestId id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Epoch + (id.Value >> 22));

    /// <summary>The next id: unique in this process, larger than every earlier one.</summary>
    public RequestId Next()
    {
        var now = (time.GetUtcNow().ToUnixTimeMilliseconds() - Epoch) << 12;
        long seen,
            next;
        do
        {
            seen = Volatile.Read(ref _last);
            // Past 4,096 ids in one millisecond the count borrows from the next one.
            next = Math.Max(now, seen + 1);
        } while (Interlocked.CompareExchange(ref _last, next, seen) != seen);
        return new RequestId(((next >> 12) << 22) | (_node << 12) | (next & 0xFFF));
    }
}
