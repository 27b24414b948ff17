namespace Dragoman.Secrets;

/// <summary>Keeps secrets as long as the process lives.</summary>
public sealed class InMemorySecretStore : ISecretStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, EncryptedSecret> _secrets = new(
        StringComparer.Ordinal
    );

    public IReadOnlyList<EncryptedSecret> All()
    {
        lock (_lock)
            return [.. _secrets.Values];
    }

    public bool Add(EncryptedSecret secret)
    {
        lock (_lock)
            return _secrets.TryAdd(secret.Id, secret);
    }

    public bool Remove(string id)
    {
        lock (_lock)
            return _secrets.Remove(id);
    }

    public bool Replace(IReadOnlyList<EncryptedSecret> before, IReadOnlyList<EncryptedSecret> after)
    {
        lock (_lock)
        {
            if (!IsSame(before, [.. _secrets.Values]))
                return false;
            _secrets.Clear();
            foreach (var secret in after)
                _secrets.Add(secret.Id, secret);
            return true;
        }
    }

    /// <summary>The same secrets, encrypted in the same way.</summary>
    internal static bool IsSame(
        IReadOnlyList<EncryptedSecret> some,
        IReadOnlyList<EncryptedSecret> others
    ) =>
        some.Count == others.Count
        && some.OrderBy(static secret => secret.Id, StringComparer.Ordinal)
            .Zip(others.OrderBy(static secret => secret.Id, StringComparer.Ordinal))
            .All(static pair =>
                pair.First.Id == pair.Second.Id
                && pair.First.Sealed.Span.SequenceEqual(pair.Second.Sealed.Span)
            );
}
