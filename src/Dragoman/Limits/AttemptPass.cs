using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Limits;

/// <summary>What an attempt holds while it is under way. Settled exactly once, whatever becomes of it.</summary>
internal abstract class AttemptPass
{
    /// <summary>The longest answer it allows; null leaves that to the client.</summary>
    public virtual AnswerBound? Bound => null;

    /// <summary>Tokens of the answer, by our estimate, up to which nothing more has to be asked.</summary>
    public virtual long Covered => long.MaxValue;

    /// <summary>
    /// Asks for more before a stream outgrows what it holds. Null where it may go on; else it must end now. May wait a while for
    /// what others will give back.
    /// </summary>
    /// <param name="tokens">Tokens of the answer so far, by our estimate.</param>
    public virtual ValueTask<AdmissionRefusal?> CoverAsync(long tokens) => default;

    /// <summary>The attempt is over.</summary>
    public abstract void Settle(in AttemptResult result);

    /// <summary>The attempt was never made, or cost nothing.</summary>
    public void GiveBack() => Settle(default);
}

/// <summary>The longest answer an attempt may ask for.</summary>
/// <param name="Tokens">Of each choice.</param>
/// <param name="By">Who bounds it, as <c>x-dragoman-changes</c> names it: <c>budget research</c>.</param>
internal readonly record struct AnswerBound(long Tokens, string By);

/// <summary>How an attempt ended, as far as limits ask.</summary>
/// <param name="Usage">Its tokens; null where nobody told and none were estimated.</param>
/// <param name="Cost">What it cost; null where nobody knows.</param>
/// <param name="EstimatedTokens">Tokens of its answer by our own estimate; null where nothing was seen of it.</param>
/// <param name="IsWhole">The answer came to its own end.</param>
internal readonly record struct AttemptResult(
    TokenUsage? Usage,
    Cost? Cost,
    long? EstimatedTokens,
    bool IsWhole
)
{
    /// <summary>The provider was asked.</summary>
    public bool WasMade { get; init; }

    /// <summary>The provider was still at work when it was given up, and may have gone on: no usage is not none.</summary>
    public bool MayHaveSpent { get; init; }
}

/// <summary>Why an attempt may not be made, or a stream may not go on.</summary>
/// <param name="Error">As the client is told where nobody else may be asked.</param>
/// <param name="Reason">The same in short, for the record of who was passed over.</param>
internal sealed record AdmissionRefusal(GatewayError Error, string Reason)
{
    /// <summary>The chain to go on with in place of the one that was refused; null where there is none.</summary>
    public string? Downgrade { get; init; }
}

/// <summary>The passes of several gates as one.</summary>
internal sealed class SeveralPasses(AttemptPass one, AttemptPass other) : AttemptPass
{
    public override AnswerBound? Bound =>
        (one.Bound, other.Bound) is ({ } first, { } second)
            ? (first.Tokens <= second.Tokens ? first : second)
            : one.Bound ?? other.Bound;

    public override long Covered => Math.Min(one.Covered, other.Covered);

    public override async ValueTask<AdmissionRefusal?> CoverAsync(long tokens) =>
        (tokens > one.Covered ? await one.CoverAsync(tokens) : null)
        ?? (tokens > other.Covered ? await other.CoverAsync(tokens) : null);

    public override void Settle(in AttemptResult result)
    {
        one.Settle(result);
        other.Settle(result);
    }
}
