using System.CommandLine;
using Dragoman.Canonical;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman ask</c>: one question, one answer.</summary>
internal static class AskCommand
{
    public static Command Create(Terminal terminal)
    {
        var words = new Argument<string[]>("PROMPT")
        {
            Description = "What to ask; - stands for what is piped in",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("ask", "Ask a model, and print its answer") { words };
        var question = new QuestionOptions(command);
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "Add the text of this file; may be repeated",
            HelpName = "FILE",
        };
        var stream = new Option<bool>("--stream")
        {
            Description = "Print the answer as it comes (default on a terminal)",
        };
        var noStream = new Option<bool>("--no-stream")
        {
            Description = "Print the answer when it is whole (default when piped)",
        };
        var json = JsonOption.Create();
        command.Add(files);
        command.Add(stream);
        command.Add(noStream);
        command.Add(json);
        var connection = new Connection(terminal, command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(stream) && result.GetValue(noStream))
                result.AddError("--stream and --no-stream exclude each other");
            if (result.GetValue(stream) && result.GetValue(json))
                result.AddError(
                    "--json prints one document, when the answer is whole: leave --stream out"
                );
        });
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var options = question.Read(parsed);
                Message[] messages =
                [
                    Message.OfText(
                        MessageRole.User,
                        await PromptText.ReadAsync(
                            terminal,
                            parsed,
                            parsed.GetValue(words) ?? [],
                            parsed.GetValue(files) ?? [],
                            stop
                        )
                    ),
                ];
                await using var link = await connection.OpenAsync(parsed, stop);
                if (parsed.GetValue(json))
                    terminal.Json(
                        await WholeAsync(terminal, link, messages, options, stop),
                        CompletionJson.Readable.CompletionReply
                    );
                else if (
                    parsed.GetValue(stream) || (terminal.IsOutShown && !parsed.GetValue(noStream))
                )
                    await StreamAsync(terminal, link, messages, options, stop);
                else
                    Print(terminal, await WholeAsync(terminal, link, messages, options, stop));
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static Task<CompletionReply> WholeAsync(
        Terminal terminal,
        IGatewayLink link,
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken stop
    ) =>
        Waiting.ForAsync(
            terminal,
            LiveAnswer.WaitingFor(options),
            link.CompleteAsync(messages, options, stop)
        );

    private static async Task StreamAsync(
        Terminal terminal,
        IGatewayLink link,
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        CancellationToken stop
    )
    {
        var answer = new LiveAnswer(terminal, LiveAnswer.WaitingFor(options));
        answer.Remark(await answer.WriteAsync(link.StreamAsync(messages, options, stop), stop));
    }

    private static void Print(Terminal terminal, CompletionReply reply)
    {
        var answer = new LiveAnswer(terminal, "");
        answer.Write(reply);
        answer.Remark(reply);
    }
}
