using System.Security.Cryptography;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Secrets;

/// <summary>
/// Secrets that were entered, encrypted where they are kept: AES-256-GCM under a key made of the master key, a random nonce for
/// each, and the secret's id bound in, so that one row cannot take another's place.
/// </summary>
public sealed class SecretVault
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Of a secret this short four characters are too much.</summary>
    private const int ShortestShown = 12;

    /// <summary>How ids of keys begin that the house made for itself.</summary>
    private const string OwnPrefix = "house:";

    private readonly ISecretStore _store;
    private readonly MasterKey _master;
    private readonly TimeProvider _time;
    private readonly byte[] _key;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, EncryptedSecret> _secrets;

    private SecretVault(
        ISecretStore store,
        MasterKey master,
        TimeProvider time,
        IReadOnlyList<EncryptedSecret> secrets
    )
    {
        (_store, _master, _time) = (store, master, time);
        _key = master.Derive(MasterKey.ForSecrets);
        _secrets = secrets.ToDictionary(static secret => secret.Id, StringComparer.Ordinal);
    }

    /// <summary>Opens what is kept.</summary>
    /// <exception cref="MasterKeyException">It was encrypted under another key, or was changed since.</exception>
    public static SecretVault Open(ISecretStore store, MasterKey master, TimeProvider time)
    {
        var secrets = store.All();
        var vault = new SecretVault(store, master, time, secrets);
        var foreign = secrets
            .Where(secret => secret.MasterKey != master.Fingerprint)
            .Select(static secret => secret.MasterKey)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (foreign.Count > 0)
            throw new MasterKeyException(
                $"The secrets in the database were encrypted under another master key ({string.Join(", ", foreign)}) than the one of {master.Source} ({master.Fingerprint}). "
                    + $"Put the former key back in {MasterKey.Variable}, or go over to this one with `dragoman secrets rotate`, which needs both."
            );
        foreach (var secret in secrets)
            vault.Open(secret);
        return vault;
    }

    /// <summary>The secret of that id; null where there is none.</summary>
    public SecretText? Find(string id)
    {
        EncryptedSecret? secret;
        lock (_lock)
            secret = _secrets.GetValueOrDefault(id);
        return secret is null ? null : new SecretText(Open(secret));
    }

    /// <summary>The last four characters of the secret of that id, as it may be shown; null where there is none.</summary>
    public string? Shown(string id)
    {
        lock (_lock)
            return _secrets.TryGetValue(id, out var secret) ? "…" + secret.LastFour : null;
    }

    /// <summary>Ids of all that were entered.</summary>
    public IReadOnlyList<string> Ids()
    {
        lock (_lock)
            return
            [
                .. _secrets.Keys.Where(static id =>
                    !id.StartsWith(OwnPrefix, StringComparison.Ordinal)
                ),
            ];
    }

    /// <summary>An id that no other secret has, and that tells people what it is of.</summary>
    /// <param name="name">What it begins with, as far as it is letters and digits.</param>
    public static string NewId(string name)
    {
        var letters = new string([
            .. name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(24),
        ]);
        return $"{(letters.Length == 0 ? "secret" : letters)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
    }

    /// <summary>Keeps a secret under a new id.</summary>
    public void Add(string id, SecretText secret) => Keep(id, secret.Reveal());

    public bool Remove(string id)
    {
        lock (_lock)
        {
            _secrets.Remove(id);
            return _store.Remove(id);
        }
    }

    /// <summary>
    /// A key of the house's own, made on first use. Unlike one derived of the master key it outlives its rotation: what was signed
    /// before can be verified after.
    /// </summary>
    public byte[] OwnKey(string purpose)
    {
        var id = OwnPrefix + purpose;
        if (Find(id) is null)
            Keep(id, Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length)));
        return Convert.FromBase64String(Find(id)!.Reveal());
    }

    /// <summary>Encrypts everything anew under another master key, in one go; gives how many they were.</summary>
    /// <exception cref="MasterKeyException">The former key is wrong, or somebody changed the secrets meanwhile.</exception>
    public static int Rotate(
        ISecretStore store,
        MasterKey former,
        MasterKey next,
        TimeProvider time
    )
    {
        var before = store.All();
        var open = Open(store, former, time);
        var sealing = new SecretVault(store, next, time, []);
        var after = before
            .Select(secret => sealing.Seal(secret.Id, open.Open(secret), secret.CreatedAt))
            .ToList();
        if (!store.Replace(before, after))
            throw new MasterKeyException(
                "The secrets were changed while they were encrypted anew; nothing was done. Run it again, best while the server is stopped."
            );
        return after.Count;
    }

    private void Keep(string id, string secret)
    {
        lock (_lock)
        {
            var kept = Seal(id, secret, _time.GetUtcNow());
            // Another process may have been first: its is the one that counts.
            if (!_store.Add(kept))
                kept = _store.All().First(other => other.Id == id);
            _secrets[id] = kept;
        }
    }

    private EncryptedSecret Seal(string id, string secret, DateTimeOffset createdAt)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceLength + text.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagLength);
        cipher.Encrypt(
            nonce,
            text,
            box.AsSpan(NonceLength, text.Length),
            box.AsSpan(NonceLength + text.Length),
            Encoding.UTF8.GetBytes(id)
        );
        CryptographicOperations.ZeroMemory(text);
        return new EncryptedSecret
        {
            Id = id,
            Sealed = box,
            LastFour = secret.Length >= ShortestShown ? secret[^4..] : null,
            MasterKey = _master.Fingerprint,
            CreatedAt = createdAt,
        };
    }

    private string Open(EncryptedSecret secret)
    {
        var box = secret.Sealed.Span;
        var length = box.Length - NonceLength - TagLength;
        if (length < 0)
            throw Changed(secret.Id);
        var text = new byte[length];
        using var cipher = new AesGcm(_key, TagLength);
        try
        {
            cipher.Decrypt(
                box[..NonceLength],
                box.Slice(NonceLength, length),
                box[(NonceLength + length)..],
                text,
                Encoding.UTF8.GetBytes(secret.Id)
            );
            return Encoding.UTF8.GetString(text);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Changed(secret.Id);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static MasterKeyException Changed(string id) =>
        new(
            $"The secret '{id}' in the database is not what was put there: somebody changed it, or took another's place for it. "
                + "Put the database back as it was, or delete the row and enter the secret again."
        );
}
