using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary>What went wrong, as a line, what would help, as another, and the exit code.</summary>
internal static class CommandErrors
{
    /// <summary>Null, and nothing told, where it is a mistake of ours: that is to be seen with all its circumstances.</summary>
    public static int? Tell(Terminal terminal, Exception exception)
    {
        switch (exception)
        {
            case CommandFailure failure:
                terminal.Tell(failure.Message, failure.Remedy);
                return failure.ExitCode;
            case GatewayException failure:
                terminal.Tell(failure.Message, FailureRemedy.For(failure));
                return failure switch
                {
                    { Code: DragomanClient.UnreachableCode } => ExitCodes.Unreachable,
                    { Kind: GatewayFailure.InvalidRequest } => ExitCodes.WrongUsage,
                    _ => ExitCodes.Failure,
                };
            case GatewayConfigurationException wrong:
                terminal.Tell(
                    "the configuration has mistakes:\n"
                        + string.Join(
                            '\n',
                            wrong.Report.Mistakes.Where(static mistake => !mistake.IsWarning)
                        ),
                    "All of it, warnings included: dragoman config check"
                );
                return ExitCodes.Failure;
            // E.g. a full disk, a folder of somebody else, or a reader that went away in the middle of a pipe.
            case IOException or UnauthorizedAccessException:
                terminal.Tell(exception.Message);
                return ExitCodes.Failure;
            default:
                return null;
        }
    }
}
