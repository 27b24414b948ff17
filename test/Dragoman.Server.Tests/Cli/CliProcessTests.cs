using System.Diagnostics;
using Dragoman.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>What only a real process shows: exit codes, pipes, Ctrl-C.</summary>
public sealed class CliProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ask_Piped_AnswersOnOutAndExitsWith0()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );
        using var ask = CliProcess.Start(At(server), "ask", "-", "-m", "sim/swift");

        await ask.StandardInput.WriteAsync("[[say Grüße.]]");
        ask.StandardInput.Close();

        (await ask.StandardOutput.ReadToEndAsync()).ShouldBe("Grüße." + Environment.NewLine);
        (await ask.StandardError.ReadToEndAsync()).ShouldBe("");
        await ask.WaitForExitAsync();
        ask.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Help_TellsTheExitCodes()
    {
        using var help = CliProcess.Start(new Dictionary<string, string>(), "--help");

        var said = await help.StandardOutput.ReadToEndAsync();
        await help.WaitForExitAsync();

        help.ExitCode.ShouldBe(0);
        said.ShouldContain("Exit codes:");
        foreach (
            var verb in (string[])
                [
                    "serve",
                    "ask",
                    "chat",
                    "embed",
                    "models",
                    "providers",
                    "usage",
                    "stats",
                    "requests",
                    "health",
                    "chains",
                    "config",
                    "doctor",
                    "completion",
                ]
        )
            said.ShouldContain("  " + verb);
    }

    [Theory]
    [InlineData("mdels", "did you mean 'models'?")]
    [InlineData("--versoin", "did you mean '--version'?")]
    public async Task WrongWord_Is2AndNamesTheNearest(string word, string said)
    {
        using var wrong = CliProcess.Start(new Dictionary<string, string>(), word);

        (await wrong.StandardOutput.ReadToEndAsync()).ShouldBe("");
        (await wrong.StandardError.ReadToEndAsync()).ShouldContain(said);
        await wrong.WaitForExitAsync();
        wrong.ExitCode.ShouldBe(ExitCodes.WrongUsage);
    }

    [Fact]
    public async Task Chat_CtrlC_StopsTheAnswerAndNotTheProgram()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGINT is a matter of Unix");
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );
        simulator.SetFault("coder", "stall");
        using var chat = CliProcess.Start(At(server), "chat", "-m", "sim/coder");

        await chat.StandardInput.WriteLineAsync("this answer stalls");
        await chat.StandardInput.FlushAsync();
        await simulator.Requests.UntilAsync(static journal => journal.Count == 1, Patience);
        var began = new char[1];
        (await chat.StandardOutput.ReadAsync(began)).ShouldBe(1);
        await InterruptAsync(chat);
        await chat.StandardInput.WriteLineAsync("/model sim/swift");
        await chat.StandardInput.WriteLineAsync("[[say Still here.]]");
        chat.StandardInput.Close();

        (await chat.StandardOutput.ReadToEndAsync()).ShouldContain("Still here.");
        await chat.WaitForExitAsync();
        chat.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Ask_CtrlC_EndsWith130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGINT is a matter of Unix");
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );
        simulator.SetFault("coder", "silent");
        using var ask = CliProcess.Start(At(server), "ask", "hi", "-m", "sim/coder");

        await simulator.Requests.UntilAsync(static journal => journal.Count == 1, Patience);
        await InterruptAsync(ask);

        await ask.WaitForExitAsync();
        ask.ExitCode.ShouldBe(ExitCodes.Interrupted);
    }

    private static Dictionary<string, string> At(ServerUnderTest server) =>
        new(StringComparer.Ordinal) { ["DRAGOMAN_URL"] = server.Server.Address.ToString() };

    private static async Task InterruptAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }
}
