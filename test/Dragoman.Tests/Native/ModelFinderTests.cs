using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Native;
using Dragoman.TestKit;
using Dragoman.Tests.Configuration;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Native;

public sealed class ModelFinderTests
{
    private const string House = """
        providers:
          openai: { api_keys: [k] }
          eu: { type: openai, base_url: "https://eu.example/v1", api_keys: [k], only_listed: true }
          house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
        models:
          - { name: eu-mini, provider: eu, model: gpt-4o-mini }
          - { name: mine, provider: house, model: mine-7b, context_window: 32000, capabilities: [code] }
          - { name: cheap, provider: house, model: cheap-7b, cost_per_1k_input: 0.00001, cost_per_1k_output: 0.00003 }
        """;

    [Fact]
    public void All_ConfiguredHouse_HoldsEverythingKnownOnce()
    {
        var models = Finder(House);

        models.All.Select(static model => model.Id).ShouldBeUnique();
        // Rows of OpenAI stand under it alone; what the second account lists stands beside them.
        models.All.Count.ShouldBe(ModelCatalog.Default.Models.Count + 3);
        var available = models.Find(new ModelQuery { Available = true });
        available.ShouldContain(static model => model.Id == "openai/gpt-4o");
        available.ShouldContain(static model => model.Id == "eu-mini" && model.Provider == "eu");
        available.ShouldContain(static model => model.Id == "mine" && model.Entry == null);
        available.ShouldAllBe(static model => model.Deployment != null);
        models
            .Find(new ModelQuery { Available = false })
            .ShouldAllBe(static model => model.UnavailableReason!.Length > 10);
    }

    [Fact]
    public void All_LocalOnly_LeavesOnlyModelsInTheHouse()
    {
        var models = Finder("defaults: { local_only: true }\n" + House);

        models
            .Find(new ModelQuery { Available = true })
            .Select(static model => model.Id)
            .ShouldBe(["cheap", "mine"]);
        models.Named("gpt-4o")!.UnavailableReason!.ShouldContain("local_only is on");
    }

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5", "set ANTHROPIC_API_KEY")]
    [InlineData("openai/gpt-4", "retired: openai/gpt-5.6-sol answers in its place")]
    [InlineData("openai/gpt-4o-search-preview", "no longer lists it")]
    [InlineData("openai/o1-pro", "announced its end")]
    [InlineData("openai/gpt-image-1", "no address for models of this kind")]
    [InlineData("ollama/codellama:7b", "does not answer on this machine")]
    public void Named_ModelThatCannotBeCalled_SaysWhy(string name, string reason) =>
        Finder(House).Named(name)!.UnavailableReason!.ShouldContain(reason);

    [Fact]
    public async Task All_RunningOllama_HasWhatItHasAndTellsHowToFetchTheRest()
    {
        await using var house = await HouseServer.OllamaAsync("codellama:latest", "homemade:3b");
        using var sources = new TestSources();
        sources.Write($"providers: {{ ollama: {{ base_url: \"{house.Address}\" }} }}");
        using var snapshots = sources.Snapshots(static s =>
            s with
            {
                LookForLocalServers = true,
                OwnPorts = [],
            }
        );
        snapshots.Reload();
        // A server is waited for only a moment, which a busy machine may miss.
        for (var tries = 0; tries < 50 && await snapshots.DiscoverAsync() is null; tries++) { }
        var models = snapshots.Current.Models;

        models
            .Find(new ModelQuery { Provider = "ollama", Available = true })
            .Select(static model => model.Id)
            .ShouldBe(["ollama/codellama:latest", "ollama/homemade:3b"]);
        models.Named("codellama-7b")!.Id.ShouldBe("ollama/codellama:latest");
        models.Named("codellama-7b")!.LocalModel!.Tag.ShouldBe("codellama:7b");
        models
            .Named("ollama/phi-2")!
            .UnavailableReason.ShouldBe("not on that server: ollama pull phi:2.7b");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("tools")]
    [InlineData("code,vision")]
    [InlineData("long_context")]
    [InlineData("offline")]
    [InlineData("web_search")]
    public void Find_Capabilities_AreKnownOfEveryOneFound(string? words)
    {
        string[] capabilities = words?.Split(',') ?? [];
        var models = Finder(House);

        var found = models.Find(new ModelQuery { Capabilities = capabilities });

        found.ShouldAllBe(model =>
            capabilities.All(capability => model.Abilities.Has(capability) == true)
        );
        found.Count.ShouldBe(
            models.All.Count(model =>
                capabilities.All(capability => model.Abilities.Has(capability) == true)
            )
        );
        if (words is "offline" or "code,vision" or "tools")
            found.ShouldNotBeEmpty();
    }

