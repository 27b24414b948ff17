using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.TestKit;
using Dragoman.Tests.Configuration;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing;

/// <summary>Names people use for models that their servers call otherwise.</summary>
public sealed class FriendlyNameTests
{
    [Theory]
    [InlineData("tiny-llama", "tinyllama:1.1b")]
    [InlineData("phi-2", "phi:2.7b")]
    [InlineData("gemma-2b", "gemma:2b")]
    [InlineData("llama2", "llama2:7b")]
    [InlineData("mistral-7b", "mistral:7b")]
    [InlineData("codellama-7b", "codellama:7b")]
    [InlineData("all-mpnet", "all-mpnet-base-v2")]
    [InlineData("all-minilm", "all-minilm:22m")]
    [InlineData("qwen2.5-coder-7b", "qwen2.5-coder:7b")]
    [InlineData("llama3.1-8b", "llama3.1:8b")]
    public void Find_LocalModelsFriendlyName_IsItsTag(string name, string tag) =>
        ModelCatalog.Default.Find("ollama", name)!.Id.ShouldBe(tag);

    [Theory]
    // whichever tag of it is there
    [InlineData("ollama/codellama-7b", "codellama:latest", "codellama:latest")]
    [InlineData("codellama-7b", "codellama:latest", "codellama:latest")]
    [InlineData("codellama-7b", "codellama:7b-instruct-q4_0", "codellama:7b-instruct-q4_0")]
    [InlineData("tiny-llama", "tinyllama:1.1b", "tinyllama:1.1b")]
    [InlineData("all-minilm", "all-minilm:latest", "all-minilm:latest")]
    // the server's own names as they are
    [InlineData("ollama/llama3", "llama3:latest", "llama3")]
    [InlineData("phi:2.7b", "phi:2.7b", "phi:2.7b")]
    public async Task Resolve_FriendlyName_IsTheTagThatTheServerHas(
        string name,
        string has,
        string called
    )
    {
        await using var house = await HouseServer.OllamaAsync("other:1b", has);
        using var sources = new TestSources();
        sources.Write($"providers: {{ ollama: {{ base_url: \"{house.Address}\" }} }}");
        using var snapshots = sources.Snapshots(static s =>
            s with
            {
                LookForLocalServers = true,
                OwnPorts = [],
            }
        );
        snapshots.Reload().IsApplied.ShouldBeTrue();
        // A server is waited for only a moment, which a busy machine may miss.
        for (var tries = 0; tries < 50 && await snapshots.DiscoverAsync() is null; tries++) { }

        var (decision, error) = snapshots.Current.Names.Resolve(
            name,
            name.Contains("minilm") ? Operation.Embeddings : Operation.Chat,
            Wishes.None
        );

        decision.ShouldNotBeNull(error?.Message).Chain[0].Model.ShouldBe(called);
        decision.Chain[0].Replaces.ShouldBeNull();
    }
}
