using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Routing.Quality;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Quality;

public sealed class LiveQualityTests
{
    private readonly ManualTime _time = new();
    private readonly Dictionary<string, QualityPrior> _priors = new(StringComparer.Ordinal)
    {
        ["p/good"] = new QualityPrior(70, 5),
        ["p/fair"] = new QualityPrior(50, 5),
        ["p/other"] = new QualityPrior(60, 5),
    };
    private readonly LiveQuality _live;
    private long _request;

    public LiveQualityTests() => _live = new LiveQuality(_priors.GetValueOrDefault, _time);

    [Fact]
    public void Of_WithoutFeedback_IsThePrior()
    {
        Of("good", "code").ShouldBe((70.0, 5.0));
        Of("good", null).ShouldBe((70.0, 5.0));
        Of("unknown", "code").ShouldBeNull();
    }

    [Fact]
    public void Take_WorseThanTheHouse_LowersThatDeploymentAtThatTaskAndOverAll()
    {
        Rate("other", "code", 0.8, 100);
        Rate("good", "code", 0.2, 100);

        var (score, error) = Of("good", "code")!.Value;
        score.ShouldBeInRange(40, 60);
        error.ShouldBeLessThan(5);
        Of("good", null)!.Value.Score.ShouldBeLessThan(65);
        Of("good", "math").ShouldBe((70.0, 5.0));
        Of("other", "code")!.Value.Score.ShouldBeGreaterThan(60);
        Of("fair", "code").ShouldBe((50.0, 5.0));
    }

    [Fact]
    public void Take_OneScore_MovesLittle()
    {
        Rate("other", "code", 0.7, 100);
        Rate("good", "code", 0, 1);

        Of("good", "code")!.Value.Score.ShouldBeInRange(67.5, 69.5);
    }

    [Fact]
    public void Take_AGenerousHouse_DoesNotLiftTheOnlyOneThatIsRated()
    {
        Rate("good", "code", 1, 500);

        Of("good", "code")!.Value.Score.ShouldBeInRange(70, 72.5);
    }

    [Fact]
    public void Take_AGenerousHouseThatRatesTwo_KeepsTheirOrderAndLiftsNeither()
    {
        Rate("good", "code", 0.95, 200);
        Rate("other", "code", 0.95, 200);

        // Equally liked, they come nearer to each other; their middle stays.
        var (good, other) = (Of("good", "code")!.Value.Score, Of("other", "code")!.Value.Score);
        good.ShouldBeLessThan(70);
        good.ShouldBeGreaterThanOrEqualTo(other);
        ((good + other) / 2).ShouldBe(65, 0.5);
    }

    [Fact]
    public void Take_OnlyDispleasure_IsHeardOfTheOnlyOneInUse()
    {
        Rate("good", "chat", 0, 200);

        Of("good", "chat")!.Value.Score.ShouldBeInRange(60, 68);
    }

    [Fact]
    public void Take_AReplacement_CountsOnce()
    {
        Rate("other", "code", 0.7, 50);
        Rate("good", "code", 0.7, 50);
        var before = Of("good", "code");
        var first = Feedback("good", "code", 0);
        _live.Take(first);
        Of("good", "code").ShouldNotBe(before);

        _live.Take(first with { Score = 0.7 }, replaced: first);
        var replaced = Of("good", "code")!.Value;

        var fresh = new LiveQuality(_priors.GetValueOrDefault, _time);
        fresh.Load(Many("other", 0.7, 50).Concat(Many("good", 0.7, 51)));
        var loaded = fresh.Of(Deployment("good"), "code")!.Value;
        replaced.Score.ShouldBe(loaded.Score, 1e-9);
        replaced.StandardError.ShouldBe(loaded.StandardError, 1e-9);
    }

    [Fact]
    public void Of_LongAfter_ComesBackToThePrior()
    {
        Rate("other", "code", 0.8, 100);
        Rate("good", "code", 0.2, 100);
        var then = Of("good", "code")!.Value.Score;

        _time.Advance(LiveQuality.HalfLife);
        var later = Of("good", "code")!.Value.Score;
        _time.Advance(20 * LiveQuality.HalfLife);

        later.ShouldBeGreaterThan(then);
        Of("good", "code")!.Value.Score.ShouldBe(70, 0.1);
    }

