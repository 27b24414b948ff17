using Dragoman.Cli;
using Dragoman.Cli.Terminals;

return await DragomanCommand.RunAsync(args, Terminal.OfProcess());
