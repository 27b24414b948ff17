using System.Diagnostics;
using Dragoman.Catalog;
using Dragoman.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class ConfigFuzzTests
{
    private const string Sound = """
        defaults: { model: auto, strategy: balanced, fallback: true, parameters: { temperature: 0.7 } }
        providers:
          house-gpu: { dialect: openai, base_url: "http://gpu.internal:8000/v1", local: true, api_keys: ["${KEY}", &k b] }
        models:
          - &m { name: llama, provider: house-gpu, model: llama3, priority: 10, timeout: 15.0, capabilities: [tools] }
          - { <<: *m, name: other, fallback_models: [llama] }
        aliases: { smart: llama }
        chains: { mine: { models: [llama, other], max_attempts: 4, retry_on: [timeout, error] } }
        routes:
          steady: { strategy: priority, models: [llama], retries: 1, timeouts: { connect: 5 }, breaker: { failures: 5 } }
        """;

    private static readonly string[] Pieces =
    [
        ": ",
        "- ",
        "\n",
        "\n  ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "? ",
        "| ",
        "> ",
        "'",
        "\"",
        "#",
        "%YAML 1.2",
        "---\n",
        "...",
        "${",
        "${KEY}",
        "$${",
        "}",
        "~",
        "null",
        "true",
        "-1",
        "1e999",
        "0x1F",
        ".inf",
        "\t",
        "\u0000",
        "\ud800",
        "\u2028",
        "providers",
        "models",
        "routes",
        "api_keys",
        "auto",
        "chain:x",
        "gpt-4o",
        "openai/",
        ",",
    ];

    [Fact]
    public void Read_SoundFile_HasNoMistakes() => Mistakes(Sound).ShouldBeEmpty();

    [Fact]
    public void Read_AnyPieces_NeitherThrowsNorHangs() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(2026UL, 1121UL),
            Prop.ForAll(
                Gen.Elements(Pieces).ListOf().Select(static p => string.Concat(p)).ToArbitrary(),
                Survives
            )
        );

    [Fact]
    public void Read_ChangedSoundFile_NeitherThrowsNorHangs() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(2026UL, 1121UL),
            Prop.ForAll(
                (
                    from cut in Gen.Choose(0, Sound.Length)
                    from length in Gen.Choose(0, 20)
                    from pieces in Gen.Elements(Pieces).ListOf(3)
                    select Sound[..cut]
                        + string.Concat(pieces)
                        + Sound[Math.Min(Sound.Length, cut + length)..]
                ).ToArbitrary(),
                Survives
            )
        );

    private static bool Survives(string text)
    {
        var started = Stopwatch.GetTimestamp();
        Mistakes(text);
        // Far above what it takes, so that only a hang or a blow-up fails.
        return Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20);
    }

    private static IReadOnlyList<ConfigMistake> Mistakes(string text)
    {
        var mistakes = new ConfigMistakes("fuzz");
        ConfigReader.Read(
            text,
            ProviderTypes.Default,
            static name => name == "KEY" ? "value" : null,
            mistakes
        );
        return mistakes.All;
    }
}
