using Dragoman.Native;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Native.Recommending;

/// <summary>What is recommended from the catalog as it ships.</summary>
public sealed class RecommendTests : IAsyncDisposable
{
    private readonly Gateway _gateway = Gateway.Create(static builder =>
        builder
            .UseConfiguration(
                """
                providers:
                  openai: { api_keys: [k] }
                  anthropic: { api_keys: [k] }
                  google: { api_keys: [k] }
                  mistral: { api_keys: [k] }
                  groq: { api_keys: [k] }
                  house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1", only_listed: true }
                models:
                  - { name: mine, provider: house, model: qwen2.5-7b-instruct, context_window: 32000, capabilities: [tools] }
                  - { name: nameless, provider: house, model: nobody-knows, capabilities: [tools, vision], context_window: 900000 }
                """
            )
            .UseEnvironment(static _ => null)
            .LookForLocalServers(false)
    );

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public void Recommend_APriceCeiling_HoldsOfAllAndTheUnknownNeverPasses()
    {
        var found = _gateway.Recommend(
            "chat under $1 per million",
            new RecommendationConstraints { Limit = 50 }
        );

        found.Models.Count.ShouldBeGreaterThan(10);
        found.Models.ShouldAllBe(static model => model.Cost!.MeanPer1k <= 0.001m);
        found.Models.ShouldAllBe(static model => model.Available);
        found.Models.ShouldNotContain(static model => model.Id == "nameless");
        found.Excluded.ShouldContain(static left => left.Reason == "price unknown");
        found.Considered.ShouldBe(found.Fitting + found.Excluded.Sum(static left => left.Count));
    }

