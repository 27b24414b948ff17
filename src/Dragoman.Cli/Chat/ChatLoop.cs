using System.Text;
using Dragoman.Cli.Commands;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Chat;

/// <summary>Reads a line, answers it, reads the next: until <c>/quit</c> or the end of what is read.</summary>
internal sealed class ChatLoop
{
    private readonly Terminal _terminal;
    private readonly IGatewayLink _link;
    private readonly ChatSession _session;
    private readonly ChatVerbs _verbs;
    private readonly ILineReader _lines;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _answering;
    private int _failures;

    public ChatLoop(Terminal terminal, IGatewayLink link, ChatSession session)
    {
        (_terminal, _link, _session) = (terminal, link, session);
        _verbs = new ChatVerbs(terminal, session);
        _lines = LineReaders.For(terminal);
    }

    /// <summary>Stops the answer that is being written; at the prompt it only says how to leave.</summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            if (_answering is not null)
                _answering.Cancel();
            else
                _lines.Interrupted();
        }
    }

    /// <summary>The exit code: of a script's questions, each must have been answered; a person has seen which were not.</summary>
    public async Task<int> RunAsync()
    {
        _terminal.Remark($"Talking with {_session.ModelName}. /help tells what else there is.");
        while (Read() is { } line)
        {
            if (line.Trim().Length == 0)
                continue;
            if (!line.StartsWith('/'))
                await AskAsync(line);
            else if (await _verbs.RunAsync(line, AskAsync) is ChatVerbResult.Quit)
                break;
        }
        return _failures == 0 || _terminal.IsInTyped ? ExitCodes.Success : ExitCodes.Failure;
    }

    private async Task AskAsync(string question)
    {
        using var stop = new CancellationTokenSource();
        lock (_lock)
            _answering = stop;
        var answer = new LiveAnswer(_terminal, LiveAnswer.WaitingFor(_session.Options));
        try
        {
            var reply = await answer.WriteAsync(
                _link.StreamAsync(_session.With(question), _session.Options, stop.Token),
                stop.Token
            );
            _session.Answered(question, reply);
            answer.Remark(reply);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _session.Stopped(question, answer.Text);
            _terminal.Remark("Stopped. /retry asks again.");
        }
        catch (Exception failure) when (CommandErrors.Tell(_terminal, failure) is not null)
        {
            _failures++;
        }
        finally
        {
            lock (_lock)
                _answering = null;
        }
    }

    /// <summary>A line that ends in a backslash goes on in the next one.</summary>
    private string? Read()
    {
        if (_lines.Read(Prompt) is not { } line)
            return null;
        if (!line.EndsWith('\\'))
            return line;
        var whole = new StringBuilder();
        while (line.EndsWith('\\'))
        {
            whole.Append(line.AsSpan(0, line.Length - 1)).Append('\n');
            line = _lines.Read("… ") ?? "";
        }
        return whole.Append(line).ToString();
    }

    private const string Prompt = "> ";
}
