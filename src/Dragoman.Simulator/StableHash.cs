using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dragoman.Simulator;

/// <summary>Numbers and ids that depend on their text alone, in every process and on every machine.</summary>
internal static class StableHash
{
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Twenty-four hexadecimal digits.</summary>
    public static string Id(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..12]);
    }
}
