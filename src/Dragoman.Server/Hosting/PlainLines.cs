using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Dragoman.Server.Hosting;

/// <summary>Log lines for people: time, what is wrong if anything is, the sentence.</summary>
internal sealed class PlainLines(TimeProvider time) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "plain";

    public PlainLines()
        : this(TimeProvider.System) { }

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        textWriter.Write(time.GetLocalNow().ToString("HH:mm:ss ", CultureInfo.InvariantCulture));
        textWriter.Write(
            logEntry.LogLevel switch
            {
                LogLevel.Warning => "warning: ",
                LogLevel.Error or LogLevel.Critical => "error: ",
                _ => "",
            }
        );
        textWriter.WriteLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(exception);
    }
}
