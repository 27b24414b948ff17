using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>Which model, why, and what its answer was worth, on the command line.</summary>
public sealed class ChoosingCommandTests : IAsyncLifetime
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

    [Fact]
    public async Task Classify_WithoutAServer_AnswersFromThisProcess()
    {
        var ran = await new CommandLine { IsShown = true }.RunAsync(
            "classify",
            "Translate to French: good morning"
        );

        ran.Code.ShouldBe(0);
        ran.Out.ShouldContain("translation");
        ran.Out.ShouldContain("█");
        ran.Error.ShouldContain("asking from this process");
    }

    [Fact]
    public async Task Classify_WhatIsPipedIn_IsRead()
    {
        var ran = await new CommandLine { Input = "def f(x):\n    return x\n\nWhy does it fail?" }
            .With("DRAGOMAN_URL", Address)
            .RunAsync("classify", "-", "--json");

        ran.Code.ShouldBe(0);
        using var json = JsonDocument.Parse(ran.Out);
        json.RootElement.GetProperty("signals")
            .GetProperty("contains_code")
            .GetBoolean()
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Route_ANamedModel_IsATableWithTheReason()
    {
        var ran = await Line(shown: true, width: 120).RunAsync("route", "hi", "-m", "sim/swift");

        ran.Code.ShouldBe(0);
        ran.Out.ShouldContain("sim/swift names one deployment");
        ran.Out.ShouldContain("MODEL");
        _simulator.Requests.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Compare_WhereOneFails_ShowsBothAndEndsWell()
    {
        _simulator.SetFault("sage", "503");

        var ran = await Line().RunAsync("compare", "hi", "-m", "sim/swift", "-m", "sim/sage");

        ran.Code.ShouldBe(0);
        ran.Out.ShouldContain("simulated answer");
        ran.Out.Split('\n')
            .Last(static line => line.StartsWith("sim/sage", StringComparison.Ordinal))
            .ShouldContain("req_");
    }

    [Fact]
    public async Task Compare_WhereAllFail_EndsWithAFailure()
    {
        _simulator.SetFault("sage", "503");
        _simulator.SetFault("swift", "503");

        (await Line().RunAsync("compare", "hi", "-m", "sim/swift", "-m", "sim/sage")).Code.ShouldBe(
            1
        );
        var one = await Line().RunAsync("compare", "hi", "-m", "sim/swift");
        one.Code.ShouldBe(2);
        one.Error.ShouldContain("2 to 10");
    }

    [Fact]
    public async Task Feedback_OfARequest_IsKeptAndShown()
    {
        var asked = await Line().RunAsync("ask", "hi", "-m", "sim/swift", "--json");
        using var reply = JsonDocument.Parse(asked.Out);
        var id = reply.RootElement.GetProperty("id").GetString()!;

        var up = await Line().RunAsync("feedback", id, "up");
        var again = await Line().RunAsync("feedback", id, "0.25", "--comment", "too short");
        var shown = await Line().RunAsync("requests", id);

        up.Out.ShouldContain($"sim/swift has 1 for {id}.");
        again.Out.ShouldContain("in place of what was said before");
        shown.Out.ShouldContain("feedback\t0.25: too short");
    }

    [Theory]
    [InlineData("req_0000000000000", "up", 1, "There is no record")]
    [InlineData("req_0000000000000", "sideways", 2, "up, down or a number")]
    [InlineData("req_0000000000000", "1.5", 2, "up, down or a number")]
    public async Task Feedback_OfWhatIsNot_IsToldSo(string id, string score, int code, string told)
    {
        var ran = await Line().RunAsync("feedback", id, score);

        ran.Code.ShouldBe(code);
        ran.Error.ShouldContain(told);
    }

    [Fact]
    public async Task Recommend_WhatNobodyHas_SaysWhyNot()
    {
        var ran = await Line(shown: true)
            .RunAsync("recommend", "in the EU with vision", "--limit", "3");

        ran.Code.ShouldBe(0);
        ran.Error.ShouldContain("region = eu");
        ran.Error.ShouldContain("cannot be called with this configuration");
    }

    private string Address => _server.Server.Address.ToString();

    private CommandLine Line(bool shown = false, int width = 80) =>
        new CommandLine { IsShown = shown, Width = width }.With("DRAGOMAN_URL", Address);
}
