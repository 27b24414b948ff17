using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Server.Hosting;

/// <summary>The one key that opens the server, kept as its hash; the comparison takes the same time whatever is offered.</summary>
internal sealed class AdminKey(SecretText secret)
{
    private const int MaxLength = 4096;

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()));

    /// <summary>Tells keys apart, and nothing of what they are: a hash of the hash.</summary>
    public string Stamp => Convert.ToHexString(SHA256.HashData(_hash).AsSpan(0, 8));

    public bool Opens(ReadOnlySpan<char> offered)
    {
        if (offered.Length is 0 or > MaxLength)
            return false;
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(offered.Length));
        try
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(offered, bytes)), hash);
            return CryptographicOperations.FixedTimeEquals(hash, _hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
