using System.Text.Json;
using Dragoman.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>One question, one answer: through a server, and without one.</summary>
public sealed class AskCommandTests
{
    private static async Task<(SimulatorHost, ServerUnderTest)> HouseAsync(string? key = null)
    {
        var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        return (
            simulator,
            await ServerUnderTest.StartAsync(key, ServerUnderTest.ConfigOf(simulator))
        );
    }

    private static CommandLine To(ServerUnderTest server, bool shown = false, string input = "") =>
        new CommandLine { IsShown = shown, Input = input }.With(
            "DRAGOMAN_URL",
            server.Server.Address.ToString()
        );

    private static string? Prompt(SimulatorHost simulator) =>
        JsonDocument
            .Parse(simulator.Requests.Last[^1].BodyText)
            .RootElement.GetProperty("messages")[0]
            .GetProperty("content")
            .GetString();

    [Fact]
    public async Task Ask_Piped_PrintsTheAnswerAndNothingElse()
    {
        var (simulator, server) = await HouseAsync();
        await using var _ = simulator;
        await using var __ = server;

        var ran = await To(server).RunAsync("ask", "[[say Blue.]]", "-m", "sim/swift");

        ran.ShouldBe(new Ran(0, "Blue." + Environment.NewLine, ""));
        simulator.Requests.Last[^1].BodyText.ShouldNotContain("\"stream\":true");
    }

    [Fact]
    public async Task Ask_OnATerminal_StreamsAndTellsWhoAnsweredAndWhatItTook()
    {
        var (simulator, server) = await HouseAsync();
        await using var _ = simulator;
        await using var __ = server;

        var ran = await To(server, shown: true)
            .RunAsync("ask", "[[say Blue.]]", "-m", "sim/swift", "--max-tokens", "50");

        ran.Code.ShouldBe(0);
        ran.Out.ShouldBe("Blue." + Environment.NewLine);
        ran.Error.ShouldStartWith("sim/swift · ");
        ran.Error.ShouldContain(" in, ");
        ran.Error.ShouldContain("cost unknown");
        var body = simulator.Requests.Last[^1].BodyText;
        body.ShouldContain("\"stream\":true");
        body.ShouldContain("50");
    }

    [Fact]
    public async Task Ask_Json_IsTheNativeAnswerAsOneDocument()
    {
        var (simulator, server) = await HouseAsync();
        await using var _ = simulator;
        await using var __ = server;

        var ran = await To(server).RunAsync("ask", "[[say Blue.]]", "-m", "sim/swift", "--json");

        ran.Error.ShouldBe("");
        var reply = JsonDocument.Parse(ran.Out).RootElement;
        reply.GetProperty("content").GetString().ShouldBe("Blue.");
        reply.GetProperty("provider").GetString().ShouldBe("sim");
        reply.GetProperty("cost_usd").ValueKind.ShouldBe(JsonValueKind.Null);
        reply.GetProperty("attempts").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData(new string[0], "from the pipe", "from the pipe")]
    [InlineData(new[] { "-" }, "from the pipe", "from the pipe")]
    [InlineData(
        new[] { "Sum up:", "-", "in one line" },
        "from the pipe",
        "Sum up:\nfrom the pipe\nin one line"
    )]
    [InlineData(new[] { "why", "is", "that" }, "not read", "why is that")]
    public async Task Ask_Prompt_IsMadeOfWordsAndWhatIsPiped(
        string[] words,
        string input,
        string asked
    )
    {
        var (simulator, server) = await HouseAsync();
        await using var _ = simulator;
        await using var __ = server;

        var ran = await To(server, input: input + "\n")
            .RunAsync(["ask", .. words, "-m", "sim/swift"]);

        ran.Code.ShouldBe(0, ran.Error);
        Prompt(simulator).ShouldBe(asked);
    }

    [Fact]
    public async Task Ask_File_GoesBehindThePrompt()
    {
        var (simulator, server) = await HouseAsync();
        await using var _ = simulator;
        await using var __ = server;
        var file = Path.Combine(server.Folder, "notes.txt");
        await File.WriteAllTextAsync(file, "the notes\n");

        var ran = await To(server).RunAsync("ask", "Sum up", "-m", "sim/swift", "--file", file);

        ran.Code.ShouldBe(0, ran.Error);
        Prompt(simulator).ShouldBe("Sum up\n\nthe notes");
        var none = await To(server).RunAsync("ask", "x", "--file", file + "x");
        none.Code.ShouldBe(ExitCodes.WrongUsage);
        none.Error.ShouldContain("there is no file");
    }

