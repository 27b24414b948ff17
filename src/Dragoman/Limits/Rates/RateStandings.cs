namespace Dragoman.Limits.Rates;

/// <summary>Where the scarcest limit of each kind stands; null where no limit is of that kind.</summary>
internal sealed class RateStandings
{
    public RateStanding? Requests { get; private set; }
    public RateStanding? Tokens { get; private set; }
    public RateStanding? InputTokens { get; private set; }
    public RateStanding? OutputTokens { get; private set; }

    public void Clear() => Requests = Tokens = InputTokens = OutputTokens = null;

    /// <summary>Keeps the scarcer.</summary>
    public void Note(in RateStanding standing)
    {
        switch (standing.Meter.Kind)
        {
            case RateKind.Requests:
                Requests = Scarcer(Requests, standing);
                break;
            case RateKind.Tokens:
                Tokens = Scarcer(Tokens, standing);
                break;
            case RateKind.InputTokens:
                InputTokens = Scarcer(InputTokens, standing);
                break;
            default:
                OutputTokens = Scarcer(OutputTokens, standing);
                break;
        }
    }

    private static RateStanding Scarcer(in RateStanding? known, in RateStanding other) =>
        known is not { } one || other.Share < one.Share ? other : one;
}

/// <summary>Where a meter stands.</summary>
/// <param name="Meter">Which.</param>
/// <param name="Used">What is taken of it; more than it allows where answers were longer than thought.</param>
/// <param name="EmptyIn">How long until all of it is there again.</param>
internal readonly record struct RateStanding(RateMeter Meter, long Used, TimeSpan EmptyIn)
{
    public long Left => Math.Max(0, Meter.Most - Used);

    /// <summary>The part that is left, in millionths.</summary>
    public long Share => (long)((Int128)Left * 1_000_000 / Meter.Most);
}
