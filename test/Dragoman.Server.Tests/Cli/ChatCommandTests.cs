using System.Text.Json;
using Dragoman.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>A conversation whose lines are piped in.</summary>
public sealed class ChatCommandTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        _server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(_simulator)
                + "\nmodels: [{ name: sim/swift, provider: sim, model: swift, cost_per_1k_input: 1, cost_per_1k_output: 2 }]"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    private Task<Ran> TalkAsync(params string[] lines) =>
        new CommandLine { Input = string.Join('\n', lines) + "\n" }
            .With("DRAGOMAN_URL", _server.Server.Address.ToString())
            .RunAsync("chat", "-m", "sim/swift");

    private IReadOnlyList<(string Role, string Content)> Asked(int index) =>
        [
            .. JsonDocument
                .Parse(_simulator.Requests.Last[index].BodyText)
                .RootElement.GetProperty("messages")
                .EnumerateArray()
                .Select(static message =>
                    (
                        message.GetProperty("role").GetString()!,
                        message.GetProperty("content").GetString()!
                    )
                ),
        ];

    [Fact]
    public async Task Chat_EachQuestion_CarriesWhatWasSaidBefore()
    {
        var ran = await TalkAsync("[[say One.]]", "[[say Two.]]");

        ran.Code.ShouldBe(0, ran.Error);
        ran.Out.ReplaceLineEndings("\n").ShouldBe("One.\nTwo.\n");
        Asked(1)
            .ShouldBe([("user", "[[say One.]]"), ("assistant", "One."), ("user", "[[say Two.]]")]);
    }

    [Fact]
    public async Task Chat_ModelChangesMidWay_TheNextOneKnowsTheConversation()
    {
        await TalkAsync("[[say One.]]", "/model sim/coder", "[[say Two.]]", "/quit", "never");

        _simulator.Requests.Last.Select(static asked => asked.Model).ShouldBe(["swift", "coder"]);
        Asked(1).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Chat_Retry_AsksTheLastQuestionAgainWithoutItsAnswer()
    {
        await TalkAsync("[[say One.]]", "[[say Two.]]", "/retry sim/coder");

        Asked(2).ShouldBe(Asked(1));
        _simulator.Requests.Last[2].Model.ShouldBe("coder");
    }

    [Fact]
    public async Task Chat_SystemAndClear_ChangeWhatIsSent()
    {
        await TalkAsync("[[say One.]]", "/clear", "/system Be brief.", "[[say Two.]]");

        Asked(1).ShouldBe([("system", "Be brief."), ("user", "[[say Two.]]")]);
    }

    [Fact]
    public async Task Chat_Cost_AddsUpByModel()
    {
        var ran = await TalkAsync(
            "/cost",
            "[[say One.]]",
            "[[say Two.]]",
            "/model sim/coder",
            "[[say Three.]]",
            "/cost"
        );

        ran.Out.ShouldContain("Nothing was answered yet.");
        var rows = ran
            .Out.ReplaceLineEndings("\n")
            .Split('\n')
            .Where(static row => row.Contains('\t'))
            .ToList();
        rows[0].ShouldBe("model\tanswers\ttokens in\ttokens out\tcost");
        rows[1].ShouldStartWith("sim/swift\t2\t");
        rows[1].ShouldContain("\t$");
        rows[2].ShouldStartWith("sim/coder\t1\t");
        rows[2].ShouldEndWith("\t-");
        rows[3].ShouldStartWith("together\t3\t");
        rows[3].ShouldContain("at least $");
    }

    [Fact]
    public async Task Chat_Save_WritesMarkdownOrJsonAndSparesWhatIsThere()
    {
        var (text, json) = (
            Path.Combine(_server.Folder, "talk.md"),
            Path.Combine(_server.Folder, "talk.json")
        );
        await File.WriteAllTextAsync(text, "mine");

        var ran = await TalkAsync(
            "[[say One.]]",
            $"/save {text}",
            $"/save {json}",
            $"/save {json}"
        );

        ran.Error.ShouldContain("is there already and stays as it is");
        (await File.ReadAllTextAsync(text)).ShouldBe("mine");
        var messages = JsonDocument
            .Parse(await File.ReadAllTextAsync(json))
            .RootElement.GetProperty("messages");
        messages[1].GetProperty("content").GetString().ShouldBe("One.");
    }

    [Fact]
    public async Task Chat_QuestionFails_TalksOnAndEndsWith1()
    {
        var ran = await TalkAsync(
            "/model nobody/knows",
            "fails",
            "/model sim/swift",
            "[[say Well.]]",
            "/nonsense"
        );

        ran.Code.ShouldBe(ExitCodes.Failure);
        ran.Out.ShouldContain("Well.");
        ran.Error.ShouldContain("there is no /nonsense here");
        Asked(_simulator.Requests.Last.Count - 1).ShouldBe([("user", "[[say Well.]]")]);
    }

    [Fact]
    public async Task Chat_LineThatEndsInABackslash_GoesOn()
    {
        await TalkAsync("one\\", "two");

        Asked(0).ShouldBe([("user", "one\ntwo")]);
    }
}
