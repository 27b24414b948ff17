namespace Dragoman.Cli;

/// <summary>What the command tells whoever called it from a script. Few, and told in <c>--help</c>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>It was tried and did not work, or a check found something that must be mended.</summary>
    public const int Failure = 1;

    /// <summary>The command line, or what it asks for, is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>No server answers where one was named, or where one is needed.</summary>
    public const int Unreachable = 3;

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
