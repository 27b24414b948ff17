using System.Text.Json;
using Dragoman.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>Commands that print what a server knows: piped, as JSON, and on screens of several widths.</summary>
public sealed class ListingCommandTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private ServerUnderTest _server = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions());
        _server = await ServerUnderTest.StartAsync(config: ServerUnderTest.ConfigOf(_simulator));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    private CommandLine Line(bool shown = false, int width = 80) =>
        new CommandLine { IsShown = shown, Width = width }.With(
            "DRAGOMAN_URL",
            _server.Server.Address.ToString()
        );

    private static string[] Rows(string text) =>
        text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private async Task AskAsync() =>
        (await Line().RunAsync("ask", "hi", "-m", "sim/swift")).Code.ShouldBe(0);

    public static TheoryData<string[], string> Documents { get; } =
        new()
        {
            { ["models", "--limit", "3"], "models" },
            { ["models", "show", "gpt-4o"], "quality_by_task" },
            { ["providers"], "providers" },
            { ["providers", "test", "sim"], "providers" },
            { ["health"], "status" },
            { ["usage"], "total_cost" },
            { ["usage", "--by", "day", "--period", "today"], "grouped_by" },
            { ["stats", "--by", "model"], "since_start" },
            { ["requests"], "requests" },
            { ["chains"], "chains" },
            { ["chains", "sim/swift"], "members" },
            { ["embed", "a", "b", "-m", "sim/embed"], "embeddings" },
            { ["ask", "hi", "-m", "sim/swift"], "routing" },
            { ["classify", "write a sorting function"], "scores" },
            { ["route", "hi", "-m", "sim/swift"], "candidates" },
            { ["recommend", "cheap chat"], "understood" },
            { ["compare", "hi", "-m", "sim/swift", "-m", "sim/sage"], "answers" },
        };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Json_OfEveryCommand_IsOneDocumentAndNothingElse(string[] args, string member)
    {
        await AskAsync();

        var ran = await Line().RunAsync([.. args, "--json"]);

        ran.Code.ShouldBe(0, ran.Error);
        ran.Error.ShouldBe("");
        Rows(ran.Out).Length.ShouldBe(1);
        JsonDocument.Parse(ran.Out).RootElement.TryGetProperty(member, out _).ShouldBeTrue(ran.Out);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Screen_OfEveryCommand_StaysWithinItsWidth(string[] args, string member)
    {
        await AskAsync();
        member.ShouldNotBeEmpty();

        var ran = await Line(shown: true, width: 60).RunAsync(args);

        ran.Code.ShouldBe(0, ran.Error);
        if (args is not ["models", "show", ..])
            Rows(ran.Out).Max(static row => row.TrimEnd().Length).ShouldBeLessThanOrEqualTo(60);
        ran.Out.ShouldNotContain("\e[");
    }

    [Fact]
    public async Task Models_Piped_AreLinesWithTabs()
    {
        var ran = await Line()
            .RunAsync(
                "models",
                "--provider",
                "openai",
                "--sort",
                "cost",
                "--capability",
                "tools",
                "--limit",
                "5"
            );

        var rows = Rows(ran.Out);
        rows[0].ShouldBe("model\tready\tin/1k\tout/1k\tcontext\tquality\tanswer");
        rows.Length.ShouldBe(6);
        rows.Skip(1)
            .ShouldAllBe(static row => row.StartsWith("openai/") && row.Split('\t').Length == 7);
    }

    [Fact]
    public async Task Models_WithoutAServer_AreToldInThisProcess()
    {
        var list = await new CommandLine().RunAsync("models", "--search", "gpt-4o-mini", "--json");
        var none = await new CommandLine().RunAsync("models", "show", "gpt-4oo");

        list.Code.ShouldBe(0, list.Error);
        JsonDocument
            .Parse(list.Out)
            .RootElement.GetProperty("total")
            .GetInt32()
            .ShouldBeGreaterThan(0);
        none.Code.ShouldBe(ExitCodes.Failure);
        none.Error.ShouldContain("did you mean");
    }

    [Theory]
    [InlineData("models", "--sort", "price", "cost, latency, quality")]
    [InlineData("usage", "--by", "modell", "Did you mean model?")]
    [InlineData("usage", "--period", "year", "today, week, month")]
    [InlineData("stats", "--by", "day", "model, provider, chain")]
    public async Task Choice_OfAnUnknownWord_IsRefusedWithTheKnownOnes(
        string verb,
        string option,
        string word,
        string said
    )
    {
        var ran = await Line().RunAsync(verb, option, word);

        ran.Code.ShouldBe(ExitCodes.WrongUsage);
        ran.Error.ShouldContain(said);
    }

    [Fact]
    public async Task Accounts_WithoutAServer_Are3()
    {
        foreach (var verb in (string[])["usage", "stats", "requests"])
        {
            var ran = await new CommandLine().RunAsync(verb);

            ran.Code.ShouldBe(ExitCodes.Unreachable, verb);
            ran.Error.ShouldContain("dragoman serve");
        }
    }

    [Fact]
    public async Task Requests_OfOneId_TellsItsAttempts()
    {
        await AskAsync();
        // The list does not wait for the ledger's next commit.
        string? id = null;
        for (var look = 0; id is null && look < 500; look++)
            id = await NewestAsync();

        var ran = await Line(shown: true).RunAsync("requests", id!);
        var none = await Line().RunAsync("requests", "req_nothing");

        ran.Out.ShouldStartWith(id!);
        ran.Out.ShouldContain("Answered by     sim/swift");
        ran.Out.ShouldContain("Tried           sim/swift: success (200)");
        none.Code.ShouldBe(ExitCodes.Failure);
        none.Error.ShouldContain("req_nothing");
    }

    private async Task<string?> NewestAsync() =>
        JsonDocument
            .Parse((await Line().RunAsync("requests", "--json")).Out)
            .RootElement.GetProperty("requests")
            .EnumerateArray()
            .Select(static request => request.GetProperty("id").GetString())
            .FirstOrDefault();

    [Fact]
    public async Task Usage_CountsWhatWasAsked()
    {
        await AskAsync();
        (await _server.GetAsync("/api/llm/requests")).EnsureSuccessStatusCode();

        var ran = await Line().RunAsync("usage", "--by", "model");

        Rows(ran.Out)[0].ShouldBe("model\tcalls\tfailed\ttokens\tcost\taverage");
        Rows(ran.Out)[1].ShouldStartWith("sim/swift\t1\t0\t");
    }

    [Fact]
    public async Task Embed_Piped_IsAVectorALine()
    {
        var ran = await new CommandLine { Input = "one text\n\nanother\n" }
            .With("DRAGOMAN_URL", _server.Server.Address.ToString())
            .RunAsync("embed", "-m", "sim/embed");

        ran.Code.ShouldBe(0, ran.Error);
        Rows(ran.Out).Length.ShouldBe(2);
        Rows(ran.Out)[0].Split(' ').Length.ShouldBe(Rows(ran.Out)[1].Split(' ').Length);
    }
}
