using System.Globalization;
using System.Security.Cryptography;

namespace Dragoman.Access.Auditing;

/// <summary>What came of going through the chain from its beginning to its end.</summary>
/// <param name="Count">Entries that were found whole.</param>
/// <param name="Broken">The number of the first that is not; null where all are.</param>
/// <param name="Trouble">What is wrong there; null where nothing is.</param>
/// <param name="End">Where the chain ends: <c>number:mac</c>; null where it is empty or broken. Kept elsewhere, it proves later that nothing was taken back.</param>
internal sealed record AuditCheck(long Count, long? Broken, string? Trouble, string? End)
{
    public bool IsWhole => Trouble is null;

    /// <summary>Goes through a chain.</summary>
    /// <param name="end">The end that is kept beside it.</param>
    /// <param name="entries">All of them, by number.</param>
    /// <param name="keys">The keys they may be sealed with.</param>
    /// <param name="expected">An end that somebody kept: the chain must still hold that entry.</param>
    public static AuditCheck Of(
        AuditEnd? end,
        IEnumerable<AuditEntry> entries,
        AuditKeys keys,
        ExpectedEnd? expected = null
    )
    {
        long count = 0;
        var before = AuditSeal.Beginning;
        foreach (var entry in entries)
        {
            if (entry.Number != count + 1)
                return At(
                    count,
                    entry.Number <= count ? entry.Number : count + 1,
                    entry.Number <= count ? "stands where none may stand" : "is missing"
                );
            if (keys.Find(entry.Key) is not { } key)
                return At(
                    count,
                    entry.Number,
                    $"is sealed with a key that is not at hand ({entry.Key})"
                );
            if (
                !CryptographicOperations.FixedTimeEquals(
                    AuditSeal.Of(entry, before, key),
                    entry.Mac
                )
            )
                return At(count, entry.Number, "was changed, or does not follow the one before it");
            if (expected is { } known && known.Number == entry.Number && !known.IsMacOf(entry))
                return At(
                    count,
                    entry.Number,
                    "is not the one that was there when its end was noted"
                );
            count++;
            before = entry.Mac;
        }
        if (EndTrouble(end, count, before, keys) is { } trouble)
            return trouble;
        return expected is { } later && later.Number > count
            ? At(count, count + 1, $"is missing: {later.Number} were there when the end was noted")
            : new AuditCheck(
                count,
                null,
                null,
                count == 0 ? null : ExpectedEnd.Text(count, before)
            );
    }

    private static AuditCheck? EndTrouble(AuditEnd? end, long count, byte[] mac, AuditKeys keys)
    {
        if (end is null)
            return count == 0
                ? null
                : At(
                    count,
                    count,
                    "is the last, but the end of the chain is not kept beside it any more"
                );
        if (!AuditSeal.IsWhole(end, keys))
            return At(
                count,
                Math.Min(end.Count, count) + 1,
                "cannot be vouched for: the kept end of the chain was changed"
            );
        if (end.Count > count)
            return At(
                count,
                count + 1,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is missing: the chain went on to {end.Count}"
                )
            );
        return end.Count < count || !CryptographicOperations.FixedTimeEquals(end.Mac, mac)
            ? At(end.Count, end.Count + 1, "stands behind the end of the chain")
            : null;
    }

    private static AuditCheck At(long count, long number, string trouble) =>
        new(
            count,
            number,
            string.Create(CultureInfo.InvariantCulture, $"Entry {number} {trouble}."),
            End: null
        );
}

/// <summary>An end of the chain that somebody noted elsewhere.</summary>
internal sealed record ExpectedEnd(long Number, string Mac)
{
    /// <summary>As it is noted: <c>57:0a1b…</c>.</summary>
    public static string Text(long number, byte[] mac) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}:{Convert.ToHexStringLower(mac)}");

    public static ExpectedEnd? Read(string text)
    {
        var parts = text.Split(':');
        return
            parts.Length == 2
            && long.TryParse(
                parts[0],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            && number > 0
            && parts[1].Length == 2 * HMACSHA256.HashSizeInBytes
            && parts[1].All(char.IsAsciiHexDigit)
            ? new ExpectedEnd(number, parts[1].ToLowerInvariant())
            : null;
    }

    public bool IsMacOf(AuditEntry entry) => Convert.ToHexStringLower(entry.Mac) == Mac;
}
