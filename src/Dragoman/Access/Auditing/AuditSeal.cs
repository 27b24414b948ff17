using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dragoman.Access.Auditing;

/// <summary>What entries and the chain's end are sealed over: every member with its length, so that no two say the same bytes.</summary>
internal static class AuditSeal
{
    /// <summary>Stands before the first entry.</summary>
    public static readonly byte[] Beginning = new byte[HMACSHA256.HashSizeInBytes];

    /// <summary>The mac an entry must have behind the one of <paramref name="before"/>.</summary>
    public static byte[] Of(AuditEntry entry, ReadOnlySpan<byte> before, AuditKey key)
    {
        var said = new ArrayBufferWriter<byte>(512);
        Add(said, "entry 1");
        Add(said, entry.Number);
        Add(said, entry.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        Add(said, entry.Who);
        Add(said, entry.Name);
        Add(said, entry.Role);
        Add(said, entry.Address);
        Add(said, entry.UserAgent);
        Add(said, entry.Action);
        Add(said, entry.Subject);
        Add(said, entry.Before);
        Add(said, entry.After);
        Add(said, entry.Key);
        said.Write(before);
        return key.Seal(said.WrittenSpan);
    }

    /// <summary>The end of a chain, sealed.</summary>
    public static AuditEnd EndAt(long count, byte[] mac, AuditKey key)
    {
        var said = new ArrayBufferWriter<byte>(64);
        Add(said, "end 1");
        Add(said, count);
        said.Write(mac);
        return new AuditEnd(count, mac, key.Id, key.Seal(said.WrittenSpan));
    }

    /// <summary>Whether nobody but a holder of the key wrote this end.</summary>
    public static bool IsWhole(AuditEnd end, AuditKeys keys) =>
        keys.Find(end.Key) is { } key
        && CryptographicOperations.FixedTimeEquals(EndAt(end.Count, end.Mac, key).Seal, end.Seal);

    private static void Add(ArrayBufferWriter<byte> said, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(said.GetSpan(sizeof(long)), number);
        said.Advance(sizeof(long));
    }

    /// <summary>No text at all is not the empty one.</summary>
    private static void Add(ArrayBufferWriter<byte> said, string? text)
    {
        Add(said, text is null ? -1L : Encoding.UTF8.GetByteCount(text));
        if (text is not null)
            Encoding.UTF8.GetBytes(text, said);
    }
}
