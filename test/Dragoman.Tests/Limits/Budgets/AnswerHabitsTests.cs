using Dragoman.Limits.Budgets;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits.Budgets;

public sealed class AnswerHabitsTests
{
    private readonly AnswerHabits _habits = new();

    [Fact]
    public void Usual_BeforeAnythingWasSeen_IsWellAboveAUsualAnswer() =>
        _habits.UsualAnswer("k", BudgetBench.Deployment, grows: false).ShouldBe(2_000);

    [Fact]
    public void Usual_AfterAFew_IsTwiceTheLongest()
    {
        _habits.LearnAnswer("k", BudgetBench.Deployment, 40);
        _habits.LearnAnswer("k", BudgetBench.Deployment, 70);

        _habits.UsualAnswer("k", BudgetBench.Deployment, grows: false).ShouldBe(140);
    }

    [Fact]
    public void Usual_AfterMany_CoversNearlyAllOfThem()
    {
        var chance = new Random(3);
        var lengths = Enumerable.Range(0, 1_000).Select(_ => chance.NextInt64(50, 400)).ToList();
        foreach (var length in lengths)
            _habits.LearnAnswer("k", BudgetBench.Deployment, length);

        var bounded = _habits.UsualAnswer("k", BudgetBench.Deployment, grows: false);
        var growing = _habits.UsualAnswer("k", BudgetBench.Deployment, grows: true);

        lengths.Count(length => length > bounded).ShouldBeLessThanOrEqualTo(10);
        lengths.Count(length => length > growing).ShouldBeInRange(0, 100);
        growing.ShouldBeLessThanOrEqualTo(bounded);
        bounded.ShouldBeLessThanOrEqualTo(400);
    }

    [Fact]
    public void Usual_OfACaller_IsItsOwnAndOfAStrangerThatOfAll()
    {
        for (var i = 0; i < 30; i++)
        {
            _habits.LearnAnswer("short", BudgetBench.Deployment, 10);
            _habits.LearnAnswer("long", BudgetBench.Deployment, 1_000);
        }

        _habits.UsualAnswer("short", BudgetBench.Deployment, grows: false).ShouldBe(10);
        _habits.UsualAnswer("stranger", BudgetBench.Deployment, grows: false).ShouldBe(1_000);
    }

    [Fact]
    public void Prompt_AfterMany_IsTheDearestOfThemAndNoMore()
    {
        for (var i = 0; i < 100; i++)
            _habits.LearnPrompt(
                BudgetBench.Deployment,
                hasMedia: false,
                estimate: 100,
                tokens: 120
            );

        _habits.PromptAtMost(BudgetBench.Deployment, 1_000, hasMedia: false).ShouldBe(1_200);
        _habits.PromptAtMost(BudgetBench.Deployment, 1_000, hasMedia: true).ShouldBe(2_000);
    }

    [Fact]
    public void Stream_EitherWay_AgreesWithItself()
    {
        for (var i = 0; i < 50; i++)
            _habits.LearnStream(BudgetBench.Deployment, estimate: 100, tokens: 150);

        var until = _habits.StreamUntil(BudgetBench.Deployment, 300);

        until.ShouldBe(200);
        _habits.StreamAtMost(BudgetBench.Deployment, until).ShouldBe(300);
    }

    [Fact]
    public void Sketch_OfMoreThanItKeeps_FollowsTheNewest()
    {
        var sketch = new LengthSketch(least: 1, step: 1.1, steps: 150);
        for (var i = 0; i < 3_000; i++)
            sketch.Add(100);
        for (var i = 0; i < 6_000; i++)
            sketch.Add(10);

        sketch.Quantile(0.9).ShouldBeInRange(10, 11);
    }
}
