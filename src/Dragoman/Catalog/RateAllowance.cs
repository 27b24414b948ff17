using System.Globalization;

namespace Dragoman.Catalog;

/// <summary>What a provider said is left of one key's allowances.</summary>
/// <param name="Left">The part that is left of the scarcest, 0 to 1.</param>
/// <param name="FullIn">How long until all of that one is there again; null where that was not said.</param>
internal readonly record struct RateAllowance(double Left, TimeSpan? FullIn)
{
    public RateAmount Requests { get; init; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public RateAmount Tokens { get; init; }
    public RateAmount InputTokens { get; init; }
    public RateAmount OutputTokens { get; init; }
}

/// <summary>One of a key's allowances in numbers; none was told where <see cref="Most"/> is 0.</summary>
internal readonly record struct RateAmount(long Most, long Left, TimeSpan? FullIn);

/// <summary>Where a key stood when an attempt began: what its provider says in the answer knows of this attempt, and of none that began later. The first is 1; 0 where nothing was reckoned yet.</summary>
internal readonly record struct AllowanceMark(long Requests, long Tokens);

/// <summary>What is left by key, since allowances are the key's or its account's. Not thread-safe.</summary>
internal struct RateAllowances
{
    /// <summary>What was said without an end holds so long.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);

    private const int MostKeys = 64;

    private OfKey[]? _byKey;

    public void Set(int key, in RateAllowance allowance, AllowanceMark mark, long now)
    {
        if ((uint)key >= MostKeys)
            return;
        if (_byKey is null || _byKey.Length <= key)
            Array.Resize(ref _byKey, key + 1);
        ref var known = ref _byKey[key];
        var at = mark.Requests == 0 ? known.Begun : mark;
        // The answer to an earlier attempt came later: it knows less than what was said already.
        if (known.Ends > now && at.Requests < known.Mark.Requests)
            return;
        known.Allowance = allowance;
        known.Mark = at;
        known.At = now;
        known.Ends = now + (allowance.FullIn ?? Usual).Ticks;
    }

    /// <summary>An attempt begins.</summary>
    public AllowanceMark Begin(int key, long tokens)
    {
        if ((uint)key >= MostKeys)
            return default;
        if (_byKey is null || _byKey.Length <= key)
            Array.Resize(ref _byKey, key + 1);
        ref var known = ref _byKey[key];
        return known.Begun = new AllowanceMark(
            known.Begun.Requests + 1,
            known.Begun.Tokens + tokens
        );
    }

    /// <summary>The mean of all keys that something is known of; null where nothing is.</summary>
    public readonly double? Left(long now)
    {
        var (sum, count) = (0.0, 0);
        foreach (var known in _byKey ?? [])
        {
            if (known.Ends <= now)
                continue;
            // Allowances fill steadily until they are full.
            var left = known.Allowance.Left;
            sum += left + (1 - left) * Passed(known.At, known.Ends, now);
            count++;
        }
        return count == 0 ? null : sum / count;
    }

    /// <summary>What a key lacks for one more request of that size; null where it has room, or where nothing is known.</summary>
    public readonly string? Lack(int key, long input, long output, long now)
    {
        if (_byKey is null || (uint)key >= (uint)_byKey.Length)
            return null;
        ref readonly var known = ref _byKey[key];
        var requests = known.Begun.Requests - known.Mark.Requests;
        var tokens = known.Begun.Tokens - known.Mark.Tokens;
        return Lack(known.At, known.Allowance.Requests, requests, 1, "requests", now)
            ?? Lack(known.At, known.Allowance.Tokens, tokens, input + output, "tokens", now)
            ?? Lack(known.At, known.Allowance.InputTokens, tokens, input, "input tokens", now)
            ?? Lack(known.At, known.Allowance.OutputTokens, 0, output, "output tokens", now);
    }

    private static string? Lack(
        long at,
        in RateAmount amount,
        long since,
        long need,
        string words,
        long now
    )
    {
        var ends = at + (amount.FullIn ?? Usual).Ticks;
        if (amount.Most == 0 || ends <= now)
            return null;
        var left =
            amount.Left + (long)((amount.Most - amount.Left) * Passed(at, ends, now)) - since;
        // Who has all of it left could not take this request later either.
        return left >= Math.Min(need, amount.Most)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"its provider has {Math.Max(0, left)} of {amount.Most} {words} left, this request takes about {need}"
            );
    }

    private static double Passed(long at, long ends, long now) =>
        Math.Max(0, now - at) / (double)(ends - at);

    private struct OfKey
    {
        public RateAllowance Allowance;

        /// <summary>All that began with this key.</summary>
        public AllowanceMark Begun;

        /// <summary>What of it the allowance knows.</summary>
        public AllowanceMark Mark;
        public long At;
        public long Ends;
    }
}
