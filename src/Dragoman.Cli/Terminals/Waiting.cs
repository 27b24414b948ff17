using Spectre.Console;

namespace Dragoman.Cli.Terminals;

/// <summary>Shows that something is under way, when it takes longer than a moment and somebody looks.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(700);

    public static async Task<T> ForAsync<T>(Terminal terminal, string what, Task<T> work)
    {
        if (!terminal.IsErrorShown || !terminal.MayColour)
            return await work;
        using (var moment = new CancellationTokenSource())
        {
            var first = await Task.WhenAny(work, Task.Delay(Moment, moment.Token));
            await moment.CancelAsync();
            if (first == work)
                return await work;
        }
        // What the status itself throws would be the work's own failure; it is awaited again outside of it.
        await terminal
            .Notes.Status()
            .Spinner(Spinner.Known.Dots)
            .StartAsync(Markup.Escape(what), async _ => await Task.WhenAny(work));
        return await work;
    }
}
