using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class ConfigMistakesTests
{
    [Theory]
    // unknown keys, with the nearest known one
    [InlineData("rotues: {}", "dragoman.yaml:1: rotues: Unknown key.", "Did you mean 'routes'?")]
    [InlineData(
        "defaults:\n  prefer_locl: true",
        "dragoman.yaml:2: defaults.prefer_locl: Unknown key.",
        "Did you mean 'prefer_local'?"
    )]
    [InlineData(
        "providers:\n  house:\n    dialect: openai\n    base_url: http://10.0.0.1\n    api_kyes: [a]",
        "dragoman.yaml:5: providers.house.api_kyes: Unknown key.",
        "Did you mean 'api_keys'?"
    )]
    [InlineData(
        "chains:\n  c:\n    models: [gpt-4o]\n    retry: 1",
        "dragoman.yaml:4: chains.c.retry: Unknown key.",
        "max_attempts"
    )]
    [InlineData(
        "routes:\n  r:\n    models: [gpt-4o]\n    timeouts: { first: 3 }",
        "dragoman.yaml:4: routes.r.timeouts.first: Unknown key.",
        "first_content"
    )]
    // wrong types
    [InlineData(
        "defaults: { fallback: maybe }",
        ":1: defaults.fallback:",
        "true or false, not 'maybe'"
    )]
    [InlineData("defaults: [a]", ":1: defaults:", "a mapping of names to values")]
    [InlineData("models: { a: b }", ":1: models:", "a list")]
    [InlineData("models: [a]", ":1: models[0]:", "a mapping of names to values")]
    [InlineData("aliases: { smart: [a] }", ":1: aliases.smart:", "a single value")]
    [InlineData(
        "routes: { r: { models: gpt-4o } }",
        ":1: routes.r.models:",
        "a list of texts, e.g. [a, b]"
    )]
    [InlineData(
        "routes: { r: { models: [gpt-4o], retries: one } }",
        ":1: routes.r.retries:",
        "a number between 0 and 1"
    )]
    [InlineData(
        "routes: { r: { models: [gpt-4o], retries: 0.5 } }",
        ":1: routes.r.retries:",
        "a whole number"
    )]
    [InlineData("- a", ":1: The file must be a mapping of sections.", "")]
    [InlineData("just words", ":1: The file must be a mapping of sections.", "")]
    // ranges
    [InlineData(
        "routes: { r: { models: [gpt-4o], retries: 2 } }",
        ":1: routes.r.retries:",
        "between 0 and 1"
    )]
    [InlineData(
        "routes:\n  r:\n    models: [gpt-4o]\n    timeouts: { total: 0 }",
        ":4: routes.r.timeouts.total:",
        "between 0.001 and 86400"
    )]
    [InlineData(
        "defaults: { parameters: { temperature: 3 } }",
        ":1: defaults.parameters.temperature:",
        "between 0 and 2"
    )]
    [InlineData(
        "chains: { c: { models: [gpt-4o], retry_on: [timout] } }",
        ":1: chains.c.retry_on[0]:",
        "Did you mean 'timeout'?"
    )]
    // unknown names
    [InlineData(
        "routes:\n  r:\n    models:\n      - openai/gpt-4o\n      - opnai/gpt-4o",
        ":5: routes.r.models[1]: 'opnai/gpt-4o' means nothing here.",
        "Did you mean 'openai/gpt-4o'?"
    )]
    [InlineData("aliases:\n  smart: gtp-4o", ":2: aliases.smart:", "Did you mean 'gpt-4o'?")]
    [InlineData(
        "defaults:\n  model: fats\nroutes:\n  fast: { models: [gpt-4o] }",
        ":2: defaults.model:",
        "Did you mean 'fast'?"
    )]
    [InlineData(
        "defaults: { provider: opnai }",
        ":1: defaults.provider:",
        "Did you mean 'openai'?"
    )]
    [InlineData(
        "models:\n  - { name: a, provider: opnai }",
        ":2: models[0].provider: There is no such provider.",
        "Did you mean 'openai'?"
    )]
    [InlineData(
        "providers:\n  opnai: { api_keys: [x] }",
        ":2: providers.opnai: This is no known provider",
        "Did you mean 'openai'?"
    )]
    [InlineData(
        "providers:\n  other: { type: opnai, api_keys: [x] }",
        ":2: providers.other.type: Unknown type",
        "Did you mean 'openai'?"
    )]
    // duplicates
    [InlineData(
        "aliases:\n  a: gpt-4o\n  a: gpt-4o-mini",
        ":3: a: This key is already on line 2.",
        ""
    )]
    [InlineData(
        "aliases: { fast: gpt-4o }\nroutes:\n  fast: { models: [gpt-4o] }",
        "aliases.fast:",
        "already a route"
    )]
    [InlineData(
        "models:\n  - { name: a, provider: openai, model: gpt-4o }\n  - { name: a, provider: openai, model: o3 }",
        ":3: models[1].name:",
        "already a deployment"
    )]
    [InlineData("routes:\n  auto: { models: [gpt-4o] }", ":2: routes.auto:", "reserved")]
    [InlineData("aliases:\n  \"chain:x\": gpt-4o", ":2: aliases.chain:x:", "reserved")]
    // circles
    [InlineData("aliases: { a: b, b: a }", ":1: aliases.a:", "lead in a circle")]
    [InlineData("aliases: { a: a }", ":1: aliases.a:", "lead in a circle")]
    [InlineData(
        "routes:\n  a: { models: [b] }\n  b: { models: [gpt-4o] }",
        ":2: routes.a.models[0]:",
        "not a route"
    )]
    [InlineData(
        "aliases: { a: auto }\ndefaults: { model: a }",
        ":2: defaults.model:",
        "leads back to auto"
    )]
    // what is missing
    [InlineData("routes:\n  r: {}", ":2: routes.r: Needs models", "")]
    [InlineData(
        "models:\n  - { provider: openai }",
        ":2: models[0]: A deployment needs a name.",
        ""
    )]
    [InlineData("models:\n  - { name: x }", ":2: models[0]: A deployment needs a provider.", "")]
    [InlineData("providers:\n  groq: {}", ":2: providers.groq: Has no key", "GROQ_API_KEY")]
    [InlineData(
        "providers:\n  house: { dialect: openai }",
        ":2: providers.house: Needs a base_url.",
        ""
    )]
    [InlineData(
        "providers:\n  house: { dialect: openai, base_url: \"ftp://x\" }",
        ":2: providers.house.base_url:",
        "must be an address"
    )]
    [InlineData(
        "providers:\n  house: { dialect: openai, base_url: \"http://u:p@x\" }",
        ":2: providers.house.base_url:",
        "must not hold a name or password"
    )]
    [InlineData(
        "providers:\n  house: { dialect: openai, base_url: \"http://localhost:8007/v1\" }",
        ":2: providers.house.base_url:",
        "leads back to this server"
    )]
    [InlineData(
        "providers:\n  a/b: { dialect: openai, base_url: \"http://x\" }",
        ":2: providers.a/b:",
        "no slash"
    )]
    // the environment
    [InlineData(
        "providers:\n  groq:\n    api_keys: [\"${GROQ_KEY_7}\"]",
        ":3: providers.groq.api_keys[0]:",
        "The environment variable GROQ_KEY_7 is not set."
    )]
    [InlineData(
        "providers:\n  groq:\n    api_key_env: GROQ_KEY_7",
        ":3: providers.groq.api_key_env:",
        "GROQ_KEY_7 is not set"
    )]
    [InlineData(
        "aliases: { a: \"${no name}\" }",
        ":1: aliases.a:",
        "name of an environment variable"
    )]
    // rooms that are not built
    [InlineData("workflows: { a: {} }", ":1: workflows: This is not supported yet.", "")]
    // limits
    [InlineData("limits: { a: { key: \"*\" } }", ":1: limits.a: It limits nothing", "concurrent")]
    [InlineData(
        "limits:\n  a:\n    requests_per_minut: 5",
        ":3: limits.a.requests_per_minut: Unknown key.",
        "Did you mean 'requests_per_minute'?"
    )]
    [InlineData(
        "limits:\n  a:\n    tokens_per_minute: 0",
        ":3: limits.a.tokens_per_minute: Must be between 1 and",
        ""
    )]
    [InlineData(
        "limits:\n  a:\n    requests_per_hour: 1.5",
        ":3: limits.a.requests_per_hour: Must be a whole number.",
        ""
    )]
    [InlineData(
        "limits:\n  a:\n    concurrent: many",
        ":3: limits.a.concurrent:",
        "a number between 1 and"
    )]
    // rules and agents
    [InlineData("rules:\n  - { name: x }", ":2: rules[0]: It does nothing", "")]
    [InlineData(
        "agents: { a: { modle: auto } }",
        ":1: agents.a.modle: Unknown key.",
        "Did you mean 'model'?"
    )]
    [InlineData(
        "agents: { a: { model: agent:a } }",
        ":1: agents.a.model: An agent cannot ask another agent.",
        ""
    )]
    [InlineData(
        "defaults: { model: agent:a }\nagents: { a: { model: auto } }",
        ":1: defaults.model: The default cannot be an agent",
        ""
    )]
    [InlineData(
        "agents: { a: { context: rolling } }",
        ":1: agents.a.context: Must be one of: full, windowed, summarized",
        ""
    )]
    [InlineData(
        "agents: { a: { capabilities: [singing] } }",
        ":1: agents.a.capabilities: 'singing' is no capability.",
        ""
    )]
    [InlineData(
        "defaults: { weights: { quality: 0, cost: 0, latency: 0 } }",
        ":1: defaults.weights: Nothing would count",
        ""
    )]
    [InlineData(
        "defaults: { strategy: cost_optimised }",
        ":1: defaults.strategy: Must be one of: balanced, cost_optimized,",
        "Did you mean 'cost_optimized'?"
    )]
    [InlineData(
        "routes:\n  r:\n    models: [gpt-4o]\n    strategy: fastest",
        ":4: routes.r.strategy: Must be one of: balanced, cost_optimized,",
        "not 'fastest'"
    )]
    [InlineData(
        "defaults: { max_latency_ms: soon }",
        ":1: defaults.max_latency_ms:",
        "a number between 1 and"
    )]
    [InlineData(
        "chains: { c: { models: [gpt-4o], preserve_context: perhaps } }",
        ":1: chains.c.preserve_context:",
        "Must be true or false"
    )]
    // YAML itself
    [InlineData("a: [1", ":1: This is not valid YAML or JSON", "")]
    [InlineData("{\"routes\": {\"a\": }", ":1:", "")]
    [InlineData("a: *b", ":1: An alias to an anchor", "")]
    [InlineData("{}\n---\n{}", ":2: Only one document", "")]
    [InlineData("? [a]\n: b", ":1: A key must be a text.", "")]
    public void Reload_Mistake_IsToldWithItsPlaceAndWhatIsRight(
        string text,
        string expected,
        string hint
    )
    {
        var report = TestSources.Report(text, ("OPENAI_API_KEY", "sk-test"));

        report.IsApplied.ShouldBeFalse();
        var told = report.Mistakes.Where(static m => !m.IsWarning).Select(static m => m.ToString());
        told.ShouldContain(
            mistake => mistake.Contains(expected) && mistake.Contains(hint),
            string.Join("\n", report.Mistakes)
        );
    }

    [Fact]
    public void Reload_ManyMistakes_AreToldAllAtOnceInTheOrderOfTheFile()
    {
        var report = TestSources.Report(
            """
            defaults: { fallback: 7 }
            routs: {}
            aliases: { a: nothing-like-it }
            routes:
              r: { models: [gpt-4o], retries: 9 }
            """,
            ("OPENAI_API_KEY", "sk-test")
        );

        report.Mistakes.Select(static m => m.Line).ShouldBe([1, 2, 3, 5]);
    }

    [Fact]
    public void Reload_WhatFollowsFromAMistake_IsNotToldAgain()
    {
        var report = TestSources.Report(
            """
            providers:
              house: { dialect: openai, base_url: "http://10.0.0.1", api_key_env: HOUSE_KEY }
            models:
              - { name: a, provider: house }
            aliases: { b: nothing-like-it, c: b, d: house/x }
            routes:
              r: { models: [house/x, a] }
            """,
            ("OPENAI_API_KEY", "sk-test")
        );

        report
            .Mistakes.Select(static m => m.Path)
            .ShouldBe(
                ["providers.house.api_key_env", "aliases.b"],
                string.Join("\n", report.Mistakes)
            );
    }

    [Fact]
    public void Reload_Mistakes_NeverShowASecret()
    {
        const string Secret = "sk-live-0123456789abcdef0123456789abcdef0123456789";
        string[] texts =
        [
            $"providers: {{ openai: {{ api_keys: {Secret} }} }}",
            $"providers: {{ openai: {{ api_keys: [[{Secret}]] }} }}",
            $"providers: {{ openai: {{ api_key_env: {Secret} }} }}",
            $"providers: {{ openai: {{ api_key: {{ {Secret}: 1 }} }} }}",
            $"providers: {{ openai: {{ api_keys: [\"${{{Secret.Replace('-', '_')}}}\"] }} }}",
            $"providers: {{ openai: {{ {Secret}: 1 }} }}",
            $"providers: {{ openai: {{ local: \"${{KEY}}\" }} }}",
            $"providers: {{ openai: {{ base_url: \"${{KEY}}\" }} }}",
            $"providers: {{ openai: {{ type: \"${{KEY}}\" }} }}",
            $"key: [ {Secret}",
            $"*{Secret}",
        ];
        foreach (var text in texts)
        {
            var report = TestSources.Report(text, ("KEY", Secret));

            report.IsApplied.ShouldBeFalse(text);
            string.Join("\n", report.Mistakes)
                .ShouldNotContain(Secret[8..20], Case.Sensitive, text);
        }
    }

    [Theory]
    [InlineData(0.0025, 0.01, false)]
    [InlineData(2.5, 10, true)]
    [InlineData(0.0000025, 0.00001, true)]
    public void Reload_PriceFarOffTheCatalogs_IsWarnedAbout(
        double input,
        double output,
        bool warned
    )
    {
        var report = TestSources.Report(
            FormattableString.Invariant(
                $"models:\n  - {{ name: x, provider: openai, model: gpt-4o, cost_per_1k_input: {input:0.########}, cost_per_1k_output: {output:0.########} }}"
            ),
            ("OPENAI_API_KEY", "sk-test")
        );

        report.IsApplied.ShouldBeTrue();
        report
            .Mistakes.Count(static m => m.IsWarning && m.Message.Contains("1,000 tokens"))
            .ShouldBe(warned ? 2 : 0);
    }

    [Fact]
    public void Reload_AliasBomb_IsRefusedQuickly()
    {
        var bomb = string.Join(
            "\n",
            Enumerable
                .Range(1, 30)
                .Select(static i =>
                    $"k{i}: &a{i} [{string.Join(",", Enumerable.Repeat(i == 1 ? "x" : $"*a{i - 1}", 10))}]"
                )
        );

        var report = TestSources.Report(bomb);

        report.Mistakes[0].Message.ShouldContain("once its aliases are written out");
    }

    [Fact]
    public void Reload_MergeBomb_IsRefusedQuickly()
    {
        var wide =
            "a: &a {"
            + string.Join(",", Enumerable.Range(0, 1000).Select(static i => $"k{i}: 1"))
            + "}";
        var report = TestSources.Report(
            wide + "\nb:\n" + string.Concat(Enumerable.Repeat("  <<: *a\n", 1000))
        );

        report.Mistakes[0].Message.ShouldContain("once its aliases are written out");
    }

    [Fact]
    public void Reload_DeepNesting_IsRefused() =>
        TestSources
            .Report(new string('[', 5000))
            .Mistakes[0]
            .Message.ShouldContain("Nested deeper than");

    [Fact]
    public void Reload_HugeFile_IsRefused() =>
        TestSources
            .Report("# " + new string('x', 1_100_000))
            .Mistakes[0]
            .Message.ShouldContain("larger than");
}
