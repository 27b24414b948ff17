using Dragoman.Native;
using Dragoman.TestKit;
using Microsoft.Extensions.AI;
using Shouldly;
using Xunit;

namespace Dragoman.Tests;

/// <summary>Embeddings through the front door: in batches, checked, and as .NET's own generator.</summary>
public sealed class GatewayEmbeddingsTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>
{
    [Fact]
    public async Task Embed_MoreThanACallTakes_AsksInBatchesAndKeepsTheOrder()
    {
        provider.Host.Reset();
        await using var gateway = SimulatedGateway.Of(provider.Host, environment: Qwen);
        string[] texts = [.. Enumerable.Range(0, 25).Select(static number => $"text {number}")];

        var reply = await gateway.EmbedAsync(texts, new EmbeddingOptions { Model = "qwen/embed" });

        provider.Host.Requests.CountOf("embed").ShouldBe(3);
        reply.Ids.Count.ShouldBe(3);
        reply.Embeddings.Count.ShouldBe(25);
        reply.Embeddings.ShouldAllBe(vector => vector.Length == reply.Dimensions);
        (reply.Provider, reply.Model).ShouldBe(("qwen", "embed"));
        reply.Usage!.Input.ShouldBe(50);
        var alone = await gateway.EmbedAsync(
            texts[17],
            new EmbeddingOptions { Model = "qwen/embed" }
        );
        reply.Embeddings[17].ShouldBe(alone);
        reply.Embeddings[16].ShouldNotBe(alone);
    }

    [Fact]
    public async Task Embed_WithDimensions_GetsVectorsOfThatLength()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);

        var reply = await gateway.EmbedAsync(
            ["a", "b"],
            new EmbeddingOptions { Model = "sim/embed", Dimensions = 16 }
        );

        reply.Dimensions.ShouldBe(16);
        reply.Embeddings.ShouldAllBe(static vector => vector.Length == 16);
    }

    [Fact]
    public async Task Embed_MoreDimensionsThanTheModelHas_IsRefusedBeforeItIsAsked()
    {
        provider.Host.Reset();
        await using var gateway = SimulatedGateway.Of(
            provider.Host,
            environment: name =>
                name == "OPENAI_BASE_URL" ? provider.BaseUrl
                : name == "OPENAI_API_KEY" ? "sk-upstream"
                : null
        );

        var refused = await Should.ThrowAsync<GatewayException>(() =>
            gateway.EmbedAsync(
                "a",
                new EmbeddingOptions { Model = "openai/text-embedding-3-small", Dimensions = 5000 }
            )
        );

        (refused.Kind, refused.Param).ShouldBe((GatewayFailure.InvalidRequest, "dimensions"));
        provider.Host.Requests.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Embed_Nothing_IsRefused()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);

        var refused = await Should.ThrowAsync<GatewayException>(() =>
            gateway.EmbedAsync([], new EmbeddingOptions { Model = "sim/embed" })
        );

        refused.Param.ShouldBe("input");
    }

    [Fact]
    public async Task Generator_OfTheGateway_GivesVectorsAndUsage()
    {
        await using var gateway = SimulatedGateway.Of(provider.Host);
        using var generator = gateway.AsEmbeddingGenerator("sim/embed");

        var embeddings = await generator.GenerateAsync(
            ["a cat", "a dog"],
            new EmbeddingGenerationOptions { Dimensions = 32 }
        );

        embeddings.Count.ShouldBe(2);
        embeddings[0].Dimensions.ShouldBe(32);
        embeddings[0].ModelId.ShouldBe("sim/embed");
        embeddings.Usage!.InputTokenCount.ShouldBe(4);
        generator.GetService<Gateway>().ShouldBeSameAs(gateway);
        generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelId.ShouldBe("sim/embed");
        (await generator.GenerateAsync([])).ShouldBeEmpty();
    }

    private string? Qwen(string name) =>
        name switch
        {
            "QWEN_BASE_URL" => provider.BaseUrl,
            "QWEN_API_KEY" => "sk-upstream",
            _ => null,
        };
}
