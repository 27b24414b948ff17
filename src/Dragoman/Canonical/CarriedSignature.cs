using System.Buffers.Text;
using System.Text;

namespace Dragoman.Canonical;

/// <summary>
/// A signature of one dialect on its way through a client of another: clients send opaque signatures back as they got them, so it
/// is wrapped in one that names its origin. The wrapping is base64 throughout, since Gemini's libraries decode what they are given.
/// </summary>
public static class CarriedSignature
{
    // Nine bytes are twelve letters of base64, whatever follows.
    private const string Mark = "dragoman:";
    private static readonly byte[] EncodedMark = "ZHJhZ29tYW46"u8.ToArray();

    /// <summary>Whether a body holds a signature that was wrapped: then it is of more than one dialect.</summary>
    public static bool IsIn(ReadOnlySpan<byte> body) => body.IndexOf(EncodedMark) >= 0;

    /// <summary>The signature as a writer of <paramref name="dialect"/> shows it: as it is where it is that dialect's own.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="of">The dialect it is of; null where nobody knows, which is taken for <paramref name="dialect"/>.</param>
    /// <param name="dialect">The dialect it is written in.</param>
    public static JsonText Show(JsonText signature, string? of, string dialect)
    {
        if (of is null || of == dialect)
            return signature;
        var text = $"{Mark}{of}:{signature}";
        return JsonText.FromEscaped(
            Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))
        );
    }

    /// <summary>Reads what stands where a signature of <paramref name="dialect"/> does; the second is the dialect it really is of.</summary>
    public static (JsonText Signature, string Of) Read(JsonText shown, string dialect)
    {
        // Some clients escape the slash.
        ReadOnlySpan<byte> escaped = shown.Escaped.Span.Contains((byte)'\\')
            ? Encoding.UTF8.GetBytes(shown.ToString())
            : shown.Escaped.Span;
        if (!escaped.StartsWith(EncodedMark))
            return (shown, dialect);
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(escaped.Length)];
        if (
            Base64.DecodeFromUtf8(escaped, decoded, out _, out var length)
            is not System.Buffers.OperationStatus.Done
        )
            return (shown, dialect);
        var text = Encoding.UTF8.GetString(decoded.AsSpan(Mark.Length, length - Mark.Length));
        var end = text.IndexOf(':');
        return end <= 0 ? (shown, dialect) : (JsonText.Of(text[(end + 1)..]), text[..end]);
    }
}
