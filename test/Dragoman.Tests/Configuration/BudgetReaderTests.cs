using Dragoman.Access;
using Dragoman.Limits.Budgets;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class BudgetReaderTests
{
    [Theory]
    [InlineData("budgets:\n  b: { window: day }", ":2: budgets.b:", "Needs amount")]
    [InlineData("budgets:\n  b: { amount: -1 }", ":2: budgets.b.amount:", "between 0 and")]
    [InlineData("budgets:\n  b: { amount: 1, windw: day }", ":2: budgets.b.windw:", "'window'")]
    [InlineData("budgets:\n  b: { amount: 1, window: year }", ":2: budgets.b.window:", "30d, 12h")]
    [InlineData("budgets:\n  b: { amount: 1, window: 0d }", ":2: budgets.b.window:", "30d, 12h")]
    [InlineData(
        "budgets:\n  b: { amount: 1, time_zone: Mars/Olympus }",
        ":2: budgets.b.time_zone:",
        "Europe/Berlin"
    )]
    [InlineData(
        "budgets:\n  b:\n    amount: 1\n    alerts: [0.5, 2]",
        ":4: budgets.b.alerts[1]:",
        "at most 1"
    )]
    [InlineData(
        "budgets:\n  b: { amount: 1, on_exceeded: pause }",
        ":2: budgets.b.on_exceeded:",
        "stop"
    )]
    [InlineData(
        "budgets:\n  b:\n    amount: 1\n    on_exceeded: { downgrade: nowhere }",
        ":4: budgets.b.on_exceeded.downgrade:",
        "nowhere"
    )]
    [InlineData(
        "budgets:\n  b:\n    amount: 1\n    on_exceeded: { at: 0.5 }",
        ":4: budgets.b.on_exceeded:",
        "downgrade"
    )]
    [InlineData(
        "budgets:\n  b:\n    amount: 1\n    unpriced: { per_1k_input: 1 }",
        ":4: budgets.b.unpriced:",
        "per_1k_output"
    )]
    [InlineData(
        "budgets:\n  b:\n    amount: 1\n    raises:\n      - { amount: 1, until: soon }",
        ":5: budgets.b.raises[0].until:",
        "2026-12-01"
    )]
    [InlineData(
        "budgets:\n  b:\n    amount: 1\n    raises:\n      - { amount: 1 }",
        ":5: budgets.b.raises[0]:",
        "until"
    )]
    [InlineData("alerts:\n  webhook: { url: hooks }", ":2: alerts.webhook.url:", "https://")]
    public void Read_WhatIsWrong_IsToldWithItsLine(string text, string place, string what)
    {
        var report = TestSources.Report(text);

        report.IsApplied.ShouldBeFalse();
        var mistake = report.Mistakes.ShouldHaveSingleItem().ToString();
        mistake.ShouldContain(place);
        mistake.ShouldContain(what);
    }

    [Fact]
    public void Read_EverythingThatCanBeSaid_IsInTheBook()
    {
        using var sources = new TestSources();
        sources.Write(
            """
            chains: { cheap: { models: [openai/gpt-4o-mini] } }
            providers: { openai: { api_keys: [k] } }
            alerts: { webhook: { url: "https://hooks.example/x", secret: hush } }
            budgets:
              research:
                team: research
                model: openai/*
                amount: 500.25
                window: month
                time_zone: Europe/Berlin
                alerts: [0.8, 0.5]
                on_exceeded: { downgrade: cheap, at: 0.9 }
                unpriced: { per_1k_input: 0.001, per_1k_output: 0.002 }
                wait: 3
                raises: [{ amount: 100, from: 2026-11-20, until: "2026-12-01T08:00:00Z" }]
              rolling: { amount: 1, window: 12h }
            """
        );
        using var snapshots = sources.Snapshots();
        snapshots.Reload().IsApplied.ShouldBeTrue();

        var parts = snapshots.Current.Parts;
        var book = parts.Find<BudgetBook>().ShouldNotBeNull();
        var budget = book.Find("research").ShouldNotBeNull();
        budget
            .Scope.Members.Select(static member => (member.Key, member.Value.Text))
            .ShouldBe([(ScopeKind.Team, "research"), (ScopeKind.Model, "openai/*")]);
        budget.AmountNanoUsd.ShouldBe(500_250_000_000);
        budget.Window.ToString().ShouldBe("month in Europe/Berlin");
        budget.Alerts.ShouldBe([0.5m, 0.8m]);
        (budget.Downgrade, budget.DowngradeAt).ShouldBe(("cheap", 0.9m));
        budget.Unpriced.ShouldBe(new StatedPrice(1, 2));
        budget.Wait.ShouldBe(TimeSpan.FromSeconds(3));
        budget
            .Raises.ShouldHaveSingleItem()
            .ShouldBe(
                new BudgetRaise(
                    100_000_000_000,
                    new DateTimeOffset(2026, 11, 19, 23, 0, 0, TimeSpan.Zero),
                    new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero)
                )
            );
        book.Find("rolling")!.Window.ToString().ShouldBe("rolling 12 h");
        parts.Find<AlertTarget>()!.Webhook.ShouldBe(new Uri("https://hooks.example/x"));
    }

    [Fact]
    public void Read_WithoutBudgets_PutsNothingOnTheWayOfRequests()
    {
        using var sources = new TestSources();
        sources.Write("{}");
        using var snapshots = sources.Snapshots();
        snapshots.Reload();

        snapshots.Current.Parts.Find<BudgetBook>().ShouldBeNull();
    }
}
