using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Limits.Budgets;

/// <summary>The money of one attempt while it is under way.</summary>
internal sealed class BudgetPass(
    BudgetKeeper keeper,
    AnswerHabits habits,
    TimeProvider time,
    AttemptPlan plan,
    BudgetClaim claim,
    long estimate,
    long promptAtMost,
    bool hasMedia
) : AttemptPass
{
    /// <summary>More is asked for this many tokens before a stream could outgrow what it holds: a read may bring many at once.</summary>
    private const long Ahead = 24;

    /// <summary>A stream asks for at least so many tokens more at a time.</summary>
    private const long LeastStep = 128;

    /// <summary>Every chat model of the last years takes so many.</summary>
    private const long LongestUnknown = 4_096;

    /// <summary>While a stream waits its provider speaks on, and is paid for what nobody has read yet.</summary>
    private static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(2);

    private Reservation? _held;
    private AnswerBound? _bound;
    private long _covered;

    public override AnswerBound? Bound => _bound;

    public override long Covered => _covered;

    /// <summary>The pass with what it holds.</summary>
    public BudgetPass Holding(Reservation held)
    {
        _held = held;
        if (held.Bound is { } most)
            _bound = new AnswerBound(
                Math.Max(1, Math.Min(most / Choices, Speakable())),
                "budget " + held.BoundBy!.Name
            );
        _covered = CoveredBy(held);
        return this;
    }

    public override async ValueTask<AdmissionRefusal?> CoverAsync(long tokens)
    {
        var held = _held!;
        var needed = habits.StreamAtMost(plan.Deployment, tokens) + Ahead;
        var wanted = Math.Max(needed, held.Tokens) + Math.Max(LeastStep, claim.Sizes.Usual / 2);
        var against = claim.Accounts[0];
        foreach (var account in claim.Accounts)
            if (account.Budget.Wait < against.Budget.Wait)
                against = account;
        if (
            await keeper.GrowAsync(
                held,
                Math.Min(needed, Longest),
                Math.Min(wanted, Longest),
                BudgetGate.Patience(against.Budget, plan.Due, time) is var patience
                && patience < LongestStall
                    ? patience
                    : LongestStall,
                plan.Exchange.ClientGone
            )
        )
        {
            _covered = CoveredBy(held);
            return null;
        }
        var tightest = Tightest();
        keeper.NoteRefusal(tightest);
        return BudgetRefusals.Outgrown(keeper.StateOf(tightest));
    }

    public override void Settle(in AttemptResult result)
    {
        if (_held is not { } held)
            return;
        _held = null;
        Span<long> spent = stackalloc long[claim.Accounts.Length];
        for (var i = 0; i < spent.Length; i++)
            spent[i] = SpentIn(i, held, result);
        // First, so that whoever gets its turn by this knows of it.
        Learn(held, result);
        keeper.Settle(held, spent, isCounted: result.Usage is not null || result.IsWhole);
    }

    /// <summary>The provider was told not to go further, or cannot.</summary>
    private long Longest =>
        _bound is { } bound
            ? Math.Min(claim.Sizes.Worst, bound.Tokens * Choices)
            : claim.Sizes.Worst;

    private int Choices => Math.Max(1, plan.Exchange.Envelope.Choices);

    /// <summary>
    /// The longest answer that can be asked for by number: servers refuse more than their model can, which is not known of every model, and more
    /// than the context leaves.
    /// </summary>
    private long Speakable()
    {
        var most = plan.Deployment.MaxOutput ?? LongestUnknown;
        return plan.Deployment.ContextWindow is { } context
            ? Math.Min(most, Math.Max(1, context - promptAtMost))
            : most;
    }

    /// <summary>What cannot be watched, and what has the most it can need, is never asked again.</summary>
    private long CoveredBy(Reservation held) =>
        !claim.Grows || held.Tokens >= Longest
            ? long.MaxValue
            : habits.StreamUntil(plan.Deployment, held.Tokens - Ahead);

    /// <summary>Nano-dollars; what was used at a cost that nobody knows counts as what was set aside.</summary>
    private long SpentIn(int account, Reservation held, in AttemptResult result)
    {
        if (result.Usage is not { } usage)
            return 0;
        if (claim.EachRates is null)
            return claim.Rates.IsFree
                ? result.Cost?.ToNanoUsd() ?? 0
                : result.Cost?.ToNanoUsd() ?? held.In(account);
        if (result.Cost is { Basis: CostBasis.Reported } told)
            return told.ToNanoUsd();
        var stated = claim.Accounts[account].Budget.Unpriced;
        return stated is null
            ? held.In(account)
            : TokenRates
                .Of(stated.Input, stated.Output, usage.TotalInput ?? 0)
                .At(usage.TotalOutput ?? 0);
    }

    private BudgetAccount Tightest()
    {
        var (tightest, least) = (claim.Accounts[0], long.MaxValue);
        foreach (var account in claim.Accounts)
            if (keeper.StateOf(account).LeftNanoUsd is var left && left < least)
                (tightest, least) = (account, left);
        return tightest;
    }

    private void Learn(Reservation held, in AttemptResult result)
    {
        if (!result.IsWhole || result.Usage is not { Estimated: false } usage)
            return;
        var (exchange, deployment) = (plan.Exchange, plan.Deployment);
        LearnPrompt(usage, result.Cost);
        if (usage.TotalOutput is not { } tokens)
            return;
        if (claim.Grows && result.EstimatedTokens is { } seen)
            habits.LearnStream(deployment, seen, tokens);
        if (held.Bound is { } bound && tokens >= bound)
            // It would have gone on; nobody knows how far.
            habits.LearnAnswer(exchange.Caller, deployment, tokens / Choices * 2);
        else if (exchange.Envelope.MaxTokens <= 0 || tokens < exchange.Envelope.MaxTokens)
            habits.LearnAnswer(exchange.Caller, deployment, tokens / Choices);
    }

    /// <summary>In what the prompt cost, rather than in its tokens: caches make some cheaper and others dearer.</summary>
    private void LearnPrompt(TokenUsage usage, Cost? cost)
    {
        if (claim.EachRates is not null || claim.Rates.BaseNanoUsd == 0)
        {
            if (usage.TotalInput is { } tokens)
                habits.LearnPrompt(plan.Deployment, hasMedia, estimate, tokens);
            return;
        }
        if (cost is not { } known)
            return;
        var answer = (claim.Rates with { BaseNanoUsd = 0 }).At(usage.TotalOutput ?? 0);
        var prompt = (Int128)Math.Max(0, known.ToNanoUsd() - answer);
        habits.LearnPrompt(
            plan.Deployment,
            hasMedia,
            estimate,
            (long)(prompt * promptAtMost / claim.Rates.BaseNanoUsd)
        );
    }
}
