using System.Collections.Concurrent;
using Dragoman.TestKit;

namespace Dragoman.Tests.Routing.Bounds;

/// <summary>Runs what waits for nothing but a clock on the calling thread: whenever nothing is left to do, the clock moves on. The same every time.</summary>
internal sealed class OneThread(ManualTime time) : SynchronizationContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly BlockingCollection<(SendOrPostCallback Call, object? State)> _posted = [];

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    public void Run(Func<ValueTask> work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var running = work().AsTask();
            while (!running.IsCompleted)
            {
                if (_posted.TryTake(out var posted))
                    posted.Call(posted.State);
                else if (!time.AdvanceToNextTimer() && !running.IsCompleted)
                {
                    // Something went to another thread after all, and comes back.
                    if (!_posted.TryTake(out posted, Patience))
                        throw new InvalidOperationException("It waits for something but time.");
                    posted.Call(posted.State);
                }
            }
            running.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
