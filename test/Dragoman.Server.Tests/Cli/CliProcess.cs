using System.Diagnostics;
using Dragoman.TestKit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>The command as a process of its own, as it was built beside these tests.</summary>
internal static class CliProcess
{
    public static string Program { get; } =
        Path.Combine(
            SolutionFolder.Of("src/Dragoman.Cli/bin"),
            new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
            new DirectoryInfo(AppContext.BaseDirectory).Name,
            OperatingSystem.IsWindows() ? "dragoman.exe" : "dragoman"
        );

    public static Process Start(
        IReadOnlyDictionary<string, string> environment,
        params string[] args
    )
    {
        var start = new ProcessStartInfo(Program, args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
