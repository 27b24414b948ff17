using System.Runtime.InteropServices;
using Dragoman.Canonical;
using Dragoman.Configuration;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>The configuration while the server runs: read at the start, on SIGHUP and when the file changes; each reading is logged.</summary>
internal sealed partial class LiveConfiguration : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly GatewaySnapshots _snapshots;
    private readonly ILogger _logger;
    private PosixSignalRegistration? _hangUp;
    private Task _following = Task.CompletedTask;
    private ConfigReport _report = null!;

    public LiveConfiguration(GatewaySnapshots snapshots, ILogger<LiveConfiguration> logger)
    {
        (_snapshots, _logger) = (snapshots, logger);
        snapshots.Reloaded += Tell;
    }

    /// <summary>What came of the last reading.</summary>
    public ConfigReport Report => Volatile.Read(ref _report);

    public GatewaySnapshot Snapshot() => _snapshots.Current;

    /// <inheritdoc cref="GatewaySnapshots.LoadedAsync"/>
    public Task<IReadOnlyList<RawJson>> LoadedAsync(CancellationToken cancellationToken) =>
        _snapshots.LoadedAsync(cancellationToken);

    /// <summary>Whether a name can be called here because somebody configured it, rather than a client invented it.</summary>
    public bool IsConfigured(string name) => Snapshot().Names.Find(name) is not null;

    /// <summary>The known kind of a provider; its own name where it is of none.</summary>
    public string ProviderType(string provider) =>
        Snapshot().Providers.TryGetValue(provider, out var known) ? known.Type.Name : provider;

    /// <summary>Reads everything anew; a configuration with mistakes changes nothing.</summary>
    public ConfigReport Reload() => _snapshots.Reload();

    /// <summary>From now on follows the file, SIGHUP and servers in the house. Gives a task that completes when those were looked for once.</summary>
    /// <param name="port">The port that was bound: a provider there would be ourselves.</param>
    public Task Follow(int port)
    {
        _snapshots.Sources = _snapshots.Sources with { OwnPorts = [port] };
        if (!OperatingSystem.IsWindows())
            _hangUp = PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                signal =>
                {
                    signal.Cancel = true;
                    _ = Task.Run(Reload);
                }
            );
        var discovered = _snapshots.DiscoverAsync(_stopping.Token);
        _following = FollowAsync(discovered);
        return discovered;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _hangUp?.Dispose();
        await _following;
        _stopping.Dispose();
    }

    private async Task FollowAsync(Task discovered)
    {
        try
        {
            await discovered;
            await _snapshots.WatchAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped while servers were looked for.
        }
    }

    private void Tell(ConfigReport report)
    {
        var isFirst = Interlocked.Exchange(ref _report, report) is null;
        foreach (var mistake in report.Mistakes)
        {
            if (mistake.IsWarning)
                Log.Warned(_logger, mistake);
            else if (!isFirst)
                Log.Mistaken(_logger, mistake);
        }
        if (report.IsApplied)
            Log.Applied(_logger, report.File ?? "the environment", Snapshot().Version);
        else if (!isFirst)
            Log.Refused(_logger);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "Configuration of {Source} in use, version {Version}."
        )]
        public static partial void Applied(ILogger logger, string source, int version);

        [LoggerMessage(
            LogLevel.Error,
            "The new configuration has mistakes; the one before stays in use."
        )]
        public static partial void Refused(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "{Mistake}")]
        public static partial void Warned(ILogger logger, ConfigMistake mistake);

        [LoggerMessage(LogLevel.Error, "{Mistake}")]
        public static partial void Mistaken(ILogger logger, ConfigMistake mistake);
    }
}
