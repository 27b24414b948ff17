namespace Dragoman.Access.People;

/// <summary>
/// Users, teams and workspaces in memory. A change is kept in the store first and counts here at once; it is made from what holds at
/// that moment, one after the other.
/// </summary>
internal sealed class PeopleBook(IPeopleStore store) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1);
    private Roster _current = Roster.Empty;

    public Roster Current => Volatile.Read(ref _current);

    /// <summary>Reads the store; called at the start.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken = default) =>
        Volatile.Write(ref _current, await store.ReadAsync(cancellationToken));

    /// <summary>
    /// Makes a change. <paramref name="make"/> may refuse by throwing. False where another process was faster: what holds was read
    /// anew then, and nothing was changed.
    /// </summary>
    public async Task<bool> ChangeAsync(
        Func<Roster, PeopleChange> make,
        CancellationToken cancellationToken = default
    )
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var change = make(_current);
            // From here on it is not given up: what is kept must count.
            var isKept = await store.SaveAsync(change, CancellationToken.None);
            var former = _current;
            var next = isKept ? former.With(change) : await store.ReadAsync(CancellationToken.None);
            Volatile.Write(ref _current, next);
            former.CutWhoMayNot(next);
            return isKept;
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();
}
