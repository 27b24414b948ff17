using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class EnvironmentTests
{
    [Theory]
    [InlineData("OPENAI_API_KEY", "openai", "https://api.openai.com/v1")]
    [InlineData("MISTRAL_API_KEY", "mistral", "https://api.mistral.ai/v1")]
    [InlineData("XAI_API_KEY", "xai", "https://api.x.ai/v1")]
    [InlineData("PERPLEXITY_API_KEY", "perplexity", "https://api.perplexity.ai/")]
    [InlineData("DEEPSEEK_API_KEY", "deepseek", "https://api.deepseek.com/")]
    [InlineData("TOGETHER_API_KEY", "together", "https://api.together.ai/v1")]
    [InlineData("QWEN_API_KEY", "qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1")]
    [InlineData(
        "DASHSCOPE_API_KEY",
        "qwen",
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
    )]
    [InlineData("GROQ_API_KEY", "groq", "https://api.groq.com/openai/v1")]
    [InlineData("OPENROUTER_API_KEY", "openrouter", "https://openrouter.ai/api/v1")]
    [InlineData("COHERE_API_KEY", "cohere", "https://api.cohere.ai/compatibility/v1")]
    [InlineData("FIREWORKS_API_KEY", "fireworks", "https://api.fireworks.ai/inference/v1")]
    public void Reload_KeyVariable_MakesItsProvider(string variable, string name, string address)
    {
        using var sources = new TestSources { Environment = { [variable] = "sk-1" } };
        using var snapshots = sources.Snapshots();

        var report = snapshots.Reload();

        var provider = snapshots.Current.Providers[name];
        provider.BaseUrl.AbsoluteUri.ShouldBe(address);
        provider.Keys.Take("m", DateTimeOffset.UnixEpoch)!.Bearer.ShouldBe("Bearer sk-1");
        provider.Local.ShouldBeFalse();
        report.Findings.ShouldBe([new ProviderFinding(name, variable, true, null)]);
    }

    [Theory]
    [InlineData("ANTHROPIC_API_KEY", "anthropic")]
    [InlineData("GEMINI_API_KEY", "google")]
    [InlineData("XAI_API_KEY", "xai")]
    public void Reload_KeyOfAnyVendor_IsFoundAndUsed(string variable, string name)
    {
        using var sources = new TestSources { Environment = { [variable] = "sk-1" } };
        using var snapshots = sources.Snapshots();

        var report = snapshots.Reload();

        report.IsApplied.ShouldBeTrue();
        report.Mistakes.ShouldBeEmpty();
        var finding = report.Findings.ShouldHaveSingleItem();
        (finding.Provider, finding.Source, finding.IsUsable).ShouldBe((name, variable, true));
    }

    [Theory]
    [InlineData("https://eu.example", "https://eu.example/v1")]
    [InlineData("https://eu.example/", "https://eu.example/v1")]
    [InlineData("https://eu.example/own/v2/", "https://eu.example/own/v2")]
    public void Reload_BaseUrlVariable_GetsTheUsualPathWhereItHasNone(string said, string used)
    {
        using var sources = new TestSources
        {
            Environment = { ["OPENAI_API_KEY"] = "k", ["OPENAI_BASE_URL"] = said },
        };
        using var snapshots = sources.Snapshots();
        snapshots.Reload();

        snapshots.Current.Providers["openai"].BaseUrl.AbsoluteUri.ShouldBe(used);
    }

    [Theory]
    [InlineData("openai", "https://house.example/v1")]
    [InlineData("openai-responses", "https://house.example/v1")]
    [InlineData("anthropic", "https://house.example/v1")]
    [InlineData("gemini", "https://house.example/v1beta")]
    [InlineData("ollama", "https://house.example/")]
    public void Reload_AddressOfADialectWithoutAPath_GetsThatOfItsVendor(
        string dialect,
        string used
    )
    {
        using var sources = new TestSources();
        sources.Write(
            $"providers:\n  house: {{ dialect: {dialect}, base_url: \"https://house.example\" }}"
        );
        using var snapshots = sources.Snapshots();
        snapshots.Reload();

        snapshots.Current.Providers["house"].BaseUrl.AbsoluteUri.ShouldBe(used);
    }

    [Theory]
    [InlineData("http://localhost:8007/v1")]
    [InlineData("http://127.0.0.1:8007")]
    [InlineData("http://[::1]:8007/v1")]
    [InlineData("http://0.0.0.0:8007/v1")]
    public void Reload_BaseUrlVariableThatLeadsBack_IsNotUsed(string address)
    {
        using var sources = new TestSources
        {
            Environment = { ["OPENAI_API_KEY"] = "k", ["OPENAI_BASE_URL"] = address },
        };
        using var snapshots = sources.Snapshots();

        var report = snapshots.Reload();

        snapshots.Current.Providers.ShouldBeEmpty();
        report.Findings[0].Note!.ShouldContain("leads back");
    }

    [Fact]
    public void Reload_Organization_BecomesAHeader()
    {
        using var sources = new TestSources
        {
            Environment = { ["OPENAI_API_KEY"] = "k", ["OPENAI_ORGANIZATION"] = "org-1" },
        };
        using var snapshots = sources.Snapshots();
        snapshots.Reload();

        snapshots
            .Current.Providers["openai"]
            .Headers.ShouldBe([new("OpenAI-Organization", "org-1")]);
    }

    [Fact]
    public void Reload_DeclaredProvider_KeepsTheFilesSettings()
    {
        using var sources = new TestSources
        {
            Environment =
            {
                ["OPENAI_API_KEY"] = "from-environment",
                ["OPENAI_BASE_URL"] = "https://environment.example/v1",
                ["OPENAI_ORGANIZATION"] = "org-environment",
            },
        };
        sources.Write(
            """
            providers:
              openai: { api_keys: [from-file, second], base_url: https://file.example, organization: org-file }
            """
        );
        using var snapshots = sources.Snapshots();
        snapshots.Reload().IsApplied.ShouldBeTrue();

        var provider = snapshots.Current.Providers["openai"];
        provider.BaseUrl.AbsoluteUri.ShouldBe("https://file.example/v1");
        provider.Headers.ShouldBe([new("OpenAI-Organization", "org-file")]);
        provider.Keys.Count.ShouldBe(2);
        provider.Keys.Take("m", DateTimeOffset.UnixEpoch)!.Bearer.ShouldNotContain("environment");
    }

    [Fact]
    public void Reload_SecondAccount_DoesNotGetTheVendorsKey()
    {
        using var sources = new TestSources { Environment = { ["OPENAI_API_KEY"] = "vendor" } };
        sources.Write(
            "providers:\n  openai-eu: { type: openai, base_url: \"https://eu.example/v1\" }"
        );
        using var snapshots = sources.Snapshots();
        snapshots.Reload().IsApplied.ShouldBeTrue();

        snapshots.Current.Providers["openai-eu"].Keys.IsEmpty.ShouldBeTrue();
        snapshots.Current.Providers["openai"].Keys.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000/v1", null, true)]
    [InlineData("http://10.1.2.3:8000/v1", null, true)]
    [InlineData("http://172.16.0.1/v1", null, true)]
    [InlineData("http://172.32.0.1/v1", null, false)]
    [InlineData("http://192.168.1.9/v1", null, true)]
    [InlineData("http://[fd00::1]/v1", null, true)]
    [InlineData("http://192.168.1.9/v1", "false", false)]
    [InlineData("http://gpu.internal:8000/v1", null, false)]
    [InlineData("http://ollama:11434/v1", null, true)]
    [InlineData("http://gpu.internal:8000/v1", "true", true)]
    [InlineData("https://8.8.8.8/v1", null, false)]
    public void Reload_Address_TellsWhetherItIsLocal(string address, string? said, bool local)
    {
        using var sources = new TestSources();
        sources.Write(
            $"providers:\n  house: {{ dialect: openai, base_url: \"{address}\"{(said is null ? "" : ", local: " + said)} }}"
        );
        using var snapshots = sources.Snapshots();
        snapshots.Reload().IsApplied.ShouldBeTrue();

        snapshots.Current.Providers["house"].Local.ShouldBe(local);
        var decision = snapshots
            .Current.Names.Resolve("house/llama", Operation.Chat, Wishes.None)
            .Decision!;
        decision.Chain[0].Local.ShouldBe(local);
    }

    [Fact]
    public void Reload_DefaultsInTheEnvironment_WinOverTheFile()
    {
        using var sources = new TestSources
        {
            Environment =
            {
                ["OPENAI_API_KEY"] = "k",
                ["LLM_LOCAL_ONLY"] = "true",
                ["LLM_ROUTING_STRATEGY"] = "latency_optimized",
                ["LLM_MAX_LATENCY_MS"] = "2500",
            },
        };
        sources.Write("defaults: { local_only: false }");
        using var snapshots = sources.Snapshots();

        var report = snapshots.Reload();

        report.IsApplied.ShouldBeTrue();
        report.Mistakes.ShouldBeEmpty();
        snapshots
            .Current.Names.Resolve("gpt-4o", Operation.Chat, Wishes.None)
            .Error!.Message.ShouldContain("not local");
        snapshots.Current.Names.Table.Strategy.Name.ShouldBe("latency_optimized");
        snapshots.Current.Names.Table.MaxLatencyMs.ShouldBe(2_500);
    }

    [Theory]
    [InlineData("LLM_ROUTING_STRATEGY", "fastest", "Must be one of: balanced, cost_optimized")]
    [InlineData("LLM_MAX_LATENCY_MS", "soon", "whole number of milliseconds")]
    [InlineData("LLM_MAX_LATENCY_MS", "0", "whole number of milliseconds")]
    public void Reload_WhatTheEnvironmentCannotMean_IsAMistake(
        string variable,
        string value,
        string message
    )
    {
        var report = TestSources.Report("", (variable, value));

        report.IsApplied.ShouldBeFalse();
        var mistake = report.Mistakes.ShouldHaveSingleItem();
        mistake.Path.ShouldBe(variable);
        mistake.Message.ShouldContain(message);
    }

    [Fact]
    public void Reload_FlagThatIsNone_IsAMistake() =>
        TestSources
            .Report("", ("LLM_PREFER_LOCAL", "perhaps"))
            .Mistakes.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("environment: LLM_PREFER_LOCAL: Must be true or false.");

    [Fact]
    public void Reload_SubstitutedTexts_AreRead()
    {
        using var sources = new TestSources
        {
            Environment =
            {
                ["HOST"] = "h.example",
                ["RETRIES"] = "0",
                ["KEY"] = "secret",
            },
        };
        sources.Write(
            """
            providers: { house: { dialect: openai, base_url: "https://${HOST}/v1", api_keys: ["a-${KEY}", "$${KEY}"] } }
            routes: { r: { models: [house/x], retries: "${RETRIES}" } }
            """
        );
        using var snapshots = sources.Snapshots();
        snapshots.Reload().IsApplied.ShouldBeTrue();

        var house = snapshots.Current.Providers["house"];
        house.BaseUrl.Host.ShouldBe("h.example");
        string[] keys = ["Bearer a-secret", "Bearer ${KEY}"];
        keys.ShouldContain(house.Keys.Take("m", DateTimeOffset.UnixEpoch)!.Bearer);
        keys.ShouldContain(house.Keys.Take("m", DateTimeOffset.UnixEpoch)!.Bearer);
        snapshots
            .Current.Names.Resolve("r", Operation.Chat, Wishes.None)
            .Decision!.Settings.Retries.ShouldBe(0);
    }
}
