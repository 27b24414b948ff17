using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>Counts keys that are nobody's, and tells of them once a minute: whoever tries a hundred thousand fills no log.</summary>
internal sealed partial class WrongKeys(ILogger<WrongKeys> logger)
{
    private long _count;
    private long _all;
    private IPAddress? _last;

    /// <summary>Since the start.</summary>
    public long All => Volatile.Read(ref _all);

    public void Count(HttpContext context)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Increment(ref _all);
        Volatile.Write(ref _last, context.Connection.RemoteIpAddress);
    }

    /// <summary>Tells of those that came since it was told last.</summary>
    public void Tell()
    {
        if (Interlocked.Exchange(ref _count, 0) is > 0 and var count)
            Log.Wrong(logger, count, Volatile.Read(ref _last));
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Count} requests came with keys that are nobody's within a minute, the last from {Address}."
        )]
        public static partial void Wrong(ILogger logger, long count, IPAddress? address);
    }
}
