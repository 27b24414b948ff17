using System.Diagnostics;
using Dragoman.Cli;
using Dragoman.Cli.Commands;
using Dragoman.Cli.Terminals;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>What shells are told may follow, and whether the scripts are right where the shell is installed.</summary>
public sealed class CompletionCommandTests
{
    private static IReadOnlyList<string> Following(string line) =>
        [
            .. CompleteCommand
                .Following(DragomanCommand.Create(Terminal.OfProcess()), line)
                .Select(static item => item.Word),
        ];

    [Theory]
    [InlineData("dragoman mo", "models")]
    [InlineData("./bin/dragoman mo", "models")]
    [InlineData("dragoman models s", "show")]
    [InlineData("dragoman ask --te", "--temperature")]
    [InlineData("dragoman ask hi --task tr", "translation")]
    [InlineData("dragoman usage --by wo", "workspace")]
    [InlineData("dragoman usage --period m", "month")]
    [InlineData("dragoman models --capability vi", "vision")]
    [InlineData("dragoman models --sort l", "latency")]
    [InlineData("dragoman ask --provider anth", "anthropic")]
    [InlineData("dragoman completion z", "zsh")]
    public void Following_OfABegunWord_IsTheWholeOne(string line, string word) =>
        Following(line).ShouldBe([word]);

    [Fact]
    public void Following_OfTheCommand_IsEveryVerbButNotThatForShells()
    {
        var verbs = Following("dragoman ");

        verbs.ShouldContain("ask");
        verbs.ShouldContain("doctor");
        verbs.ShouldNotContain("complete");
    }

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    [InlineData("pwsh", null)]
    public async Task Script_OfAnInstalledShell_IsRight(string shell, string? check)
    {
        if (Find(shell) is not { } program)
        {
            Assert.Skip($"{shell} is not installed");
            return;
        }
        var script = CompletionCommand.Script(shell == "pwsh" ? "powershell" : shell);
        var (code, said) = check is null
            ? await RunAsync(program, "-NoProfile", "-Command", script)
            : await RunAsync(program, check, await FileOfAsync(script));

        code.ShouldBe(0, said);
        said.ShouldBe("");
    }

    [Fact]
    public async Task Bash_AsksTheCommandAndTakesItsWords()
    {
        if (Find("bash") is not { } bash)
        {
            Assert.Skip("bash is not installed");
            return;
        }
        var script =
            CompletionCommand.Script("bash")
            + $"""

                COMP_LINE='{CliProcess.Program} usage --by m' COMP_POINT=${"{#COMP_LINE}"}
                COMP_WORDS=('{CliProcess.Program}' usage --by m) COMP_CWORD=3
                COMP_POINT=${"{#COMP_LINE}"}
                _dragoman '{CliProcess.Program}'
                printf '%s\n' "${"{COMPREPLY[@]}"}"
                """;

        var (code, said) = await RunAsync(bash, await FileOfAsync(script));

        code.ShouldBe(0, said);
        said.Trim().Split('\n').ShouldBe(["model", "month"]);
    }

    private static async Task<string> FileOfAsync(string script)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("dragoman-").FullName, "script");
        await File.WriteAllTextAsync(file, script + "\n");
        return file;
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static async Task<(int Code, string Said)> RunAsync(
        string program,
        params string[] args
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, args)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var said = process.StandardOutput.ReadToEndAsync();
        var wrong = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await wrong);
    }
}
