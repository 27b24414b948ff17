using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Conditions;
using Dragoman.Routing.Rules;
using Dragoman.Tests.Configuration;
using Dragoman.Tests.Routing.Conditions;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Rules;

/// <summary>Rules as a file has them: which fires, what it does, and what is said of those that never can.</summary>
public sealed class RuleBookTests
{
    private const string Models = """
        providers:
          house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" }
        models:
          - { name: fast, provider: house, model: fast-model }
          - { name: coder, provider: house, model: coder-model }
          - { name: backup, provider: house, model: backup-model }
        chains:
          spare: { models: [backup] }
        routes:
          both: { strategy: priority, models: [fast, coder] }

        """;

    [Theory]
    [InlineData("{ task_type: code }", true)]
    [InlineData("{ task_type: [math, coding] }", true)]
    [InlineData("{ task_type: math }", false)]
    [InlineData("{ content_length: { min: 1000, max: 2000 } }", true)]
    [InlineData("{ content_length: { max: 1000 } }", false)]
    [InlineData("{ contains_code: true, contains_math: false }", true)]
    [InlineData("{ user_tier: gold }", true)]
    [InlineData("{ user_tier: [free, g*] }", true)]
    [InlineData("{ user_tier: free }", false)]
    [InlineData("{ language: [de, fr] }", true)]
    [InlineData("{ tag: vip }", true)]
    [InlineData("{ tags: [vip, batch] }", true)]
    [InlineData("{ tags: [vip, other] }", false)]
    [InlineData("{ header: { x-team: \"search*\" } }", true)]
    [InlineData("{ header: { x-team: sales } }", false)]
    [InlineData("{ caller: anybody }", false)]
    [InlineData("{ key: any* }", false)]
    [InlineData("{ workspace: w }", false)]
    [InlineData("{ required_capability: function_calling }", true)]
    [InlineData("{ estimated_tokens: { min: 400 } }", true)]
    [InlineData("{ difficulty: { max: 0.5 } }", false)]
    [InlineData("{ has_tools: true, streaming: false, multi_turn: false }", true)]
    [InlineData("{ has_images: false }", false)]
    [InlineData("{ model: auto }", true)]
    [InlineData("{ time: { from: \"14:00\", to: \"15:00\" } }", true)]
    [InlineData("{ time: { from: \"22:00\", to: \"06:00\" } }", false)]
    [InlineData("{ time: { from: \"15:00\", to: \"16:00\", time_zone: Europe/Berlin } }", true)]
    [InlineData("{ time: { days: [mon-fri] } }", true)]
    [InlineData("{ time: { days: [sat, sunday] } }", false)]
    [InlineData("{ any: [{ task_type: math }, { tag: vip }] }", true)]
    [InlineData(
        "{ all: [{ task_type: code }, { any: [{ tag: no }, { user_tier: free }] }] }",
        false
    )]
    [InlineData("{ not: { task_type: code } }", false)]
    [InlineData("{ not: { task_type: math, tag: vip } }", true)]
    [InlineData("{ task_type: code, custom: \"difficulty > 0.6\" }", true)]
    [InlineData("'difficulty > 0.6 and contains_code'", true)]
    public void When_OfEachKind_IsMetByWhatItSays(string when, bool met)
    {
        var facts = GivenFacts.Code();
        facts.Headers["x-team"] = "search-eu";

        var rule = Resolver($"rules: [{{ name: r, when: {when}, target: fast }}]")
            .Table.Rules.Match(facts);

        (rule is not null).ShouldBe(met, when);
    }

    [Theory]
    [InlineData(23, "monday", true)]
    [InlineData(5, "tuesday", true)] // still Monday's night
    [InlineData(5, "monday", false)]
    [InlineData(12, "monday", false)]
    public void Time_OverMidnight_BelongsToTheDayItBegan(int hour, string day, bool met)
    {
        var date = day == "monday" ? 23 : 24;
        var facts = new GivenFacts
        {
            At = new DateTimeOffset(2026, 11, date, hour, 0, 0, TimeSpan.Zero),
        };

        (
            Resolver(
                "rules: [{ name: r, when: { time: { from: \"22:00\", to: \"06:00\", days: [mon] } }, target: fast }]"
            )
                .Table.Rules.Match(facts)
            is not null
        ).ShouldBe(met);
    }

    [Fact]
    public void Match_CheapConditionsFirst_ReadsNothingInVain()
    {
        var facts = GivenFacts.Code();
        var rules = Resolver(
            "rules: [{ name: r, when: { task_type: code, user_tier: free }, target: fast }, { name: s, when: 'difficulty > 0.1 and tags contains \"none\"', target: fast }]"
        ).Table.Rules;

        rules.Match(facts).ShouldBeNull();

        facts.Readings.ShouldBe(0);
    }

