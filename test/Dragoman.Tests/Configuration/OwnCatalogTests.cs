using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class OwnCatalogTests : IDisposable
{
    private readonly TestSources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Over_GivenMembers_WinAndOthersStay()
    {
        var deployment = Find(
            "openai/gpt-4o",
            """
            {"schema": 1, "providers": {"openai": [
              {"id": "gpt-4o", "context": 64000, "can": ["webSearch", "math"], "cannot": ["audio"], "localAliases": ["workhorse"],
               "prices": {"input": 2, "output": 8, "tiers": [{"aboveInputTokens": 1000, "input": 4}], "toolFees": {"web_search": 0.02},
                          "next": {"from": "2027-01-01", "input": 1}},
               "quality": {"overall": 71, "error": 3, "code": 88}, "latency": {"firstTokenMs": 250, "tokensPerSecond": 90}}
            ]}}
            """
        );

        deployment.ContextWindow.ShouldBe(64_000);
        deployment.MaxOutput.ShouldBe(16_384);
        deployment.Capabilities.WebSearch.ShouldBe(true);
        deployment.Capabilities.Audio.ShouldBe(false);
        deployment.Capabilities.Tools.ShouldBe(true);
        deployment.Strengths.ShouldBe(["math"]);
        deployment.Prices!.Input.ShouldBe(2);
        deployment.Prices.Output.ShouldBe(8);
        deployment.Prices.CacheRead.ShouldBeNull("half a sheet of the catalog's would be wrong");
        deployment.Prices.Tiers.ShouldHaveSingleItem().Input.ShouldBe(4);
        deployment.Prices.ToolFees["web_search"].ShouldBe(0.02m);
        deployment.Prices.On(new DateOnly(2027, 1, 1)).Input.ShouldBe(1);
        deployment.Quality!.Basis.ShouldBe(QualityBasis.Stated);
        deployment.Quality.For("code")!.Value.Score.ShouldBe(88);
        deployment.Quality.For("math")!.Value.Score.ShouldBe(71);
        deployment.StartingLatency!.For(90)!.Value.TotalSeconds.ShouldBe(1.25, 0.001);
    }

    [Fact]
    public void Over_NewRowAndAlias_CanBeCalledByTheirNames()
    {
        const string Own = """
            providers:
              openai:
                - { id: gpt-99, family: gpt, context: 5000000, can: [tools], localAliases: [ninety-nine], prices: { input: 1, output: 2 } }
            """;

        Find("ninety-nine", Own).Model.ShouldBe("gpt-99");
        Find("gpt-99", Own).ContextWindow.ShouldBe(5_000_000);
        Find("openai/gpt-4o", Own).Prices!.Input.ShouldBe(2.5m, "all others stay");
    }

    [Fact]
    public void Over_Replacement_IsFollowed()
    {
        var deployment = Find(
            "openai/gpt-4o",
            """{"providers":{"openai":[{"id":"gpt-4o","status":"deprecated","replacement":"gpt-5.4-mini"}]}}"""
        );

        deployment.Model.ShouldBe("gpt-5.4-mini");
        deployment.Replaces.ShouldBe("gpt-4o");
    }

    [Fact]
    public void Over_TheShippedCatalogItself_ChangesNothing()
    {
        var file = SolutionFolder.Of("src/Dragoman/Catalog/models.json");
        _sources.Write($"{{ catalog: \"{file}\", providers: {{ openai: {{ api_keys: [k] }} }} }}");
        using var snapshots = _sources.Snapshots();

        var report = snapshots.Reload();

        report.Mistakes.ShouldBeEmpty();
        foreach (var known in ModelCatalog.Default.Models)
        {
            var own = snapshots
                .Current.Models.All.FirstOrDefault(model =>
                    model.Entry is { } entry
                    && entry.Provider == known.Provider
                    && entry.Id == known.Id
                )
                ?.Entry;
            own.ShouldNotBeNull(known.Id);
            own.Capabilities.ShouldBe(known.Capabilities, known.Id);
            own.Prices?.Input.ShouldBe(known.Prices?.Input, known.Id);
            own.Prices?.Tiers.ShouldBe(known.Prices!.Tiers, known.Id);
            own.Status.ShouldBe(known.Status, known.Id);
        }
    }

    [Theory]
    [InlineData(
        """{"providers":{"opanai":[]}}""",
        "own.json:1: providers.opanai: There is no such kind of provider. Did you mean 'openai'?"
    )]
    [InlineData(
        """{"providers":{"openai":[{"name":"x"}]}}""",
        "own.json:1: providers.openai[0]: A row needs an id."
    )]
    [InlineData(
        """{"providers":{"openai":[{"id":"x","contxt":5}]}}""",
        "providers.openai[0].contxt: Unknown key."
    )]
    [InlineData(
        "{\"providers\":{\"openai\":[\n{\"id\":\"x\",\"prices\":{\"input\":\"much\"}}]}}",
        "own.json:2: providers.openai[0].prices.input: Must be a number between 0 and 1000000, not 'much'."
    )]
    [InlineData(
        """{"providers":{"openai":[{"id":"x","can":["tool"]}]}}""",
        "providers.openai[0].can[0]: Must be one of: tools, structuredOutput"
    )]
    [InlineData(
        """{"providers":{"openai":[{"id":"x","status":"retired"}]}}""",
        "providers.openai[0].status: Must be one of: active, beta, legacy, deprecated"
    )]
    [InlineData(
        """{"providers":{"openai":[{"id":"x","quality":{"code":50}}]}}""",
        "providers.openai[0].quality: Needs an overall quality"
    )]
    [InlineData(
        """{"providers":{"openai":[{"id":"x"},{"id":"x"}]}}""",
        "providers.openai[1].id: Another row has this id already."
    )]
    [InlineData(
        """{"providers":{"openai":[{"id":"x","replacement":"gpt-4p"}]}}""",
        "The replacement of x is no model that openai still has. Did you mean 'gpt-4o'?"
    )]
    [InlineData("""{"models":[]}""", "models: Unknown key. Known are: date, providers, schema.")]
    [InlineData("[]", "The file must be an object that holds 'providers'.")]
    [InlineData("{\"providers\":", "This is not valid YAML or JSON")]
    public void Over_Mistake_IsToldWithFileAndRow(string own, string message)
    {
        var report = Reload(own, out _);

        report.IsApplied.ShouldBeFalse();
        report.Mistakes.Select(static m => m.ToString()).ShouldContain(m => m.Contains(message));
        report.Mistakes.ShouldAllBe(static m => m.File == "own.json");
    }

    [Fact]
    public void Over_PriceOfAnotherUnit_IsDoubted()
    {
        var report = Reload(
            """{"providers":{"openai":[{"id":"gpt-4o","prices":{"input":0.0025,"output":10}}]}}""",
            out _
        );

        report.IsApplied.ShouldBeTrue();
        var warning = report.Mistakes.ShouldHaveSingleItem();
        warning.IsWarning.ShouldBeTrue();
        warning.ToString().ShouldContain("The unit is US dollars per 1,000,000 tokens.");
    }

    [Fact]
    public void Locate_MissingFile_IsAMistake()
    {
        _sources.Write("catalog: nowhere.json");
        using var snapshots = _sources.Snapshots();

        var report = snapshots.Reload();

        report.IsApplied.ShouldBeFalse();
        report
            .Mistakes.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("nowhere.json: There is no such file.");
    }

    [Fact]
    public void Locate_Environment_WinsOverTheFile()
    {
        WriteOwn("other.json", """{"providers":{"openai":[{"id":"gpt-4o","context":7}]}}""");
        _sources.Environment["DRAGOMAN_CATALOG"] = "other.json";

        Find("openai/gpt-4o", """{"providers":{"openai":[{"id":"gpt-4o","context":8}]}}""")
            .ContextWindow.ShouldBe(7);
    }

    [Fact]
    public void Look_ChangedCatalog_IsReadAnew()
    {
        using var snapshots = Started("""{"providers":{"openai":[{"id":"gpt-4o","context":8}]}}""");
        Context().ShouldBe(8);

        WriteOwn("own.json", """{"providers":{"openai":[{"id":"gpt-4o","context":9}]}}""");
        snapshots.Look();
        Context().ShouldBe(8, "whoever writes it may not be done");
        snapshots.Look();
        Context().ShouldBe(9);
        var version = snapshots.Current.Version;
        snapshots.Look();
        snapshots.Current.Version.ShouldBe(version);

        WriteOwn("own.json", "{");
        snapshots.Look();
        snapshots.Look();
        Context().ShouldBe(9, "a file with mistakes changes nothing");

        long? Context() => First(snapshots, "openai/gpt-4o").ContextWindow;
    }

    private Deployment Find(string name, string own)
    {
        using var snapshots = Started(own);
        return First(snapshots, name);
    }

    private GatewaySnapshots Started(string own)
    {
        var report = Reload(own, out var snapshots);
        report.IsApplied.ShouldBeTrue(string.Join("\n", report.Mistakes));
        return snapshots;
    }

    private ConfigReport Reload(string own, out GatewaySnapshots snapshots)
    {
        WriteOwn("own.json", own);
        _sources.Write("{ catalog: own.json, providers: { openai: { api_keys: [k] } } }");
        snapshots = _sources.Snapshots();
        return snapshots.Reload();
    }

    private void WriteOwn(string name, string text) =>
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(_sources.File)!, name), text);

    private static Deployment First(GatewaySnapshots snapshots, string name)
    {
        var (decision, error) = snapshots.Current.Names.Resolve(name, Operation.Chat, Wishes.None);
        return decision.ShouldNotBeNull(error?.Message).Chain[0];
    }
}
