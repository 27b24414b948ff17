using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Dragoman.Access;

/// <summary>What is kept of a key's secret: its SHA-256 hash. Secrets hold 256 random bits, so that no salt and no slow hash is needed.</summary>
[InlineArray(Length)]
internal struct KeyHash : IEquatable<KeyHash>
{
    public const int Length = SHA256.HashSizeInBytes;

    private byte _first;

    /// <summary>Of a secret's text, which is ASCII; nothing is allocated.</summary>
    /// <param name="secret">At most <see cref="KeySecret.Length"/> characters.</param>
    public static KeyHash Of(ReadOnlySpan<char> secret)
    {
        Span<byte> bytes = stackalloc byte[KeySecret.Length];
        for (var i = 0; i < secret.Length; i++)
            bytes[i] = (byte)secret[i];
        var hash = default(KeyHash);
        SHA256.HashData(bytes[..secret.Length], hash);
        bytes.Clear();
        return hash;
    }

    /// <summary>As it was stored.</summary>
    public static KeyHash FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A hash has {Length} bytes.", nameof(bytes));
        var hash = default(KeyHash);
        bytes.CopyTo(hash);
        return hash;
    }

    public readonly byte[] ToArray() => ((ReadOnlySpan<byte>)this).ToArray();

    /// <summary>Takes the same time wherever the two differ.</summary>
    public readonly bool Equals(KeyHash other) =>
        CryptographicOperations.FixedTimeEquals(this, other);

    public override readonly bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    // Nobody can choose what a secret hashes to: any four bytes will do.
    public override readonly int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(this);
}