    [Theory]
    // The rule decides for auto, routes and bare ids; who pins what he wants gets it.
    [InlineData("auto", null, "house/coder-model")]
    [InlineData("both", null, "house/coder-model")]
    [InlineData("coder-model", null, "house/coder-model")]
    [InlineData("fast", null, "house/fast-model")]
    [InlineData("house/fast-model", null, "house/fast-model")]
    [InlineData("chain:spare", null, "house/backup-model")]
    [InlineData("auto", "backup", "house/coder-model house/backup-model")]
    public void Resolve_UnderARule_KeepsTheOrderOfDecision(
        string name,
        string? fallback,
        string chain
    )
    {
        var names = Resolver(
            "rules: [{ name: to coder, priority: 5, target: coder }, { name: later, priority: 9, target: backup }]"
        );
        var wishes = fallback is null ? Wishes.None : new Wishes { Fallback = [fallback] };

        var decision = names.Resolve(Asked.Exchange(name, wishes)).Decision.ShouldNotBeNull();

        Asked.Chain(decision).ShouldStartWith(chain);
        decision.Route.ShouldBe(name);
        if (chain.StartsWith("house/coder", StringComparison.Ordinal))
        {
            decision.Rule.ShouldBe("to coder");
            decision.Reason.ShouldStartWith("rule 'to coder'");
            decision.Record!.Rule.ShouldBe("to coder");
        }
    }

    [Fact]
    public void Resolve_ForcedByTheClient_IsNotTouched() =>
        Resolver("rules: [{ name: r, target: coder }]")
            .Resolve(Asked.Exchange("both", new Wishes { IsForced = true }))
            .Decision!.Rule.ShouldBeNull();

    [Fact]
    public void Resolve_ARuleWithAChain_HasItBehindTheTarget()
    {
        var decision = Resolver("rules: [{ name: r, target: fast, chain: spare }]")
            .Resolve(Asked.Exchange("auto"))
            .Decision!;

        Asked.Chain(decision).ShouldBe("house/fast-model house/backup-model");
        decision.ChainName.ShouldBe("spare");
    }

    [Fact]
    public void Resolve_ARuleOfAChainAlone_IsTheChain() =>
        Asked
            .Chain(
                Resolver("rules: [{ name: r, chain: spare }]")
                    .Resolve(Asked.Exchange("auto"))
                    .Decision!
            )
            .ShouldStartWith("house/backup-model");

    [Fact]
    public void Resolve_ATargetThatCannotServe_GoesOnWithoutTheRuleAndSaysSo()
    {
        var decision = Resolver("rules: [{ name: r, target: openai/gpt-4o }]")
            .Resolve(Asked.Exchange("both"))
            .Decision.ShouldNotBeNull();

        decision.Rule.ShouldBeNull();
        Asked.Chain(decision).ShouldBe("house/fast-model house/coder-model");
        decision.Excluded[0].ToString().ShouldContain("rule 'r'");
    }

    [Fact]
    public void Resolve_AStrategyOfARule_Chooses()
    {
        var decision = Resolver("rules: [{ name: r, strategy: cost_optimized }]")
            .Resolve(Asked.Exchange("both"))
            .Decision!;

        decision.Strategy.ShouldBe("cost_optimized");
        Resolver("rules: [{ name: r, strategy: cost_optimized }]")
            .Resolve(Asked.Exchange("both", new Wishes { Strategy = "priority" }))
            .Decision!.Strategy.ShouldBe("priority");
    }

    [Theory]
    [InlineData("vip", "house/y house/x")]
    [InlineData("other", "house/y")]
    public void Resolve_AConditionalChainAmongAskedFallbacks_ServesOnlyThoseItIsFor(
        string tag,
        string chain
    )
    {
        var names = Asked.Demo(
            """
            providers: { house: { dialect: openai, base_url: "http://10.0.0.1:8000/v1" } }
            models:
              - { name: first, provider: house, model: y }
              - { name: backup, provider: house, model: x }
            chains:
              spare: { models: [backup], when: 'tags contains "vip"' }
            """
        );
        var wishes = new Wishes { Tags = [tag], Fallback = ["chain:spare"] };

        var decision = names.Resolve(Asked.Exchange("first", wishes)).Decision.ShouldNotBeNull();

        Asked.Chain(decision).ShouldBe(chain);
        decision
            .Excluded.Select(static left => left.Deployment)
            .ShouldBe(tag == "vip" ? [] : ["chain:spare"]);
    }

    [Fact]
    public void Chain_WithACondition_IsForThoseThatMeetIt()
    {
        var names = Resolver(
            "rules: []",
            Models.Replace(
                "spare: { models: [backup] }",
                "spare: { models: [backup], when: 'tags contains \"vip\"' }",
                StringComparison.Ordinal
            )
        );

        names.Resolve(Asked.Exchange("chain:spare")).Error!.Code.ShouldBe("chain_not_for_this");
        names
            .Resolve(Asked.Exchange("chain:spare", new Wishes { Tags = ["vip"] }))
            .Decision.ShouldNotBeNull();
        var passed = names
            .Resolve(Asked.Exchange("fast", new Wishes { Chain = "spare" }))
            .Decision!;
        Asked.Chain(passed).ShouldBe("house/fast-model");
        passed.Excluded.ShouldContain(skip => skip.Reason.Contains("vip"));
    }

