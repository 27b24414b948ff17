namespace Dragoman.Conversations;

/// <summary>Where answers are kept, each for its caller alone.</summary>
public interface IResponseStore
{
    /// <summary>Keeps an answer, in place of one with the same id; it is found from the moment this returns.</summary>
    void Put(StoredResponse response);

    /// <summary>The answer of that id; null where there is none, it is another caller's, or its time is over.</summary>
    ValueTask<StoredResponse?> FindAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    );

    /// <summary>Forgets an answer; false where there was none to forget.</summary>
    ValueTask<bool> DeleteAsync(
        string? caller,
        string id,
        CancellationToken cancellationToken = default
    );
}