    [Fact]
    public void Find_SoftCapabilityThatConfigurationGrants_IsFound() =>
        Finder(House)
            .Find(new ModelQuery { Capabilities = ["code"], Provider = "house" })
            .ShouldHaveSingleItem()
            .Id.ShouldBe("mine");

    [Fact]
    public void Find_CostCeiling_BoundsTheMeanAndNeverLetsTheUnknownPass()
    {
        var models = Finder(House);

        var found = models.Find(new ModelQuery { MaxCostPer1k = 0.000375m, Provider = "openai" });

        // gpt-4o-mini: (0.15 + 0.60) / 2 per million
        found.ShouldContain(static model => model.Id == "openai/gpt-4o-mini");
        found.ShouldNotContain(static model => model.Id == "openai/gpt-4o");
        found.ShouldAllBe(static model => model.MeanCost <= 0.000375m);
        models
            .Find(new ModelQuery { MaxCostPer1k = 0.000374m, Provider = "openai" })
            .ShouldNotContain(static model => model.Id == "openai/gpt-4o-mini");
        models
            .Find(new ModelQuery { MaxCostPer1k = 1000, Provider = "house" })
            .ShouldHaveSingleItem()
            .Id.ShouldBe("cheap");
    }

    [Fact]
    public void Find_EmbeddingModels_CostWhatTheirInputCosts() =>
        Finder(House).Named("text-embedding-3-small")!.MeanCost.ShouldBe(0.00002m);

    [Theory]
    [InlineData(ModelOrder.Cost)]
    [InlineData(ModelOrder.Latency)]
    [InlineData(ModelOrder.Quality)]
    public void Find_Sorted_PutsTheUnknownLastAndTheCallableFirstAmongEquals(ModelOrder order)
    {
        var found = Finder(House).Find(new ModelQuery { Order = order });
        var keys = found.Select(model => Key(model, order)).ToList();

        keys.ShouldContain(static key => key == null);
        var known = keys.TakeWhile(static key => key is not null).ToList();
        known.Count.ShouldBeGreaterThan(50);
        keys.Skip(known.Count).ShouldAllBe(static key => key == null);
        for (var i = 1; i < known.Count; i++)
        {
            known[i]!.Value.ShouldBeGreaterThanOrEqualTo(known[i - 1]!.Value);
            if (known[i] == known[i - 1])
                (found[i].IsAvailable && !found[i - 1].IsAvailable).ShouldBeFalse();
        }

        static double? Key(KnownModel model, ModelOrder order) =>
            order switch
            {
                ModelOrder.Cost => (double?)model.MeanCost,
                ModelOrder.Latency => model.AnswerTime?.TotalSeconds,
                _ => -ModelFinder.ScoreOf(model, null),
            };
    }

