using System.Runtime.InteropServices;

namespace Dragoman.Cli.Commands;

/// <summary>Ctrl-C: ends the command, or, where somebody took it, only what that somebody says.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration _signal;
    private Action? _taken;

    public Interrupt() => _signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, Pressed);

    /// <summary>Cancelled when the command is to end.</summary>
    public CancellationToken Stop => _stopping.Token;

    /// <summary>From now on Ctrl-C does this.</summary>
    public void Take(Action pressed) => Volatile.Write(ref _taken, pressed);

    public void Dispose()
    {
        _signal.Dispose();
        _stopping.Dispose();
    }

    private void Pressed(PosixSignalContext context)
    {
        if (Volatile.Read(ref _taken) is { } taken)
        {
            context.Cancel = true;
            taken();
            return;
        }
        // The second time it is meant for the process.
        context.Cancel = !_stopping.IsCancellationRequested;
        _stopping.Cancel();
    }
}
