using Dragoman.Catalog;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every routing strategy must keep, whatever it prefers; a new one inherits this and says how it is made.</summary>
public abstract class StrategyContract
{
    private const int Rounds = 300;

    private readonly Random _chance = new(20_261_125);

    /// <summary>The strategy.</summary>
    protected abstract IRoutingStrategy Strategy { get; }

    /// <summary>The same candidate without the fact that the strategy decides by; null where every candidate has that.</summary>
    protected abstract Candidate? Unknown(Candidate candidate);

    [Fact]
    public void Name_IsWhatConfigurationCanSay() =>
        Strategy.Name.ShouldMatch("^[a-z][a-z0-9_]{0,63}$");

    [Fact]
    public void Order_AnyCandidates_KeepsAllAndAddsNone()
    {
        foreach (var candidates in Drawn())
            Strategy
                .Order(candidates)
                .ShouldBe(candidates, ReferenceEqualityComparer.Instance, ignoreOrder: true);
    }

    [Fact]
    public void Order_Equals_StayAsTheyStand()
    {
        foreach (var candidates in Drawn(least: 1))
        {
            IReadOnlyList<Candidate> equals =
            [
                .. Enumerable.Range(0, 6).Select(_ => candidates[0] with { }),
            ];

            var ordered = Strategy.Order(equals);

            for (var i = 0; i < equals.Count; i++)
                ordered[i].ShouldBeSameAs(equals[i]);
        }
    }

    [Fact]
    public void Order_OfWhatIsOrdered_ChangesNothing()
    {
        foreach (var candidates in Drawn())
        {
            var ordered = Strategy.Order(candidates);

            Strategy.Order(ordered).Select(Name).ShouldBe(ordered.Select(Name));
        }
    }

    [Fact]
    public void Order_WhoLacksTheFactThatDecides_ComesBehindWhoHasIt()
    {
        foreach (var candidates in Drawn(least: 2, isKnown: true))
        {
            if (Unknown(candidates[0]) is not { } unknown)
                return;

            Strategy.Order([unknown, .. candidates.Skip(1)])[^1].ShouldBeSameAs(unknown);
        }
    }

    [Fact]
    public void Explain_AnyCandidates_NamesTheFirst()
    {
        foreach (var candidates in Drawn(least: 1))
        {
            var ordered = Strategy.Order(candidates);

            var told = Strategy.Explain(ordered, ordered.Count);

            told.ShouldContain(ordered[0].Name);
            told.ShouldNotContain("\n");
            told.Length.ShouldBeLessThan(300);
        }
    }

    /// <summary>A deployment of which everything is known that the arguments say.</summary>
    public static Candidate Made(
        string name,
        decimal? cost = null,
        double? seconds = null,
        double? quality = null,
        double error = 1,
        bool local = false,
        int priority = 100,
        int missing = 0,
        decimal? input = 1
    )
    {
        var blank = Targets.Of("openai", name);
        return new Candidate
        {
            Deployment = new Deployment
            {
                Name = blank.Name,
                Provider = blank.Provider,
                Model = name,
                Local = local,
                Priority = priority,
                Prices = new PriceSheet { Input = input, Output = input },
                State = blank.State,
            },
            Cost = cost,
            Latency = seconds is { } time ? TimeSpan.FromSeconds(time) : null,
            Quality = quality,
            QualityError = error,
            Missing = missing,
        };
    }

    private IEnumerable<IReadOnlyList<Candidate>> Drawn(int least = 0, bool isKnown = false)
    {
        for (var round = 0; round < Rounds; round++)
            yield return
            [
                .. Enumerable
                    .Range(0, _chance.Next(least, 12))
                    .Select(i =>
                        Made(
                            $"m{i}",
                            isKnown || _chance.Next(4) > 0 ? _chance.Next(0, 40) / 1000m : null,
                            isKnown || _chance.Next(4) > 0 ? _chance.Next(1, 30) : null,
                            isKnown || _chance.Next(4) > 0 ? _chance.Next(20, 96) : null,
                            _chance.Next(1, 9),
                            _chance.Next(3) == 0,
                            _chance.Next(1, 5),
                            isKnown ? 0 : _chance.Next(3),
                            _chance.Next(1, 20)
                        )
                    ),
            ];
    }

    private static string Name(Candidate candidate) => candidate.Name;
}
