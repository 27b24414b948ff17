using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Catalog;

public class ModelCatalogTests
{
    private static readonly string[] ProviderNames =
    [
        .. ProviderTypes.Default.All.Select(static t => t.CatalogName ?? t.Name),
    ];

    [Fact]
    public void Default_Loaded_HoldsTheModelsOfOurProvidersOnly()
    {
        var catalog = ModelCatalog.Default;
        catalog.Models.Count.ShouldBeGreaterThan(900);
        catalog.Providers.ShouldBeSubsetOf(ProviderNames);
        catalog.Providers.Count.ShouldBe(17);
        catalog.Models.Count(static m => m.Kind == ModelKind.Chat).ShouldBeGreaterThan(800);
        catalog.Models.Count(static m => m.Kind == ModelKind.Embedding).ShouldBeGreaterThan(45);
        DateOnly.TryParse(catalog.Date, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("openai", "gpt-4o", "2.50", "10.00", "1.25")]
    [InlineData("openai", "gpt-4o-mini", "0.15", "0.60", "0.075")]
    [InlineData("anthropic", "claude-sonnet-4-5", "3", "15", "0.30")]
    [InlineData("anthropic", "claude-haiku-4-5-20251001", "1", "5", "0.10")]
    [InlineData("google", "gemini-2.5-pro", "1.25", "10", "0.125")]
    [InlineData("openai", "text-embedding-3-small", "0.02", null, null)]
    public void Find_KnownModel_HasThePublishedPrices(
        string provider,
        string name,
        string input,
        string? output,
        string? cacheRead
    )
    {
        var prices = ModelCatalog.Default.Find(provider, name)?.Prices;
        prices.ShouldNotBeNull();
        prices.Input.ShouldBe(decimal.Parse(input));
        prices.Output.ShouldBe(output is null ? null : decimal.Parse(output));
        prices.CacheRead.ShouldBe(cacheRead is null ? null : decimal.Parse(cacheRead));
    }

    [Theory]
    [InlineData("openai", "gpt-4o-2024-08-06", "gpt-4o")] // an alias
    [InlineData("openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13")] // a row of its own, with a price of its own
    [InlineData("openai", "gpt-4o-2031-01-31", "gpt-4o")] // a snapshot newer than the catalog
    [InlineData("anthropic", "claude-3-5-haiku", "claude-3-5-haiku-20241022")]
    [InlineData("anthropic", "claude-sonnet-5-5-20270301", "claude-sonnet-5-5")]
    [InlineData("xai", "grok-4-latest", "grok-4")]
    public void Find_RollingOrDatedName_IsTheRowItStandsFor(
        string provider,
        string name,
        string id
    ) => ModelCatalog.Default.Find(provider, name)?.Id.ShouldBe(id);

    [Theory]
    [InlineData("openai", "gpt-4o-2")]
    [InlineData("openai", "gpt-4o-20240")]
    [InlineData("openai", "gpt-4")] // exists: the control of this theory
    [InlineData("openai", "GPT-4O")]
    [InlineData("openai", "2024-08-06")]
    [InlineData("openai", "")]
    [InlineData("nobody", "gpt-4o")]
    public void Find_UnknownName_IsNullRatherThanANeighbour(string provider, string name) =>
        (ModelCatalog.Default.Find(provider, name) is null).ShouldBe(name != "gpt-4");

    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", null)]
    [InlineData("anthropic", "claude-opus-4-6", false)]
    [InlineData("anthropic", "claude-fable-5-1", false)]
    [InlineData("openrouter", "anthropic/claude-opus-4.7", false)]
    public void Find_AClaudeModel_SaysWhetherItRefusesPrefill(
        string provider,
        string name,
        bool? takes
    ) =>
        ModelCatalog
            .Default.Find(provider, name)
            .ShouldNotBeNull()
            .Capabilities.AssistantPrefill.ShouldBe(takes);

    [Fact]
    public void Serving_BareName_IsOneRowOfEachProviderThatHasIt()
    {
        var rows = ModelCatalog.Default.Serving("gpt-4o");
        rows.Select(static r => r.Provider).ShouldBe(["openai", "azure", "openrouter"], true);
        rows.Single(static r => r.Provider == "openai").Id.ShouldBe("gpt-4o");
        rows.Single(static r => r.Provider == "openrouter").Id.ShouldBe("openai/gpt-4o");
    }

    [Fact]
    public void Serving_KeyOfAnOpenModel_JoinsTheProvidersOwnIds() =>
        ModelCatalog
            .Default.Serving("llama-3.3-70b-instruct")
            .Select(static r => r.Id)
            .ShouldContain("llama-3.3-70b-versatile");

    [Fact]
    public void Serving_UnknownName_IsEmpty() =>
        ModelCatalog.Default.Serving("no-such-model").ShouldBeEmpty();

    [Fact]
    public void Load_AbsentFacts_StayNull()
    {
        var model = ModelCatalog.Default.Models.First(static m =>
            m is { Provider: "qwen", Id: "qvq-plus" }
        );
        model.ContextWindow.ShouldBeNull();
        model.Capabilities.Tools.ShouldBeNull();
        model.Capabilities.Embeddings.ShouldBe(false);
        model.Prices!.CacheRead.ShouldBeNull();
        model.ReasoningEfforts.ShouldBeNull();
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("xai")]
    [InlineData("deepseek")]
    [InlineData("perplexity")]
    public void Load_PaidVendor_HasNoPriceOfZero(string provider) =>
        ModelCatalog
            .Default.Of(provider)
            .Where(static m => m.Prices is { Input: 0 } or { Output: 0 } or { CacheRead: 0 })
            .ShouldBeEmpty();

    [Fact]
    public void Load_TiersAndServices_AreRead()
    {
        var tiers = ModelCatalog.Default.Find("google", "gemini-2.5-pro")!.Prices!.Tiers;
        tiers.ShouldHaveSingleItem().AboveInputTokens.ShouldBe(200_000);
        tiers[0].Input.ShouldBe(2.5m);
        var gpt4o = ModelCatalog.Default.Find("openai", "gpt-4o")!.Prices!;
        gpt4o.For("priority")!.Output.ShouldBe(17m);
        gpt4o.For("flex").ShouldBeNull();
        gpt4o.For("default").ShouldBeSameAs(gpt4o);
        gpt4o.ToolFees["web_search"].ShouldBe(0.01m);
    }

    [Fact]
    public void On_AfterAnAnnouncedChange_IsTheNewSheet()
    {
        var sheet = ModelCatalog.Default.Find("google", "gemini-3.8-flash")!.Prices!;
        sheet.On(new DateOnly(2026, 12, 31)).Input.ShouldBe(0.75m);
        sheet.On(new DateOnly(2027, 1, 1)).Input.ShouldBe(1.5m);
    }

    [Fact]
    public void Load_EveryRow_HasNamesOfItsOwnAndSaneFigures()
    {
        foreach (var provider in ModelCatalog.Default.Providers)
        {
            var rows = ModelCatalog.Default.Of(provider);
            rows.SelectMany(static r => r.Aliases.Concat(r.LocalAliases).Append(r.Id))
                .ShouldBeUnique();
            foreach (var row in rows)
            {
                row.ContextWindow.ShouldNotBe(0);
                row.MaxOutput.ShouldNotBe(0);
                var p = row.Prices;
                if (p is { Input: { } input, CacheRead: { } read })
                    read.ShouldBeLessThanOrEqualTo(input, row.Id);
                p?.Tiers.Select(static t => t.AboveInputTokens).ShouldBeInOrder();
            }
        }
    }

    [Fact]
    public void Load_AllSourceRowsOfOurProviders_ArePresentWithTheirPrices()
    {
        using var source = JsonDocument.Parse(
            File.ReadAllBytes(SharedData.PathOf("data/catalog/models.json"))
        );
        Dictionary<string, string> renamed = new()
        {
            ["google-vertex"] = "vertex",
            ["togetherai"] = "together",
            ["alibaba"] = "qwen",
            ["fireworks-ai"] = "fireworks",
        };
        var seen = 0;
        foreach (var row in source.RootElement.GetProperty("models").EnumerateArray())
        {
            var provider = row.GetProperty("provider").GetString()!;
            if (provider == "amazon-bedrock")
                continue;
            var ours = ModelCatalog.Default.Find(
                renamed.GetValueOrDefault(provider, provider),
                row.GetProperty("id").GetString()!
            );
            ours.ShouldNotBeNull();
            var prices = row.GetProperty("prices");
            foreach (
                var (name, value) in new[]
                {
                    ("input", ours.Prices?.Input),
                    ("output", ours.Prices?.Output),
                    ("cacheWrite", ours.Prices?.CacheWrite),
                    ("reasoning", ours.Prices?.Reasoning),
                }
            )
            {
                var expected = prices.GetProperty(name);
                decimal? price =
                    expected.ValueKind == JsonValueKind.Null ? null : expected.GetDecimal();
                value.ShouldBe(price, ours.Id + " " + name);
            }
            seen++;
        }
        seen.ShouldBe(ModelCatalog.Default.Models.Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"schema\":2,\"providers\":{}}")]
    [InlineData(
        "{\"schema\":1,\"date\":\"2026-11-20\",\"providers\":{\"a\":[{\"id\":\"b\",\"kind\":\"c\"}]}}"
    )]
    public void Load_ForeignJson_IsRefused(string json) =>
        Should.Throw<Exception>(() => ModelCatalog.Load(Encoding.UTF8.GetBytes(json)));
}