    [Fact]
    public void Find_QualityAtATask_SortsByThatTask()
    {
        var byCode = Finder(House)
            .Find(
                new ModelQuery
                {
                    Order = ModelOrder.Quality,
                    Task = "code",
                    Provider = "openai",
                }
            );
        var byMath = Finder(House)
            .Find(
                new ModelQuery
                {
                    Order = ModelOrder.Quality,
                    Task = "math",
                    Provider = "openai",
                }
            );

        byCode.Select(static m => m.Id).ShouldNotBe(byMath.Select(static m => m.Id));
        byCode
            .Select(static model => ModelFinder.ScoreOf(model, "code") ?? -1)
            .ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public void Find_OtherFilters_Hold()
    {
        var models = Finder(House);

        models
            .Find(new ModelQuery { MinContext = 1_000_000 })
            .ShouldAllBe(static model => model.ContextWindow >= 1_000_000);
        models
            .Find(
                new ModelQuery
                {
                    Local = true,
                    Type = LocalModelType.Specialised,
                    Text = "code",
                }
            )
            .Select(static model => model.Id)
            .ShouldContain("ollama/codellama:7b");
        models
            .Find(new ModelQuery { Kind = ModelKind.Embedding, Local = true })
            .Select(static model => model.Model)
            .ShouldContain("nomic-embed-text:latest");
        models
            .Find(new ModelQuery { Provider = "gemini" })
            .ShouldAllBe(static model => model.Provider == "google");
        models
            .Find(new ModelQuery { Provider = "openai" })
            .ShouldContain(static model => model.Id == "eu-mini", "it is of that type");
        models.Find(new ModelQuery { Provider = "eu" }).ShouldHaveSingleItem();
    }

    [Fact]
    public void Best_Cheapest_IsTheCheapestThatCanBeCalled()
    {
        var models = Finder(House);

        models
            .Best(new ModelQuery { Order = ModelOrder.Cost, Kind = ModelKind.Chat })!
            .Id.ShouldBe("cheap");
        // Free ones are known of Ollama, and cannot be called here.
        models
            .Find(new ModelQuery { Order = ModelOrder.Cost, Kind = ModelKind.Chat })[0]
            .IsAvailable.ShouldBeFalse();
    }

    [Fact]
    public void Best_NothingThatCanBeCalledMatches_IsKnownAtLeast()
    {
        var best = Finder(House)
            .Best(new ModelQuery { Order = ModelOrder.Quality, Provider = "anthropic" })!;

        best.IsAvailable.ShouldBeFalse();
        best.Id.ShouldStartWith("anthropic/claude-fable-5");
        Finder(House)
            .Best(new ModelQuery { Order = ModelOrder.Cost, MinContext = long.MaxValue })
            .ShouldBeNull();
    }

    [Fact]
    public void Best_SimulatedModels_NeverStandBesideRealOnes()
    {
        Best("").Provider.ShouldBe("demo");
        Best("").Model.ShouldBe("sage");
        Best("providers: { openai: { api_keys: [k] } }").Provider.ShouldBe("openai");

        static KnownModel Best(string text) =>
            Finder(
                    text,
                    static s =>
                        s with
                        {
                            Demo = new DemoProvider(
                                new Uri("http://127.0.0.1:9/v1"),
                                ["swift", "sage", "coder", "embed", "fault-slow"]
                            ),
                        }
                )
                .Best(new ModelQuery { Order = ModelOrder.Quality, Kind = ModelKind.Chat })!;
    }

    [Theory]
    [InlineData(ModelOrder.Quality, null, "sage")]
    [InlineData(ModelOrder.Latency, null, "swift")]
    [InlineData(ModelOrder.Latency, "code", "coder")]
    [InlineData(ModelOrder.Cost, "code", "coder")]
    [InlineData(ModelOrder.Cost, "math", "sage")]
    public void Best_DemoModels_DifferAsTheyAreSaidTo(
        ModelOrder order,
        string? capability,
        string model
    ) =>
        Finder(
                "",
                static s =>
                    s with
                    {
                        Demo = new DemoProvider(
                            new Uri("http://127.0.0.1:9/v1"),
                            ["swift", "sage", "coder", "embed", "fault-slow"]
                        ),
                    }
            )
            .Best(
                new ModelQuery
                {
                    Order = order,
                    Kind = ModelKind.Chat,
                    Capabilities = capability is null ? [] : [capability],
                }
            )!
            .Model.ShouldBe(model);

    [Theory]
    [InlineData("mine", "mine")]
    [InlineData("house/mine-7b", "mine")]
    [InlineData("openai/gpt-4o-2024-08-06", "openai/gpt-4o")]
    [InlineData("gpt-4o", "openai/gpt-4o")]
    [InlineData("claude-3-opus", "anthropic/claude-3-opus-20240229")]
    [InlineData("claude/claude-3-opus", "anthropic/claude-3-opus-20240229")]
    [InlineData("tiny-llama", "ollama/tinyllama:1.1b")]
    [InlineData("openrouter/openai/gpt-4o", "openrouter/openai/gpt-4o")]
    [InlineData("nope", null)]
    [InlineData("openai/", null)]
    [InlineData("", null)]
    public void Named_AnyNameOfIt_IsTheModel(string name, string? id) =>
        Finder(House).Named(name)?.Id.ShouldBe(id ?? "nothing");

    private static ModelFinder Finder(
        string text,
        Func<GatewaySources, GatewaySources>? change = null
    )
    {
        using var sources = new TestSources();
        sources.Write(text);
        using var snapshots = sources.Snapshots(change);
        var report = snapshots.Reload();
        report.IsApplied.ShouldBeTrue(string.Join("\n", report.Mistakes));
        return snapshots.Current.Models;
    }
}
