using System.Security.Cryptography;

namespace Dragoman.Access.Auditing;

/// <summary>
/// Keeps who did what in a chain: each entry is sealed together with the one before it. Where the chain was tampered with, the next
/// entry does not heal it: it is sealed so that the check fails at it for ever.
/// </summary>
internal sealed class AuditTrail(IAuditStore store, AuditKeys keys, TimeProvider time) : IAuditTrail
{
    private const int LongestName = 200;
    private const int LongestAddress = 64;
    private const int LongestUserAgent = 120;
    private const int LongestState = 64 * 1024;

    /// <summary>The highest number this process has kept: what is there must not become less.</summary>
    private long _kept;

    public async ValueTask AppendAsync(
        AuditEvent happened,
        CancellationToken cancellationToken = default
    )
    {
        var entry = EntryOf(happened, time.GetUtcNow());
        // What was done is done: whoever did it may hang up, the entry stays.
        var stored = await store.AppendAsync(tail => Link(entry, tail), CancellationToken.None);
        var kept = Volatile.Read(ref _kept);
        while (kept < stored.Number)
            kept = Interlocked.CompareExchange(ref _kept, stored.Number, kept);
    }

    private AuditLink Link(AuditEntry entry, AuditTail tail)
    {
        var key = keys.Current;
        var count = tail.End?.Count ?? 0;
        var placed = entry with
        {
            Number = Math.Max(Math.Max(count, tail.LastNumber), Volatile.Read(ref _kept)) + 1,
            Key = key.Id,
        };
        placed = placed with
        {
            Mac = AuditSeal.Of(
                placed,
                IsSound(tail) ? tail.LastMac ?? AuditSeal.Beginning : [],
                key
            ),
        };
        return new AuditLink(placed, AuditSeal.EndAt(placed.Number, placed.Mac, key));
    }

    private bool IsSound(AuditTail tail) =>
        tail.End is { } end
            ? AuditSeal.IsWhole(end, keys)
                && end.Count == tail.LastNumber
                && tail.LastMac is { } mac
                && CryptographicOperations.FixedTimeEquals(mac, end.Mac)
                && end.Count >= Volatile.Read(ref _kept)
            : tail.LastNumber == 0 && Volatile.Read(ref _kept) == 0;

    private static AuditEntry EntryOf(AuditEvent happened, DateTimeOffset at) =>
        new()
        {
            Number = 0,
            At = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)),
            Who = happened.Who?.Id ?? happened.Source ?? "open",
            Name = Short(happened.Who?.Name, LongestName),
            Role = happened.Who is { } who ? RoleNames.Of(who.Role) : null,
            Address = Short(happened.Address, LongestAddress),
            UserAgent = Short(happened.UserAgent, LongestUserAgent),
            Action = happened.Action,
            Subject = Short(happened.Subject, LongestName),
            Before = State(happened.Before),
            After = State(happened.After),
            Key = "",
            Mac = [],
        };

    /// <summary>Half a letter is dropped: the database would keep something else, and the seal not fit.</summary>
    private static string? Short(string? text, int longest)
    {
        if (text is null)
            return null;
        var cut = text.Length <= longest ? text : text[..(longest - 1)] + '…';
        return cut.AsSpan().ContainsAnyInRange('\0', '\u001f') || HasHalfLetters(cut)
            ? string.Concat(
                cut.EnumerateRunes()
                    .Select(static rune =>
                        rune.Value < ' ' || rune == System.Text.Rune.ReplacementChar
                            ? " "
                            : rune.ToString()
                    )
            )
            : cut;
    }

    private static bool HasHalfLetters(string text) =>
        text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');

    private static string? State(string? json) =>
        json is { Length: > LongestState } ? """{"left_out":"more than 64 KB"}""" : json;
}
