namespace Dragoman.Cli;

/// <summary>Why a command cannot do its work, in one line, and in another what would help.</summary>
internal sealed class CommandFailure(
    string message,
    string? remedy = null,
    int exitCode = ExitCodes.Failure,
    Exception? inner = null
) : Exception(message, inner)
{
    public string? Remedy { get; } = remedy;

    public int ExitCode { get; } = exitCode;

    /// <summary>The command line is wrong.</summary>
    public static CommandFailure Usage(string message, string? remedy = null) =>
        new(message, remedy, ExitCodes.WrongUsage);
}
