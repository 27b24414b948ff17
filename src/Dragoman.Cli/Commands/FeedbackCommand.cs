using System.CommandLine;
using System.Globalization;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman feedback</c>: what an answer was worth.</summary>
internal static class FeedbackCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("REQUEST")
        {
            Description = "The request that was answered, e.g. req_0amwq8xpvq000",
        };
        var word = new Argument<string>("SCORE")
        {
            Description = "up, down, or a number from 0 (useless) to 1 (could not be better)",
        };
        word.CompletionSources.Add("up", "down");
        var comment = new Option<string?>("--comment", "-c")
        {
            Description = "Why, in your words",
            HelpName = "TEXT",
        };
        var json = JsonOption.Create();
        var command = new Command(
            "feedback",
            "Say what an answer was worth: it moves who is chosen"
        )
        {
            id,
            word,
            comment,
            json,
        };
        var connection = new Connection(terminal, command);
        command.Does(
            terminal,
            async (parsed, stop) =>
            {
                var score = Score(parsed.GetValue(word)!);
                await using var link = await connection.ToServerAsync(parsed, stop);
                var reply = await link.GiveFeedbackAsync(
                    parsed.GetValue(id)!,
                    score,
                    parsed.GetValue(comment),
                    stop
                );
                if (parsed.GetValue(json))
                    terminal.Json(reply, FeedbackJson.Readable.FeedbackReply);
                else
                    Print(terminal, reply);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static double Score(string word) =>
        word switch
        {
            "up" => 1,
            "down" => 0,
            _ when double.TryParse(
                    word,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var score
                ) && score is >= 0 and <= 1 => score,
            _ => throw CommandFailure.Usage(
                $"SCORE is '{word}'; it must be up, down or a number from 0 to 1"
            ),
        };

    private static void Print(Terminal terminal, FeedbackReply reply)
    {
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{reply.Model} has {reply.Score:0.##} for {reply.RequestId}{(reply.Replaced ? ", in place of what was said before" : "")}."
            )
        );
        if (reply.Quality is { } quality)
            terminal.Remark(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"It is taken for {quality.Score:0.0} ± {quality.StandardError:0.0} of 100{(quality.Task is { } task ? $" at {task}" : "")} now{(quality.Prior is { } prior ? $"; before any feedback, {prior:0.0}" : "")}."
                )
            );
    }
}
