namespace Dragoman.Configuration.Stored;

/// <summary>Keeps what was configured through the API, and every version of it. Nothing on the way of a model call uses it.</summary>
public interface IConfigurationStore
{
    /// <summary>All entries, the older before the newer, and the number of the newest version; 0 before the first.</summary>
    (IReadOnlyList<StoredEntry> Entries, long Version) Load();

    /// <summary>
    /// Keeps a change, whole and at once; false, and nothing kept, where <paramref name="version"/> does not follow the newest:
    /// somebody else was faster.
    /// </summary>
    /// <param name="put">Entries that are new, or stand in the place of those of the same kind and id.</param>
    /// <param name="removed">Entries that are no more.</param>
    /// <param name="version">What that makes of the whole.</param>
    bool Commit(
        IReadOnlyList<StoredEntry> put,
        IReadOnlyList<StoredEntry> removed,
        StoredVersion version
    );

    /// <summary>Versions without their documents, the newest first.</summary>
    /// <param name="before">Only older ones than this number; null is all.</param>
    /// <param name="limit">How many at most.</param>
    IReadOnlyList<StoredVersion> Versions(long? before, int limit);

    /// <summary>One with its document; null where there is none, or no more.</summary>
    StoredVersion? Version(long number);

    /// <summary>Every document that is kept, in no order.</summary>
    IEnumerable<string> Documents();
}
