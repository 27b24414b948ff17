using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Routing.Classification;

/// <summary>Reads pieces of escaped text into characters without making strings of them.</summary>
internal static class EscapedText
{
    /// <summary>
    /// Reads from the start until <paramref name="room"/> is full; returns how many characters there are now, and whether that was all.
    /// </summary>
    public static int Head(ReadOnlySpan<byte> escaped, Span<char> room, out bool all)
    {
        var length = 0;
        while (!escaped.IsEmpty && length < room.Length)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
                plain = escaped.Length;
            if (plain > 0)
            {
                // A byte never becomes more than one character.
                var piece = escaped[..Math.Min(plain, (room.Length - length) * 3)];
                piece = Whole(piece);
                if (Encoding.UTF8.GetCharCount(piece) > room.Length - length)
                    piece = Whole(piece[..Math.Min(piece.Length, room.Length - length)]);
                length += Encoding.UTF8.GetChars(piece, room[length..]);
                escaped = escaped[piece.Length..];
                if (piece.Length < plain && length + 2 >= room.Length || piece.IsEmpty)
                    break;
                continue;
            }
            room[length++] = JsonUnescape.Unit(escaped, out var consumed);
            escaped = escaped[consumed..];
        }
        all = escaped.IsEmpty;
        return length;
    }

    /// <summary>Reads the last characters, as many as <paramref name="room"/> holds or fewer; returns how many.</summary>
    public static int Tail(ReadOnlySpan<byte> escaped, Span<char> room)
    {
        if (escaped.Length > room.Length)
        {
            escaped = escaped[^room.Length..];
            // Begin at a word, so as not to begin inside a character or an escape.
            var space = escaped[..Math.Min(escaped.Length, 200)].IndexOf((byte)' ');
            if (space >= 0)
                escaped = escaped[space..];
            else
            {
                while (!escaped.IsEmpty && (escaped[0] & 0xC0) == 0x80)
                    escaped = escaped[1..];
            }
        }
        return Head(escaped, room, out _);
    }

    /// <summary>Counts the tokens of a text.</summary>
    public static void Count(ReadOnlySpan<byte> escaped, ref TokenEstimate estimate)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                estimate.Add(escaped);
                return;
            }
            estimate.Add(escaped[..plain]);
            escaped = escaped[plain..];
            var unit = JsonUnescape.Unit(escaped, out var consumed);
            if (Rune.TryCreate(unit, out var rune))
                estimate.Add(utf8[..rune.EncodeToUtf8(utf8)]);
            escaped = escaped[consumed..];
        }
    }

    // Without the bytes of a character that was cut off at the end.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= Math.Min(4, piece.Length); back++)
        {
            var b = piece[^back];
            if ((b & 0xC0) == 0x80)
                continue;
            var need =
                b < 0x80 ? 1
                : b < 0xE0 ? 2
                : b < 0xF0 ? 3
                : 4;
            return need > back ? piece[..^back] : piece;
        }
        return piece;
    }
}
