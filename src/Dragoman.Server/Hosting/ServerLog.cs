using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>What is logged, and how. The framework's own lines stay out but for warnings: its request log would cost each request.</summary>
internal static class ServerLog
{
    public static void Configure(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // Off altogether: where this category is on, the host opens an activity and a log scope for each request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Why a start failed is told by whoever started it, in words and not as a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (options.JsonLog)
            logging.AddJsonConsole(static json => json.UseUtcTimestamp = true);
        else
            logging.AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
    }
}
