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

    /// <summary>Where its limits stand now that this was taken; null where nobody wants to know.</summary>
    public RateStandings? Standings { get; init; }

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

    /// <summary>True for the first who ends it.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _isEnded, 1) == 0;

    [InlineArray(Count)]
    private struct FirstShares
    {
        public const int Count = 4;
        private RateShare _share;
    }
}

/// <summary>One limit that a request takes of, as it was when it was taken, and whose counter.</summary>
internal readonly record struct RateShare(RateLimit Limit, RateCounter Counter);
