using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Dragoman.Server.Hosting;

/// <summary>What is logged, and how. The framework's own lines stay out but for warnings: its request log would cost each request.</summary>
internal static class ServerLog
{
    public static void Configure(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);
        var framework = (LogLevel)Math.Max((int)LogLevel.Warning, (int)options.LogLevel);
        logging.AddFilter("Microsoft", framework);
        logging.AddFilter("System", framework);
        // Off altogether: where this category is on, the host opens an activity and a log scope for each request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // It tells an answer that was broken off on purpose as a mistake; real ones are logged by UnforeseenErrors.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        foreach (
            var part in (ReadOnlySpan<string>)["BadRequests", "Connections", "Https", "Transport"]
        )
            logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel." + part, framework);
        // Why a start failed is told by whoever started it, in words and not as a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (options.JsonLog)
            logging.AddJsonConsole(static json => json.UseUtcTimestamp = true);
        else
        {
            logging.AddConsole(static console =>
            {
                console.FormatterName = PlainLines.FormatName;
                // The program's own output stays clear of it.
                console.LogToStandardErrorThreshold = LogLevel.Trace;
            });
            logging.AddConsoleFormatter<PlainLines, ConsoleFormatterOptions>();
        }
    }
}