    [Fact]
    public void Take_AnOldScoreAmongNewOnes_CountsForHalfAfterAHalfLife()
    {
        Rate("other", "code", 0.5, 1000);
        Rate("good", "code", 1, 40);
        _time.Advance(LiveQuality.HalfLife);
        Rate("other", "code", 0.5, 1000);
        Rate("good", "code", 0, 20);

        // Forty at half their weight are twenty: they cancel out but for the prior's own pull to the others.
        var even = new LiveQuality(_priors.GetValueOrDefault, _time);
        even.Load(Many("other", 0.5, 1500).Concat(Many("good", 0.5, 40)));
        Of("good", "code")!
            .Value.Score.ShouldBe(even.Of(Deployment("good"), "code")!.Value.Score, 0.01);
    }

    [Fact]
    public void Of_WithoutAPrior_IsUnknownUntilEnoughHasBeenSaidOfItAndOthers()
    {
        Rate("other", "code", 0.5, 9);
        Rate("unknown", "code", 0.9, 30);
        Of("unknown", "code").ShouldBeNull();
        Rate("other", "code", 0.5, 30);

        var (score, error) = Of("unknown", "code")!.Value;

        score.ShouldBe(84, 0.5); // 60 + 60 · (0.9 − 0.5)
        error.ShouldBeGreaterThan(5);
        // Nor does it tell anything of others, whose measure it is not.
        Of("other", "code")!.Value.Score.ShouldBeLessThan(60);
    }

    [Fact]
    public void Version_Changes_WithFeedbackAndReload()
    {
        var versions = new HashSet<int> { _live.Version };
        Rate("good", "code", 1, 1);
        versions.Add(_live.Version).ShouldBeTrue();
        versions.Add(_live.Version).ShouldBeFalse();

        _priors["p/other"] = new QualityPrior(90, 1);
        _live.Recount();

        versions.Add(_live.Version).ShouldBeTrue();
    }

    [Fact]
    public void Of_TasksThatAreOnlyMeasured_IsThePriorOfThese()
    {
        Rate("good", "code", 0, 100);

        Of("good", "tools").ShouldBe((70.0, 5.0));
        Of("good", "coding").ShouldBe(Of("good", "code"));
    }

    [Fact]
    public void Of_WhileOthersGiveFeedback_IsAlwaysAFigure()
    {
        Parallel.For(
            0,
            2000,
            i =>
            {
                if (i % 4 == 0)
                    _live.Take(Feedback(i % 8 == 0 ? "good" : "fair", "code", i % 3 / 2.0));
                else
                    Of("good", "code")!.Value.Score.ShouldBeInRange(0, 100);
            }
        );
    }

    private (double Score, double StandardError)? Of(string model, string? task) =>
        _live.Of(Deployment(model), task);

    private void Rate(string model, string task, double score, int times) =>
        _live.Load(Many(model, score, times, task));

    private IEnumerable<Feedback> Many(
        string model,
        double score,
        int times,
        string task = "code"
    ) => Enumerable.Range(0, times).Select(_ => Feedback(model, task, score)).ToList();

    private Feedback Feedback(string model, string task, double score) =>
        new()
        {
            Request = new RequestId(Interlocked.Increment(ref _request)),
            Score = score,
            At = _time.GetUtcNow(),
            Deployment = "p/" + model,
            Task = task,
        };

    private Deployment Deployment(string model) =>
        new()
        {
            Name = "p/" + model,
            Model = model,
            Provider = new Provider
            {
                Name = "p",
                Type = new ProviderType { Name = "p", Dialect = "openai" },
                Dialect = "openai",
                BaseUrl = new Uri("http://p.invalid"),
                Keys = KeyPool.None(),
            },
            Quality = _priors.GetValueOrDefault("p/" + model),
            State = new DeploymentState("p/" + model),
        };
}
