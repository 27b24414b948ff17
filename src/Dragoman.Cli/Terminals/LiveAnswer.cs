using System.Text;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Terminals;

/// <summary>
/// An answer as it comes: its text, and for a person what the model thinks, dim. Piped, it is the text and a line's end, nothing
/// else.
/// </summary>
internal sealed class LiveAnswer(Terminal terminal, string waitingFor)
{
    private const string DimOn = "\e[2m";
    private const string DimOff = "\e[22m";

    private readonly StringBuilder _text = new();
    private bool _isThinking;
    private bool _isMidLine;

    /// <summary>What came so far.</summary>
    public string Text => _text.ToString();

    public static string WaitingFor(CompletionOptions options) =>
        $"Waiting for {options.Model ?? CompletionOptions.DefaultModel} …";

    /// <summary>Writes what comes until it ends; the whole answer.</summary>
    public async Task<CompletionReply> WriteAsync(
        IAsyncEnumerable<CompletionUpdate> updates,
        CancellationToken cancellationToken
    )
    {
        var coming = updates.GetAsyncEnumerator(cancellationToken);
        await using var _ = coming.ConfigureAwait(false);
        CompletionReply? reply = null;
        try
        {
            var more = await Waiting.ForAsync(
                terminal,
                waitingFor,
                coming.MoveNextAsync().AsTask()
            );
            for (; more; more = await coming.MoveNextAsync())
            {
                Take(coming.Current);
                reply = coming.Current.Reply ?? reply;
            }
        }
        finally
        {
            EndLine();
        }
        if (reply is null)
            throw new CommandFailure("the answer ended before it was whole", "Ask again.");
        WriteRest(reply);
        return reply;
    }

    /// <summary>Writes an answer that is whole.</summary>
    public void Write(CompletionReply reply)
    {
        if (reply.Reasoning is { Length: > 0 } thoughts)
            Think(thoughts);
        Say(reply.Content);
        EndLine();
        WriteRest(reply);
    }

    /// <summary>Who answered and what it took, for a person.</summary>
    public void Remark(CompletionReply reply)
    {
        // Whoever pipes the answer wants to know too that another model gave it.
        if (reply.Attempts.Count > 1)
            terminal.Remark(
                "Tried before: "
                    + string.Join(
                        ", ",
                        reply
                            .Attempts.SkipLast(1)
                            .Select(static attempt => $"{attempt.Model} ({attempt.Outcome})")
                    )
            );
        if (!terminal.IsOutShown)
            return;
        if (reply.FinishReason is StopReason.Length)
            terminal.Remark(
                "Cut off: the most tokens an answer may have were reached (--max-tokens)."
            );
        if (reply.Changes.Count > 0)
            terminal.Remark("Changed on the way: " + string.Join(", ", reply.Changes));
        terminal.Remark(Figures.Summary(reply));
    }

    private void Take(CompletionUpdate update)
    {
        if (update.Reasoning is { Length: > 0 } thoughts)
            Think(thoughts);
        if (update.Delta is { Length: > 0 } delta)
            Say(delta);
    }

    private void Think(string thoughts)
    {
        if (!terminal.IsOutShown)
            return;
        if (!_isThinking && terminal.MayColour)
            terminal.Out.Write(DimOn);
        _isThinking = true;
        terminal.Out.Write(SafeText.Of(thoughts, isShown: true));
        _isMidLine = true;
        terminal.Out.Flush();
    }

    private void Say(string text)
    {
        if (text.Length == 0)
            return;
        if (_isThinking)
            EndLine();
        _text.Append(text);
        terminal.Out.Write(SafeText.Of(text, terminal.IsOutShown));
        _isMidLine = !text.EndsWith('\n');
        terminal.Out.Flush();
    }

    /// <summary>Ends what is being thought or said.</summary>
    private void EndLine()
    {
        if (_isThinking && terminal.MayColour)
            terminal.Out.Write(DimOff);
        if (_isMidLine)
            terminal.Out.WriteLine();
        if (_isThinking)
            terminal.Out.WriteLine();
        (_isThinking, _isMidLine) = (false, false);
        terminal.Out.Flush();
    }

    /// <summary>What an answer is beside its text.</summary>
    private void WriteRest(CompletionReply reply)
    {
        if (reply is { Refusal: { Length: > 0 } refusal, Content: "" })
        {
            Say(refusal);
            EndLine();
        }
        foreach (var call in reply.ToolCalls)
            terminal.Remark($"It wants to call {call.Name}({call.Arguments}).");
    }
}
