using System.Runtime.CompilerServices;

namespace Dragoman.Limits.Rates;

/// <summary>What one request has taken of all limits that apply to it, to be ended exactly once.</summary>
internal sealed class RateLease(RateNeed need)
{
    private FirstShares _first;
    private List<RateShare>? _rest;
    private int _isEnded;

    /// <summary>What it takes by our estimate.</summary>
    public RateNeed Need => need;

    /// <summary>How many it is among those that run at once: none where it is a part of another that is counted.</summary>
    public int Running { get; init; } = 1;

    public int Count { get; private set; }

    /// <summary>When it was taken, in ticks of the store's clock.</summary>
    public long TakenAt { get; set; }

    /// <summary>Where the scarcest limit of each kind stands now that this was taken; null where no limit is of that kind.</summary>
    public RateStanding? Requests { get; private set; }

    /// <inheritdoc cref="Requests"/>
    public RateStanding? Tokens { get; private set; }

    /// <inheritdoc cref="Requests"/>
    public RateStanding? InputTokens { get; private set; }

    /// <inheritdoc cref="Requests"/>
    public RateStanding? OutputTokens { get; private set; }

    public ref RateShare this[int index]
    {
        get
        {
            if (index < FirstShares.Count)
                return ref _first[index];
            return ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rest)[
                index - FirstShares.Count
            ];
        }
    }

    public void Add(RateShare share)
    {
        if (Count < FirstShares.Count)
            _first[Count] = share;
        else
            (_rest ??= []).Add(share);
        Count++;
    }

    /// <summary>Keeps the scarcest of each kind.</summary>
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

    /// <summary>True for the first who ends it.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _isEnded, 1) == 0;

    private static RateStanding Scarcer(in RateStanding? known, in RateStanding other) =>
        known is not { } one || other.Share < one.Share ? other : one;

    [InlineArray(Count)]
    private struct FirstShares
    {
        public const int Count = 4;
        private RateShare _share;
    }
}

/// <summary>One limit that a request takes of, and whose counter.</summary>
/// <param name="Limit">The limit as it was when it was taken.</param>
/// <param name="Tuple">Whose.</param>
/// <param name="Counter">The counter, where the store has it at hand.</param>
internal readonly record struct RateShare(RateLimit Limit, string Tuple, RateCounter? Counter);

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
