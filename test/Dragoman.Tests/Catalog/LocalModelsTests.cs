using Dragoman.Catalog;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public sealed class LocalModelsTests
{
    [Fact]
    public void Default_EveryModel_HasARowOfOllamaInTheCatalog()
    {
        LocalModels.Default.All.Count.ShouldBeGreaterThan(100);
        foreach (var local in LocalModels.Default.All)
        {
            var row = ModelCatalog.Default.FindId("ollama", local.Tag).ShouldNotBeNull(local.Tag);
            row.Model.ShouldBe(local.Model);
            local.BestFor.ShouldNotBeEmpty(local.Tag);
        }
    }

    [Theory]
    [InlineData("tinyllama:1.1b", LocalModelType.Small, 1.1, "apache-2.0", "chat")]
    [InlineData("phi:2.7b", LocalModelType.Small, 2.7, "mit", "chat")]
    [InlineData("gemma:2b", LocalModelType.Small, 2.3, "gemma", "chat")] // its FP16 file tells the number
    [InlineData("llama2:7b", LocalModelType.Large, 7.0, "llama2", "summarization")]
    [InlineData("mistral:7b", LocalModelType.Large, 7.0, "apache-2.0", null)]
    [InlineData("codellama:7b", LocalModelType.Specialised, 7.0, "llama2", "code")]
    [InlineData("llava:7b", LocalModelType.Specialised, 7.0, null, "vision")]
    [InlineData("all-minilm:22m", LocalModelType.Embedding, 0.022, "apache-2.0", "embeddings")]
    [InlineData("all-mpnet-base-v2", LocalModelType.Embedding, null, null, "embeddings")]
    public void Find_WellKnown_HasItsFacts(
        string tag,
        LocalModelType type,
        double? parameters,
        string? licence,
        string? foremost
    )
    {
        var local = LocalModels.Default.Find(tag).ShouldNotBeNull();

        local.Type.ShouldBe(type);
        local.Parameters.ShouldBe(parameters);
        if (licence is not null)
            local.Licence.ShouldBe(licence);
        if (foremost is not null)
            local.BestFor.ShouldContain(foremost);
    }

    [Fact]
    public void MemoryFor_Context_IsTheFileAndItsCache()
    {
        var tiny = LocalModels.Default.Find("tinyllama:1.1b")!;

        tiny.MemoryFor(0).ShouldBe(638_000_000);
        tiny.MemoryFor(2048).ShouldBe(638_000_000 + 22_528L * 2048);
        tiny.MemoryFor(2048, "FP16").ShouldBe(2_200_000_000 + 22_528L * 2048);
        tiny.MemoryFor(2048, "Q9").ShouldBeNull();
    }

    [Fact]
    public void MemoryFor_LayersThatLookBackAFewTokens_StopGrowing()
    {
        var gemma = LocalModels.Default.Find("gemma3:4b")!;
        var perLayer = 139_264L / 34;

        gemma.Sliding.ShouldBe(new SlidingLayers(34, 29, 1024));
        gemma.MemoryFor(8192).ShouldBe(gemma.FileBytes + perLayer * (5 * 8192 + 29 * 1024));
        gemma.MemoryFor(512).ShouldBe(gemma.FileBytes + perLayer * 34 * 512);
    }

    [Theory]
    [InlineData("phi3:14b")] // nobody says what its context takes
    [InlineData("all-mpnet-base-v2")] // nobody says how large its file is
    public void MemoryFor_UnknownFact_IsUnknown(string tag) =>
        LocalModels.Default.Find(tag)!.MemoryFor(4096).ShouldBeNull();

    [Fact]
    public void Speed_Formula_IsAsStated()
    {
        Sized(1_000_000_000).Speed.ShouldBe(9);
        Sized(2_000_000_000).Speed.ShouldBe(7.5);
        Sized(100_000_000).Speed.ShouldBe(10);
        Sized(400_000_000_000).Speed.ShouldBe(1);
        // A mixture reads only the experts that work on a token.
        (Sized(16_000_000_000) with { Parameters = 30, ActiveParameters = 3 }).Speed.ShouldBe(8);
        (Sized(1) with { FileBytes = null }).Speed.ShouldBeNull();

        static LocalModel Sized(long bytes) =>
            new()
            {
                Tag = "t",
                Name = "n",
                Model = "m",
                Family = "f",
                Type = LocalModelType.Large,
                FileBytes = bytes,
            };
    }

    [Fact]
    public void Quality_OutOfTen_IsATenthOfThePrior()
    {
        LocalModels
            .Default.Find("llama3.3:70b")!
            .Quality.ShouldBe(
                Math.Round(QualityPriors.Default.Find("llama-3.3-70b-instruct")!.Overall / 10, 1)
            );
        LocalModels.Default.Find("all-minilm:22m")!.Quality.ShouldBeNull();
    }

    [Fact]
    public void SpeedAndQuality_SmallAndLarge_PullApart()
    {
        var (small, large) = (
            LocalModels.Default.Find("llama3.2:1b")!,
            LocalModels.Default.Find("llama3.3:70b")!
        );

        small.Speed!.Value.ShouldBeGreaterThan(large.Speed!.Value + 3);
        large.Quality!.Value.ShouldBeGreaterThan(small.Quality!.Value + 1);
    }
}
