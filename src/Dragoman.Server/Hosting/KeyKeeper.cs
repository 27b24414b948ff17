using Dragoman.Access;
using Dragoman.Canonical;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>What is done for keys beside the requests: ending what hangs on those that expired, and writing down when they were used.</summary>
internal sealed partial class KeyKeeper(
    KeyDesk desk,
    Func<VirtualKey, GatewayError?> whyNotOwned,
    WrongKeys wrong,
    TimeProvider time,
    ILogger<KeyKeeper> logger
)
{
    private const int SecondsBetweenNotes = 60;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Looks every second until it is told to stop; then writes down what is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            for (var second = 1; await timer.WaitForNextTickAsync(stop); second++)
            {
                desk.Book.Sweep(whyNotOwned);
                if (second % SecondsBetweenNotes == 0)
                    await NoteAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await NoteAsync();
        }
    }

    private async Task NoteAsync()
    {
        wrong.Tell();
        try
        {
            await desk.WriteUsesAsync(CancellationToken.None);
        }
        catch (Exception failure)
        {
            // They are kept in memory, and tried again in a minute.
            Log.NotNoted(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "When keys were used last cannot be written down.")]
        public static partial void NotNoted(ILogger logger, Exception failure);
    }
}
