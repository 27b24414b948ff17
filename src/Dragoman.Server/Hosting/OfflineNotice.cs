using Dragoman.Providers;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Says when offline mode begins and ends, and what of this process it silences.</summary>
internal sealed partial class OfflineNotice(
    HouseDoor door,
    Func<string, string?> environment,
    ILogger<OfflineNotice> logger
)
{
    private bool _isOffline;

    /// <summary>Looks whether it changed.</summary>
    public void Tell()
    {
        if (door.IsShut == _isOffline)
            return;
        _isOffline = door.IsShut;
        if (!_isOffline)
        {
            Log.Ended(logger);
            return;
        }
        Log.Begun(logger);
        foreach (var (variable, address) in OtlpExport.Endpoints(environment))
            if (door.WhyNot(address) is { } reason)
                Log.Silenced(logger, variable, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "Offline mode (local_only): no connection leaves the house."
        )]
        public static partial void Begun(ILogger logger);

        [LoggerMessage(LogLevel.Information, "Offline mode has ended.")]
        public static partial void Ended(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "Telemetry for {Variable} is not exported: {Reason}.")]
        public static partial void Silenced(ILogger logger, string variable, string reason);
    }
}
