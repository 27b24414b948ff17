using System.Security.Cryptography;

namespace Dragoman.Access.Auditing;

/// <summary>The key that seals audit entries. It cannot print itself.</summary>
internal sealed class AuditKey
{
    /// <summary>What the vault of secrets calls it. It outlives a rotation of the master key: entries before it stay verifiable.</summary>
    public const string Purpose = "audit";

    private readonly byte[] _key;

    /// <param name="key">At least 256 bits that nobody can guess.</param>
    public AuditKey(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 32);
        _key = key.ToArray();
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(_key, "dragoman audit key"u8)[..6]);
    }

    /// <summary>Tells keys apart, and nothing of what they are.</summary>
    public string Id { get; }

    public byte[] Seal(ReadOnlySpan<byte> what) => HMACSHA256.HashData(_key, what);
}

/// <summary>The key in use, and those that sealed entries before it.</summary>
internal sealed class AuditKeys(AuditKey current, params IReadOnlyList<AuditKey> former)
{
    public AuditKey Current => current;

    public AuditKey? Find(string id) =>
        current.Id == id ? current : former.FirstOrDefault(key => key.Id == id);
}
