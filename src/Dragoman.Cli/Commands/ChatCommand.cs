using System.CommandLine;
using Dragoman.Cli.Chat;
using Dragoman.Cli.Links;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman chat</c>: a conversation, line by line.</summary>
internal static class ChatCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("chat", "Talk with a model; it may change mid-way");
        var question = new QuestionOptions(command);
        var connection = new Connection(terminal, command);
        command.DoesWith(
            terminal,
            async (parsed, interrupt) =>
            {
                var options = question.Read(parsed);
                await using var link = await connection.OpenAsync(parsed, interrupt.Stop);
                var loop = new ChatLoop(terminal, link, new ChatSession(options));
                interrupt.Take(loop.Interrupt);
                return await loop.RunAsync();
            }
        );
        return command;
    }
}
