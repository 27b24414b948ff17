using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dragoman.Access;
using Dragoman.Access.Auditing;
using Dragoman.Access.People;
using Dragoman.Access.Sessions;
using Dragoman.Configuration;
using Dragoman.Server.Admin;
using Dragoman.Server.Native;
using Dragoman.Server.SignIn;
using Dragoman.Storage.Sqlite;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Puts together who people are, who is signed in, and the trail of what they did.</summary>
internal sealed partial class PeopleComposition : IAsyncDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    private readonly PeopleBook _book;
    private readonly PeopleDesk _people;
    private readonly SessionBook _sessions;
    private readonly IAuditStore _entries;
    private readonly AuditKeys _keys;
    private readonly FailedSignIns _failures;
    private readonly Passwords _passwords = new();
    private readonly SessionHolders _holders;
    private readonly SignInDesk _desk;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _telling = new();
    private Task _sweeping = Task.CompletedTask;
    private Task _told = Task.CompletedTask;
    private FileState? _file;

    /// <param name="database">Where all of it is kept.</param>
    /// <param name="key">Seals the audit trail.</param>
    /// <param name="keys">The keys there are.</param>
    /// <param name="time">Tells the time.</param>
    /// <param name="logs">Makes the log.</param>
    public PeopleComposition(
        SqliteDatabase database,
        AuditKey key,
        KeyHolders keys,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        (_time, _logger) = (time, logs.CreateLogger<PeopleComposition>());
        _book = new PeopleBook(new SqlitePeopleStore(database));
        _people = new PeopleDesk(_book, keys.All, time);
        _entries = new SqliteAuditStore(database);
        _keys = new AuditKeys(key);
        Audit = new AuditTrail(_entries, _keys, time);
        _failures = new FailedSignIns(Audit, time);
        _holders = new SessionHolders(_book, keys);
        _sessions = new SessionBook(
            new SqliteSessionStore(database),
            _holders.Find,
            new SessionOptions(),
            time
        );
        _desk = new SignInDesk(_book, _holders, _passwords, new SignInLimits(time), _failures);
        Door = new SessionDoor(_sessions);
    }

    /// <summary>Keeps who did what.</summary>
    public IAuditTrail Audit { get; }

    /// <summary>Finds who signed in.</summary>
    public SessionDoor Door { get; }

    /// <summary>Users, teams and workspaces as they are.</summary>
    public PeopleBook Book => _book;

    /// <summary>Reads what is kept, before the first request.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _book.LoadAsync(cancellationToken);
        await _sessions.LoadAsync(cancellationToken);
        // An end that is in a log elsewhere cannot be taken back here.
        if (
            (await _entries.ListAsync(new AuditQuery { Limit = 1 }, cancellationToken))
            is [var last]
        )
            Log.TrailEnds(_logger, ExpectedEnd.Text(last.Number, last.Mac));
        _sweeping = Task.Run(() => SweepAsync(_stopping.Token), CancellationToken.None);
    }

    public void Map(IEndpointRouteBuilder endpoints, NativePost posts)
    {
        var passwords = new PasswordDesk(_people, _passwords, _desk, _holders, Audit);
        new SessionsEndpoints(_sessions, _desk, passwords, Audit, posts).Map(endpoints);
        new UsersApi(_people, _passwords, passwords, Audit, posts).Map(endpoints);
        new TeamsApi(_people, Audit, posts).Map(endpoints);
        new WorkspacesApi(_people, Audit, posts).Map(endpoints);
        new SessionsApi(_sessions, _people, Audit, posts).Map(endpoints);
        new AuditApi(_entries, _keys).Map(endpoints);
    }

    /// <summary>Notes that another configuration came into force from the file. Nobody waits for it but the end.</summary>
    public void Note(ConfigReport report)
    {
        if (!report.IsApplied)
            return;
        lock (_telling)
        {
            var state = FileState.Of(report.File);
            // Servers in the house that come and go have the same file read anew.
            if (state == _file)
                return;
            var happened = new AuditEvent
            {
                Source = _file is null ? "start" : "file",
                Action = "configuration.load",
                Subject = report.File,
                Before = _file?.Told(),
                After = state.Told(),
            };
            _file = state;
            _told = TellAsync(_told, happened);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweeping;
        await _told;
        await _failures.SweepAsync(isEnd: true);
        await _sessions.SweepAsync();
        _passwords.Dispose();
        _book.Dispose();
        _stopping.Dispose();
    }

    private async Task TellAsync(Task former, AuditEvent happened)
    {
        await former;
        try
        {
            await Audit.AppendAsync(happened);
        }
        catch (Exception trouble)
        {
            Log.NotKept(_logger, happened.Action, trouble.Message);
        }
    }

    private async Task SweepAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Sweep, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await _failures.SweepAsync();
                    await _sessions.SweepAsync();
                }
                // A disk that is full for a while: the next minute tries again.
                catch (Exception trouble)
                {
                    Log.NotSwept(_logger, trouble.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>Which file it is, and a hash of what it says: what a configuration says may be a secret.</summary>
    private sealed record FileState(string? Path, string? Hash)
    {
        public static FileState Of(string? path)
        {
            try
            {
                return new FileState(
                    path,
                    path is null
                        ? null
                        : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))
                );
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return new FileState(path, null);
            }
        }

        public string Told() =>
            new JsonObject { ["file"] = Path, ["sha256"] = Hash }.ToJsonString();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The audit trail ends at {End}.")]
        public static partial void TrailEnds(ILogger logger, string end);

        [LoggerMessage(LogLevel.Error, "The audit entry {Action} could not be kept: {Trouble}")]
        public static partial void NotKept(ILogger logger, string action, string trouble);

        [LoggerMessage(LogLevel.Warning, "Sessions could not be written down: {Trouble}")]
        public static partial void NotSwept(ILogger logger, string trouble);
    }
}
