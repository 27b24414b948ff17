using Dragoman.Catalog;

namespace Dragoman.Forwarding;

/// <summary>What the end of an attempt, or of a probe, says about its provider: not about one model, and not about the client.</summary>
internal static class ProviderSigns
{
    private const int LongestMessage = 300;

    /// <summary>Notes an attempt of an exchange. Marks of keys must be set before.</summary>
    public static void Note(
        Provider provider,
        AttemptOutcome outcome,
        KeyPool.PooledKey? key,
        DateTimeOffset now
    )
    {
        var health = provider.State.Health;
        switch (outcome.Kind)
        {
            // It was not asked, the client left, or time was up for what others had spent.
            case OutcomeKind.ClientGone or OutcomeKind.Offline or OutcomeKind.TotalTimeout:
                return;
            case OutcomeKind.Success
            // It answers; that one answer was not of the shape asked for says nothing of it.
            or OutcomeKind.SchemaMismatch
            or OutcomeKind.Diverged:
                health.Answered(now);
                return;
            case OutcomeKind.InvalidRequest
            or OutcomeKind.RefusesStreamOptions
            or OutcomeKind.ContextLength
            or OutcomeKind.ContentFilter:
                health.Refused(now);
                return;
        }
        var trouble = Trouble(outcome, key, now);
        switch (outcome.Kind)
        {
            case OutcomeKind.RateLimited:
                health.Failed(trouble, weight: 0.5, isDown: false);
                break;
            // One model's affair.
            case OutcomeKind.Forbidden or OutcomeKind.NotFound:
                health.Failed(trouble, weight: 0, isDown: false);
                break;
            case OutcomeKind.Unauthorized or OutcomeKind.PaymentRequired or OutcomeKind.Quota:
                health.Failed(
                    trouble,
                    weight: 1,
                    isDown: !provider.HasKeyOfDeployment && !HasUsableKey(provider, now)
                );
                break;
            case OutcomeKind.ConnectFailed or OutcomeKind.ConnectTimeout:
                health.Failed(trouble, weight: 1, isDown: true);
                break;
            default:
                health.Failed(trouble, weight: 1, isDown: null);
                break;
        }
    }

    /// <summary>The trouble that an outcome other than success is.</summary>
    public static ProviderTrouble Trouble(
        AttemptOutcome outcome,
        KeyPool.PooledKey? key,
        DateTimeOffset now
    ) => new(KindOf(outcome), Say(outcome, key), outcome.Status, now);

    /// <summary>Not all of its keys rest; true too where it asks for none.</summary>
    public static bool HasUsableKey(Provider provider, DateTimeOffset now) =>
        provider.Keys.IsEmpty || provider.Keys.All.Any(key => !key.IsRefused(now));

    private static string Say(AttemptOutcome outcome, KeyPool.PooledKey? key)
    {
        var said =
            KeyQuotes.Mask(outcome.Error?.Message, key)
            ?? outcome.Detail
            ?? outcome.Word.Replace('_', ' ');
        return said.Length <= LongestMessage ? said : said[..LongestMessage] + "…";
    }

    private static TroubleKind KindOf(AttemptOutcome outcome) =>
        outcome.Kind switch
        {
            OutcomeKind.ConnectFailed => TroubleKind.Unreachable,
            _ when outcome.IsTimeout => TroubleKind.Timeout,
            OutcomeKind.RateLimited => TroubleKind.RateLimited,
            OutcomeKind.Unauthorized => TroubleKind.Authentication,
            OutcomeKind.PaymentRequired or OutcomeKind.Quota => TroubleKind.Payment,
            OutcomeKind.Forbidden => TroubleKind.Permission,
            OutcomeKind.NotFound => TroubleKind.NotFound,
            _ => TroubleKind.Upstream,
        };
}
