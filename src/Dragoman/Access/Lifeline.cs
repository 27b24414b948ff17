using Dragoman.Canonical;

namespace Dragoman.Access;

/// <summary>What exchanges made with one secret hang on: when the secret stops counting it is cut, and they end with the reason.</summary>
internal sealed class Lifeline
{
    private CancellationTokenSource? _source;
    private GatewayError? _end;

    /// <summary>Why it was cut; null while it holds.</summary>
    public GatewayError? End => Volatile.Read(ref _end);

    /// <summary>Something hangs on it, or did.</summary>
    public bool IsHeld => Volatile.Read(ref _source) is not null;

    /// <summary>Cancelled when it is cut. The source behind it has no timer and nothing to dispose of.</summary>
    public CancellationToken Token
    {
        get
        {
            if (Volatile.Read(ref _source) is { } made)
                return made.Token;
            var source = new CancellationTokenSource();
            source = Interlocked.CompareExchange(ref _source, source, null) ?? source;
            // Whoever cut it before this source was there to be seen could not cancel it.
            if (End is not null)
                source.Cancel();
            return source.Token;
        }
    }

    /// <summary>Ends what hangs on it, on other threads: the caller does not wait for streams to end.</summary>
    public void Cut(GatewayError reason)
    {
        if (Interlocked.CompareExchange(ref _end, reason, null) is null)
            _ = Volatile.Read(ref _source)?.CancelAsync();
    }
}
