using System.Collections.Immutable;
using Dragoman.Canonical;

namespace Dragoman.Secrets;

/// <summary>The vault, and beside it the secrets of a change that is being tried: they are kept when it is.</summary>
internal sealed class EnteredSecrets(SecretVault vault)
{
    private ImmutableDictionary<string, SecretText> _tried = ImmutableDictionary<
        string,
        SecretText
    >.Empty;

    public SecretVault Vault => vault;

    public SecretText? Find(string id) =>
        Volatile.Read(ref _tried).GetValueOrDefault(id) ?? vault.Find(id);

    /// <summary>How a secret may be shown: its last four characters.</summary>
    public string? Shown(string id) => vault.Shown(id);

    /// <summary>From now on the secret is found, as if it were kept already; gives the id that stands for it.</summary>
    public string Try(string name, SecretText secret)
    {
        var id = SecretVault.NewId(name);
        _tried = _tried.Add(id, secret);
        return id;
    }

    /// <summary>Keeps what was tried.</summary>
    public void Keep()
    {
        foreach (var (id, secret) in _tried)
            vault.Add(id, secret);
        Forget();
    }

    /// <summary>The change came to nothing.</summary>
    public void Forget() => _tried = ImmutableDictionary<string, SecretText>.Empty;
}
