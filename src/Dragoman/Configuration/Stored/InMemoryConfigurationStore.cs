namespace Dragoman.Configuration.Stored;

/// <summary>Keeps configuration as long as the process lives.</summary>
public sealed class InMemoryConfigurationStore : IConfigurationStore
{
    private readonly Lock _lock = new();
    private readonly List<StoredEntry> _entries = [];
    private readonly List<StoredVersion> _versions = [];

    public (IReadOnlyList<StoredEntry> Entries, long Version) Load()
    {
        lock (_lock)
            return (
                [
                    .. _entries
                        .OrderBy(static entry => entry.CreatedAt)
                        .ThenBy(static entry => entry.Kind, StringComparer.Ordinal)
                        .ThenBy(static entry => entry.Id, StringComparer.Ordinal),
                ],
                _versions.Count
            );
    }

    public bool Commit(
        IReadOnlyList<StoredEntry> put,
        IReadOnlyList<StoredEntry> removed,
        StoredVersion version
    )
    {
        lock (_lock)
        {
            if (version.Number != _versions.Count + 1)
                return false;
            foreach (var entry in removed.Concat(put))
                _entries.RemoveAll(old => old.Kind == entry.Kind && old.Id == entry.Id);
            _entries.AddRange(put);
            _versions.Add(version);
            return true;
        }
    }

    public IReadOnlyList<StoredVersion> Versions(long? before, int limit)
    {
        lock (_lock)
            return
            [
                .. Enumerable
                    .Reverse(_versions)
                    .Where(version => before is null || version.Number < before)
                    .Take(limit)
                    .Select(static version => version with { Document = null }),
            ];
    }

    public StoredVersion? Version(long number)
    {
        lock (_lock)
            return number >= 1 && number <= _versions.Count ? _versions[(int)number - 1] : null;
    }

    public IEnumerable<string> Documents()
    {
        lock (_lock)
            return [.. _versions.Select(static version => version.Document).OfType<string>()];
    }
}
