using System.Text;

namespace Dragoman.Canonical;

/// <summary>
/// A JSON value as the UTF-8 it came in: never re-indented, never reordered. A slice of the body it was read from, so it lives
/// as long as that buffer does.
/// </summary>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>True for <c>default</c>: no value at all, not even <c>null</c>.</summary>
    public bool IsEmpty => Utf8.IsEmpty;

    /// <summary>Takes JSON written as text; it is not checked.</summary>
    public static RawJson Of(string json) => new(Encoding.UTF8.GetBytes(json));

    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode() => HashOf(Utf8.Span);

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    internal static int HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
