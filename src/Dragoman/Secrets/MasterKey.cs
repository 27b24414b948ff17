using System.Security.Cryptography;
using System.Text;

namespace Dragoman.Secrets;

/// <summary>
/// The key that all others come from: <c>DRAGOMAN_MASTER_KEY</c>, or a file in the data folder. It encrypts nothing itself and
/// cannot print itself.
/// </summary>
public sealed class MasterKey
{
    /// <summary>The variable that holds it.</summary>
    public const string Variable = "DRAGOMAN_MASTER_KEY";

    /// <summary>In bytes.</summary>
    public const int Length = 32;

    /// <summary>What secrets in the database are encrypted with.</summary>
    public const string ForSecrets = "secrets";

    /// <summary>What the audit trail is chained with.</summary>
    public const string ForAudit = "audit";

    /// <summary>What sessions are signed with.</summary>
    public const string ForSessions = "sessions";

    /// <summary>Shorter words are guessed too soon, however slow each guess is made.</summary>
    private const int ShortestPassphrase = 20;

    private const int FewestLetters = 10;

    /// <summary>OWASP's figure for PBKDF2 with SHA-256 (Password Storage Cheat Sheet, seen 2026-11): about 0.2 s a guess.</summary>
    private const int Rounds = 600_000;

    /// <summary>The same for all, since it must be known before the database is: what a salt of one's own would add, the passphrase's length has to.</summary>
    private static readonly byte[] Salt = "dragoman master key, version 1"u8.ToArray();

    private readonly byte[] _key;

    private MasterKey(byte[] key, string source)
    {
        (_key, Source) = (key, source);
        Fingerprint = Convert.ToHexStringLower(Derive("fingerprint", 6));
    }

    /// <summary>Where it is from: the variable's name, or the file's path.</summary>
    public string Source { get; }

    /// <summary>Tells keys apart and tells nothing about them.</summary>
    public string Fingerprint { get; }

    /// <summary>The variable's; where it is not set the file's, which is made on first use.</summary>
    /// <exception cref="MasterKeyException">It is weak, or the file cannot be used.</exception>
    public static MasterKey Open(Func<string, string?> environment, string dataFolder) =>
        environment(Variable) is { } said && !string.IsNullOrWhiteSpace(said)
            ? Read(said, Variable)
            : MasterKeyFile.Open(dataFolder);

    /// <summary>Reads 32 bytes in base64 (or as 64 hexadecimal digits); anything else is a passphrase.</summary>
    /// <param name="text">The key as people write it.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <exception cref="MasterKeyException">It is weak.</exception>
    public static MasterKey Read(string text, string source)
    {
        text = text.Trim();
        return Bytes(text) is { } bytes
            ? Of(bytes, source)
            : new MasterKey(Stretched(text, source), source);
    }

    /// <summary>A key of 32 bytes.</summary>
    /// <exception cref="MasterKeyException">No random generator made these.</exception>
    public static MasterKey Of(ReadOnlySpan<byte> key, string source)
    {
        if (key.Length != Length)
            throw new MasterKeyException($"{source} must be {Length} bytes, not {key.Length}.");
        // Thirty-two random bytes hold about thirty different ones.
        var seen = new HashSet<byte>();
        foreach (var one in key)
            seen.Add(one);
        if (seen.Count < 16)
            throw new MasterKeyException(
                $"{source} is weak: its {Length} bytes are not random. {HowToMake}"
            );
        return new MasterKey(key.ToArray(), source);
    }

    /// <summary>A new random one.</summary>
    public static MasterKey Create(string source) =>
        new(RandomNumberGenerator.GetBytes(Length), source);

    /// <summary>A key for one purpose, by HKDF-SHA256: who holds it learns nothing of the others.</summary>
    public byte[] Derive(string purpose, int length = Length) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            _key,
            length,
            info: Encoding.UTF8.GetBytes("dragoman/" + purpose)
        );

    /// <summary>The key in base64, for who keeps it in a file.</summary>
    internal string Reveal() => Convert.ToBase64String(_key);

    public override string ToString() => "***";

    private static string HowToMake => "Make one with: openssl rand -base64 32";

    private static byte[]? Bytes(string text)
    {
        if (text.Length == Length * 2 && text.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(text);
        var usual = text.Replace('-', '+').Replace('_', '/');
        Span<byte> bytes = stackalloc byte[Length + 1];
        // 43 digits without the padding, as URL-safe base64 has it.
        if (usual.Length == 43)
            usual += "=";
        return
            usual.Length == 44
            && Convert.TryFromBase64String(usual, bytes, out var count)
            && count == Length
            ? bytes[..count].ToArray()
            : null;
    }

    private static byte[] Stretched(string passphrase, string source)
    {
        if (passphrase.Length < ShortestPassphrase)
            throw new MasterKeyException(
                $"{source} is weak: it is neither {Length} bytes in base64 nor a passphrase of {ShortestPassphrase} characters or more. {HowToMake}"
            );
        if (passphrase.Distinct().Count() < FewestLetters)
            throw new MasterKeyException(
                $"{source} is weak: a passphrase must have {FewestLetters} different characters or more. {HowToMake}"
            );
        return Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormC)),
            Salt,
            Rounds,
            HashAlgorithmName.SHA256,
            Length
        );
    }
}

/// <summary>Why the master key cannot be used, in words for the one who set it. Never holds the key.</summary>
public sealed class MasterKeyException(string message, Exception? inner = null)
    : Exception(message, inner);