    [Theory]
    [InlineData(
        "{ name: a, when: { content_length: { min: 9, max: 3 } }, target: fast }",
        "Nothing is at least 9 and at most 3",
        false
    )]
    [InlineData(
        "{ name: a, when: { task_type: poetry }, target: fast }",
        "'poetry' is no task",
        false
    )]
    [InlineData("{ name: a, when: { task_typ: code }, target: fast }", "Did you mean", false)]
    [InlineData("{ name: a, when: {}, target: fast }", "It says no condition", false)]
    [InlineData(
        "{ name: a, when: 'difficulty >', target: fast }",
        "At letter 13 of the condition",
        false
    )]
    [InlineData(
        "{ name: a, when: { custom: 'difficulty > x' }, target: fast }",
        "At letter 14 of the condition",
        false
    )]
    [InlineData(
        "{ name: a, when: { header: { cookie: x } }, target: fast }",
        "holds a secret",
        false
    )]
    [InlineData(
        "{ name: a, when: { time: { from: late } }, target: fast }",
        "is no time of day",
        false
    )]
    [InlineData(
        "{ name: a, when: { time: { days: [someday] } }, target: fast }",
        "is no day",
        false
    )]
    [InlineData(
        "{ name: a, when: { time: { from: \"1:00\", time_zone: Mars/Base } }, target: fast }",
        "is no time zone",
        false
    )]
    [InlineData("{ name: a, target: nobody }", "'nobody' means nothing here", false)]
    [InlineData("{ name: a, chain: nowhere }", "There is no chain 'nowhere'", false)]
    [InlineData("{ name: a, strategy: guess }", "Must be one of", false)]
    [InlineData("{ name: a, when: { tag: x } }", "It does nothing", false)]
    [InlineData(
        "{ name: a, target: fast }, { name: a, when: { tag: x }, target: coder }",
        "There is already a rule of this name",
        false
    )]
    [InlineData(
        "{ name: a, when: 'task_type == \"code\" and task_type == \"math\"', target: fast }",
        "can never fire: no task_type meets",
        true
    )]
    [InlineData(
        "{ name: a, when: 'difficulty > 0.8 and difficulty < 0.2', target: fast }",
        "can never fire: no difficulty meets",
        true
    )]
    [InlineData(
        "{ name: a, priority: 1, target: fast }, { name: b, priority: 2, when: { tag: x }, target: coder }",
        "can never fire: whatever it would take, 'a' takes before it",
        true
    )]
    [InlineData(
        "{ name: a, priority: 1, when: { difficulty: { min: 0.2 } }, target: fast }, { name: b, priority: 2, when: { difficulty: { min: 0.5 }, tag: x }, target: coder }",
        "'a' takes before it",
        true
    )]
    [InlineData(
        "{ name: a, when: { task_type: code }, target: fast }, { name: b, when: { tag: x }, target: coder }",
        "has the same priority 100, and both can meet one request: 'a' wins",
        true
    )]
    public void Load_WhatIsOdd_IsTold(string rules, string message, bool isApplied)
    {
        var report = TestSources.Report(Models + $"rules: [{rules}]");

        report.Mistakes.ShouldContain(
            mistake => mistake.ToString().Contains(message) && mistake.Line > 0,
            string.Join('\n', report.Mistakes)
        );
        report.IsApplied.ShouldBe(isApplied);
    }

    [Theory]
    [InlineData(
        "{ name: a, when: { task_type: code }, target: fast }, { name: b, when: { task_type: math }, target: coder }"
    )]
    [InlineData(
        "{ name: a, when: { task_type: code }, target: fast }, { name: b, when: { tag: x }, target: fast }"
    )]
    [InlineData(
        "{ name: a, priority: 1, when: { difficulty: { min: 0.5 } }, target: fast }, { name: b, priority: 2, when: { difficulty: { min: 0.2 } }, target: coder }"
    )]
    [InlineData(
        "{ name: a, priority: 1, target: fast, active: false }, { name: b, priority: 2, when: { tag: x }, target: coder }"
    )]
    public void Load_WhatIsSound_IsNotSpokenOf(string rules) =>
        TestSources.Report(Models + $"rules: [{rules}]").Mistakes.ShouldBeEmpty();

    [Fact]
    public void Match_AThousandRules_AllocatesNothing()
    {
        var rules = new RuleBook(
            Enumerable
                .Range(0, 1_000)
                .Select(i => new RoutingRule
                {
                    Name = $"r{i}",
                    When = ExpressionParser.Parse(
                        $"user_tier == \"tier{i}\" and difficulty > 0.{i % 9} and tags contains \"t{i}\""
                    ),
                    Target = "fast",
                })
        );
        var facts = GivenFacts.Code();
        rules.Match(facts);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            rules.Match(facts).ShouldBeNull();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
    }

    private static NameResolver Resolver(string rules, string models = Models)
    {
        using var sources = new TestSources();
        sources.Write(models + rules);
        using var snapshots = sources.Snapshots();
        var report = snapshots.Reload();
        report.IsApplied.ShouldBeTrue(string.Join('\n', report.Mistakes));
        return snapshots.Current.Names;
    }
}
