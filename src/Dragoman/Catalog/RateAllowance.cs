namespace Dragoman.Catalog;

/// <summary>What a provider said is left of one allowance.</summary>
/// <param name="Left">The part of it, 0 to 1.</param>
/// <param name="FullIn">How long until all of it is there again; null where that was not said.</param>
internal readonly record struct RateAllowance(double Left, TimeSpan? FullIn);

/// <summary>What is left by key, since allowances are the key's or its account's. Not thread-safe.</summary>
internal struct RateAllowances
{
    /// <summary>What was said without an end holds so long.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);

    private const int MostKeys = 64;

    private Said[]? _byKey;

    public void Set(int key, in RateAllowance allowance, long now)
    {
        if ((uint)key >= MostKeys)
            return;
        if (_byKey is null || _byKey.Length <= key)
            Array.Resize(ref _byKey, key + 1);
        _byKey[key] = new Said(allowance.Left, now, now + (allowance.FullIn ?? Usual).Ticks);
    }

    /// <summary>The mean of all keys that something is known of; null where nothing is.</summary>
    public readonly double? Left(long now)
    {
        var (sum, count) = (0.0, 0);
        foreach (var said in _byKey ?? [])
        {
            if (said.FullAt <= now)
                continue;
            // Allowances fill steadily until they are full.
            var passed = Math.Max(0, now - said.At) / (double)(said.FullAt - said.At);
            sum += said.Left + (1 - said.Left) * passed;
            count++;
        }
        return count == 0 ? null : sum / count;
    }

    private readonly record struct Said(double Left, long At, long FullAt);
}