    [Fact]
    public async Task Recommend_ARegion_IsWhereConfigurationSaysTheyAre()
    {
        await using var gateway = Gateway.Create(static builder =>
            builder
                .UseConfiguration(
                    """
                    providers:
                      openai: { api_keys: [k] }
                      openai-eu: { type: openai, api_keys: [k], base_url: "https://eu.example/v1", region: EU }
                      mistral: { api_keys: [k] }
                    models:
                      - { name: paris, provider: mistral, model: mistral-small-latest, region: eu }
                    """
                )
                .UseEnvironment(static _ => null)
                .LookForLocalServers(false)
        );

        var found = gateway.Recommend(
            "chat hosted in the EU",
            new RecommendationConstraints { Limit = 50 }
        );

        found.Understood.Region.ShouldBe("eu");
        found.Models.ShouldNotBeEmpty();
        found.Models.ShouldAllBe(static model =>
            model.Provider == "openai-eu" || model.Id == "paris"
        );
        found.Models.Select(static model => model.Provider).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Recommend_ToolsAndContext_AreKnownOfAll()
    {
        var found = _gateway.Recommend(
            "cheap, tools, 200k context",
            new RecommendationConstraints { Limit = 50 }
        );

        found.Models.ShouldNotBeEmpty();
        found.Models.ShouldAllBe(static model => model.ContextWindow >= 200_000);
        found.Models.ShouldAllBe(model =>
            _gateway.Models.Get(model.Id)!.Capabilities["tools"] == true
        );
    }

    [Fact]
    public void Recommend_VisionWithinATime_AreFastEnoughAndSee()
    {
        var found = _gateway.Recommend(
            "vision under 5 seconds",
            new RecommendationConstraints { Limit = 50 }
        );

        found.Models.ShouldNotBeEmpty();
        found.Models.ShouldAllBe(static model => model.Latency!.AnswerMs <= 5000);
        found.Excluded.ShouldContain(static left => left.Reason == "speed unknown");
    }

    [Fact]
    public void Recommend_CheapBestOrFast_PutOthersInFront()
    {
        var (cheap, best, fast) = (First("cheap chat"), First("best chat"), First("fast chat"));

        cheap.EstimatedCostUsd!.Value.ShouldBeLessThan(best.EstimatedCostUsd!.Value);
        best.Quality!.Score.ShouldBeGreaterThan(cheap.Quality!.Score);
        fast.Latency!.AnswerMs!.Value.ShouldBeLessThan(best.Latency?.AnswerMs ?? double.MaxValue);
    }

    [Fact]
    public void Recommend_LocalOnly_LeavesOnlyTheHouse()
    {
        var found = _gateway.Recommend("local only, offline");

        found.Models.Select(static model => model.Id).ShouldBe(["mine", "nameless"]);
        found.Models[1].Reason.ShouldContain("quality unknown");
        found.Excluded.ShouldContain(static left => left.Reason == "leaves the house");
    }

    [Fact]
    public void Recommend_InTheEuropeanUnion_TakesNobodysWordButTheOperators()
    {
        var found = _gateway.Recommend("in the EU", new RecommendationConstraints { Limit = 50 });

        found.Models.ShouldAllBe(static model => model.Local);
        found.Excluded.ShouldContain(static left => left.Reason == "not known to answer in the EU");
    }

    [Fact]
    public void Recommend_Constraints_WinOverWords()
    {
        var found = _gateway.Recommend(
            "under $1 per million, local, from openai, with vision",
            new RecommendationConstraints
            {
                MaxCostPer1k = 0.01m,
                Local = false,
                Provider = "mistral",
                Capabilities = ["function_calling"],
                Limit = 3,
            }
        );

        found.Understood.MaxCostPer1k.ShouldBe(0.01m);
        found.Understood.Local.ShouldBe(false);
        found.Understood.Capabilities.ShouldBe(["tools"]);
        found.Models.Count.ShouldBe(3);
        found.Models.ShouldAllBe(static model => model.Provider == "mistral");
    }

    [Fact]
    public void Recommend_WithTheUnavailable_LooksAtAllAndTellsWhyNot()
    {
        var usual = _gateway.Recommend("best code");
        var all = _gateway.Recommend(
            "best code",
            new RecommendationConstraints { IncludeUnavailable = true, Limit = 50 }
        );

        usual.Excluded.ShouldContain(static left =>
            left.Reason == "cannot be called with this configuration"
        );
        all.Fitting.ShouldBeGreaterThan(usual.Fitting);
        all.Models.ShouldContain(static model =>
            !model.Available && model.UnavailableReason!.Length > 10
        );
        // One model, several providers: one recommendation.
        all.Models.Select(static model => model.Id)
            .Concat(all.Models.SelectMany(static model => model.AlsoAt))
            .ShouldBeUnique();
        all.Models.ShouldContain(static model => model.AlsoAt.Count > 0);
    }

    [Fact]
    public void Recommend_Embeddings_AreByPriceAndNoChatModels()
    {
        var found = _gateway.Recommend("embeddings for semantic search");

        found.Models[0].Id.ShouldBe("openai/text-embedding-3-small");
        found.Models.ShouldAllBe(model => _gateway.Models.Get(model.Id)!.Kind == "embedding");
    }

    [Fact]
    public void Recommend_ALanguage_WeighsTranslatingIn()
    {
        var english = _gateway.Recommend("summaries", new RecommendationConstraints { Limit = 50 });
        var german = _gateway.Recommend(
            "German summaries",
            new RecommendationConstraints { Limit = 50 }
        );

        german.Understood.Languages.ShouldBe(["de"]);
        var id = english.Models[0].Id;
        var known = _gateway.Models.Get(id)!.QualityByTask!;
        english.Models[0].Quality!.Score.ShouldBe(known["summarization"].Score, 0.1);
        german
            .Models.First(model => model.Id == id)
            .Quality!.Score.ShouldBe(
                0.7 * known["summarization"].Score + 0.3 * known["translation"].Score,
                0.1
            );
    }

    [Fact]
    public void Recommend_WhatIsNoConstraint_IsRefused()
    {
        Should
            .Throw<GatewayException>(() => _gateway.Recommend("  "))
            .Param.ShouldBe("task_description");
        Should
            .Throw<GatewayException>(() =>
                _gateway.Recommend("x", new RecommendationConstraints { Capabilities = ["flying"] })
            )
            .Param.ShouldBe("capabilities");
        Should
            .Throw<GatewayException>(() =>
                _gateway.Recommend("x", new RecommendationConstraints { Provider = "nobody" })
            )
            .Message.ShouldContain("mistral");
    }

    private RecommendedModel First(string description) => _gateway.Recommend(description).Models[0];
}