    [Fact]
    public async Task Ask_NoServerAtTheUsualAddress_AnswersInThisProcess()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        var line = new CommandLine { IsShown = true }
            .With("OPENAI_API_KEY", "sk-test")
            .With("OPENAI_BASE_URL", simulator.BaseUrl);

        var ran = await line.RunAsync("ask", "[[say Blue.]]", "-m", "openai/swift");

        ran.Code.ShouldBe(0, ran.Error);
        ran.Out.ShouldBe("Blue." + Environment.NewLine);
        ran.Error.ShouldContain("No server at http://127.0.0.1:1: asking from this process.");
    }

    [Fact]
    public async Task Ask_TheNamedServerDoesNotAnswer_Is3AndSaysWhatToDo()
    {
        var ran = await new CommandLine().RunAsync("ask", "hi", "--url", "127.0.0.1:1");

        ran.Code.ShouldBe(ExitCodes.Unreachable);
        ran.Out.ShouldBe("");
        ran.Error.ShouldContain("127.0.0.1:1");
        ran.Error.ShouldContain("dragoman serve");
        ran.Error.TrimEnd().Split('\n').Length.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Ask_TheServersKeyIsMissing_SaysWhichVariable()
    {
        var (simulator, server) = await HouseAsync("secret");
        await using var _ = simulator;
        await using var __ = server;

        var refused = await To(server).RunAsync("ask", "hi", "-m", "sim/swift");
        var taken = await To(server)
            .RunAsync("ask", "[[say Hi.]]", "-m", "sim/swift", "--api-key", "secret");

        refused.Code.ShouldBe(ExitCodes.Failure);
        refused.Error.ShouldContain("DRAGOMAN_API_KEY");
        taken.Code.ShouldBe(0, taken.Error);
    }

    [Fact]
    public async Task Ask_NothingIsConfigured_PointsToTheDoctor()
    {
        var ran = await new CommandLine().RunAsync("ask", "hi");

        ran.Code.ShouldBe(ExitCodes.Failure);
        ran.Error.ShouldContain("dragoman doctor");
    }

    [Theory]
    [InlineData("--modl", "did you mean --model")]
    [InlineData("-x", "there is no option -x")]
    public async Task Ask_MistypedOption_IsNotSentToAModel(string option, string said)
    {
        var ran = await new CommandLine().RunAsync("ask", "hi", option, "gpt-4o");

        ran.Code.ShouldBe(ExitCodes.WrongUsage);
        ran.Error.ShouldContain(said);
    }

    [Theory]
    [InlineData(
        "--temperature",
        "warm",
        "--temperature is 'warm'; it must be a number from 0 to 2"
    )]
    [InlineData("--max-tokens", "0", "--max-tokens is '0'; it must be a whole number, 1 or more")]
    [InlineData(
        "--budget",
        "cheap",
        "--budget is 'cheap'; it must be a number of US dollars such as 0.05"
    )]
    public async Task Ask_WrongNumber_SaysWhatItMustBe(string option, string value, string said)
    {
        var ran = await new CommandLine().RunAsync("ask", "hi", option, value);

        ran.Code.ShouldBe(ExitCodes.WrongUsage);
        ran.Error.ShouldContain(said);
        ran.Error.ShouldContain("dragoman ask --help");
    }

    [Fact]
    public async Task Ask_ProviderFails_Is1AndNothingOnOut()
    {
        var (simulator, server) = await HouseAsync();
        await using var _ = simulator;
        await using var __ = server;
        simulator.SetFault("swift", "500");

        var ran = await To(server, shown: true)
            .RunAsync("ask", "hi", "-m", "sim/swift", "--no-stream");

        ran.Code.ShouldBe(ExitCodes.Failure);
        ran.Out.ShouldBe("");
        ran.Error.ShouldStartWith("dragoman: ");
    }
}
