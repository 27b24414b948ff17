namespace Dragoman.TestKit;

/// <summary>Waits for what nobody signals.</summary>
public static class Eventually
{
    /// <summary>Looks every few milliseconds until the condition holds; throws <see cref="TimeoutException"/> after half a minute.</summary>
    public static Task TrueAsync(Func<bool> condition) =>
        TrueAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="TrueAsync(Func{bool})"/>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException("waited half a minute in vain");
            await Task.Delay(5, CancellationToken.None);
        }
    }
}
