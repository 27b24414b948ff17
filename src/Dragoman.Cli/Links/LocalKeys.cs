using System.Buffers;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Administration;
using Dragoman.Native;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;

namespace Dragoman.Cli.Links;

/// <summary>The keys in the database of this machine, while no server uses it: so the first one can be made before others reach the server.</summary>
internal sealed class LocalKeys : IKeysLink
{
    private readonly SqliteDatabase _database;
    private readonly KeyDesk _desk;

    private LocalKeys(SqliteDatabase database, KeyDesk desk) =>
        (_database, _desk) = (database, desk);

    public string Path => _database.Path;

    public static async Task<LocalKeys> OpenAsync(
        Func<string, string?> environment,
        CancellationToken cancellationToken
    )
    {
        SqliteDatabase database;
        try
        {
            database = SqliteDatabase.Open(DatabaseLocation.From(environment));
        }
        catch (StorageException reason)
        {
            throw new CommandFailure(
                reason.Message,
                "Correct DRAGOMAN_DATABASE or DRAGOMAN_DATA.",
                ExitCodes.Failure
            );
        }
        var desk = new KeyDesk(
            new KeyBook(TimeProvider.System),
            new SqliteKeyStore(database),
            TimeProvider.System,
            hasOtherDoor: () => !string.IsNullOrWhiteSpace(environment("DRAGOMAN_ADMIN_KEY"))
        );
        await desk.LoadAsync(cancellationToken);
        return new LocalKeys(database, desk);
    }

    public async Task<NewKeyInfo> MakeAsync(KeyWish wish, CancellationToken cancellationToken)
    {
        // Written and read as a server has it, so that both take the same.
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
            wish.Write(json);
        if (
            !KeyReader.TryReadNew(
                body.WrittenMemory,
                DateTimeOffset.UtcNow,
                out var like,
                out var wrong
            )
        )
            throw new GatewayException(wrong!);
        return Told(await _desk.MakeAsync(Caller.OfThisMachine, like!, cancellationToken));
    }

    public Task<KeyPage> ListAsync(
        string? status,
        string? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var now = DateTimeOffset.UtcNow;
        var page = _desk
            .Book.Entries.Where(entry =>
                (after is null || string.CompareOrdinal(entry.Key.Id, after) > 0)
                && (status is null || KeyInfo.StatusOf(entry.Key, now) == status)
            )
            .OrderBy(static entry => entry.Key.Id, StringComparer.Ordinal)
            .Take(limit + 1)
            .Select(entry => KeyInfo.Of(entry.Key, entry.LastUsedAt, now))
            .ToList();
        var isMore = page.Count > limit;
        if (isMore)
            page.RemoveAt(limit);
        return Task.FromResult(
            new KeyPage { Data = page, NextAfter = isMore ? page[^1].Id : null }
        );
    }

    public async Task<NewKeyInfo> RotateAsync(
        string id,
        TimeSpan grace,
        CancellationToken cancellationToken
    ) => Told(await _desk.RotateAsync(Caller.OfThisMachine, id, grace, cancellationToken));

    public async Task<KeyInfo> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        var change = await _desk.RevokeAsync(Caller.OfThisMachine, id, cancellationToken);
        return change.Error is { } error
            ? throw new GatewayException(error)
            : KeyInfo.Of(change.After!, lastUsed: null, DateTimeOffset.UtcNow);
    }

    public ValueTask DisposeAsync()
    {
        _desk.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private static NewKeyInfo Told(KeyChange change) =>
        change.Error is { } error
            ? throw new GatewayException(error)
            : NewKeyInfo.Of(
                change.After!,
                change.Secret!.Reveal(),
                lastUsed: null,
                DateTimeOffset.UtcNow
            );
}
