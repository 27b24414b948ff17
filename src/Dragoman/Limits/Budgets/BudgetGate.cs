using System.Buffers.Text;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Limits.Budgets;

/// <summary>
/// Sets money aside before an attempt, in all budgets that it counts in at once: as much as such answers usually cost, as long as
/// that is little of what is left, for the longest that it may become.
/// </summary>
internal sealed class BudgetGate(BudgetKeeper keeper, AnswerHabits habits, TimeProvider time)
    : IAdmissionGate
{
    /// <summary>Where neither client nor catalog bounds an answer.</summary>
    private const long LongestKnown = 65_536;

    /// <summary>What an image usually takes (OpenAI and Anthropic tell of 1,100 to 1,600 for a large one, seen 2026-11).</summary>
    private const long TokensOfMedia = 1_600;

    private const long MediaBytesPerToken = 1_000;

    public bool Concerns(Exchange exchange) => exchange.Snapshot.Find<BudgetBook>() is not null;

    public ValueTask<Admitted> AdmitAsync(AttemptPlan plan)
    {
        var accounts = plan
            .Exchange.Snapshot.Get<BudgetBook>()
            .AccountsOf(plan.Exchange, plan.Deployment, keeper);
        if (accounts.Length == 0)
            return default;
        var estimate = PromptEstimate(plan, out var hasMedia);
        var prompt = habits.PromptAtMost(plan.Deployment, estimate, hasMedia);
        if (Refusing(accounts, plan, prompt, out var rates, out var each) is { } refusing)
            return new(
                new Admitted(null, BudgetRefusals.Unpriced(refusing.Budget, plan.Deployment))
            );
        var claim = new BudgetClaim
        {
            Accounts = accounts,
            Rates = rates,
            EachRates = each,
            Sizes = SizesOf(plan),
            Grows = Grows(plan),
            Chain = plan.Exchange.Get<RoutingDecision>()?.ChainName,
            Request = plan.Exchange.Id,
            Attempt = plan.Exchange.Log.Attempts.Count,
            Deployment = plan.Deployment,
        };
        var pass = new BudgetPass(keeper, habits, time, plan, claim, estimate, prompt, hasMedia);
        return keeper.TryReserve(claim, out var against, out var held) switch
        {
            ClaimOutcome.Granted => new(new Admitted(pass.Holding(held!), null)),
            ClaimOutcome.Refused => new(new Admitted(null, Refuse(claim, against!, isSpent: true))),
            _ => WaitAsync(plan, claim, pass, against!),
        };
    }

    private async ValueTask<Admitted> WaitAsync(
        AttemptPlan plan,
        BudgetClaim claim,
        BudgetPass pass,
        BudgetAccount against
    )
    {
        claim.Renewed = () => SizesOf(plan);
        var (outcome, held) = await keeper.WaitAsync(
            claim,
            Patience(against.Budget, plan.Due, time),
            plan.Exchange.ClientGone
        );
        return outcome == ClaimOutcome.Granted
            ? new Admitted(pass.Holding(held!), null)
            : new Admitted(null, Refuse(claim, against, isSpent: outcome == ClaimOutcome.Refused));
    }

    /// <summary>How long to wait for money: as the budget says, and no longer than the exchange may take.</summary>
    internal static TimeSpan Patience(Budget budget, long due, TimeProvider time)
    {
        var left = time.GetElapsedTime(time.GetTimestamp(), due);
        return left < budget.Wait ? left : budget.Wait;
    }

    private AdmissionRefusal Refuse(BudgetClaim claim, BudgetAccount against, bool isSpent)
    {
        if (isSpent)
            keeper.NoteRefusal(against);
        var least = claim.RatesFor(Array.IndexOf(claim.Accounts, against)).At(claim.Sizes.Least);
        var refusal = isSpent
            ? BudgetRefusals.Spent(keeper.StateOf(against), least)
            : BudgetRefusals.Reserved(keeper.StateOf(against), least);
        return against.Budget.MayDowngrade(claim.Chain)
            ? refusal with
            {
                Downgrade = against.Budget.Downgrade,
            }
            : refusal;
    }

    /// <summary>What the attempt costs by the length of its answer; the account whose budget wants to know a price that nobody knows, else null.</summary>
    private BudgetAccount? Refusing(
        BudgetAccount[] accounts,
        in AttemptPlan plan,
        long prompt,
        out TokenRates rates,
        out TokenRates[]? each
    )
    {
        (rates, each) = (default, null);
        var answers = plan.Exchange.Operation != Operation.Embeddings;
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (
            plan.Deployment.Prices is { } prices
            && TokenRates.Of(prices.On(day), prompt, answers) is { } known
        )
        {
            rates = known;
            return null;
        }
        // What stands in the house sends no bill.
        if (plan.Deployment.Local && plan.Deployment.Prices is null)
            return null;
        each = new TokenRates[accounts.Length];
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i].Budget.Unpriced is not { } stated)
                return accounts[i];
            each[i] = TokenRates.Of(stated.Input, answers ? stated.Output : 0, prompt);
        }
        return null;
    }

    private static long PromptEstimate(in AttemptPlan plan, out bool hasMedia)
    {
        var (exchange, envelope) = (plan.Exchange, plan.Exchange.Envelope);
        hasMedia =
            (envelope.Needs & (RequestNeeds.Vision | RequestNeeds.Audio | RequestNeeds.Files)) != 0;
        var tokens =
            RequestSize.Roughly(envelope).PromptTokens
            + (plan.Deployment.Parameters?.SystemPromptTokens ?? 0)
            + SystemWordTokens.Of(exchange.Get<RoutingDecision>()?.Shaping?.SystemPrompt);
        if (hasMedia)
            tokens +=
                TokensOfMedia
                + Math.Max(0, exchange.Body.Length - envelope.PromptBytes) / MediaBytesPerToken;
        return tokens;
    }

    /// <summary>Models that reason think where nobody sees it.</summary>
    private static bool Grows(in AttemptPlan plan) =>
        plan.IsStream && plan.Deployment.Capabilities.Reasoning is not true;

    private AnswerSizes SizesOf(in AttemptPlan plan)
    {
        var (exchange, deployment) = (plan.Exchange, plan.Deployment);
        if (exchange.Operation == Operation.Embeddings)
            return AnswerSizes.None;
        var shaping = exchange.Get<RoutingDecision>()?.Shaping;
        var said =
            shaping?.Overrides?.MaxTokens
            ?? (exchange.Envelope.MaxTokens > 0 ? exchange.Envelope.MaxTokens : (int?)null)
            ?? shaping?.Defaults?.MaxTokens
            ?? deployment.Parameters?.MaxTokens;
        var worst = Math.Min(said ?? long.MaxValue, deployment.MaxOutput ?? LongestKnown);
        var choices = Math.Max(1, exchange.Envelope.Choices);
        return AnswerSizes.Of(
            habits.LeastAnswer(deployment) * choices + ThoughtOf(exchange),
            habits.UsualAnswer(exchange.Caller, deployment, Grows(plan)) * choices,
            worst * choices
        );
    }

    /// <summary>Anthropic wants <c>max_tokens</c> to be more than what the client gives for thinking (platform.claude.com, extended thinking, seen 2026-11).</summary>
    private static long ThoughtOf(Exchange exchange)
    {
        if (exchange.Dialect.Name != "anthropic")
            return 0;
        var body = exchange.Body.Span;
        var at = body.IndexOf("\"budget_tokens\""u8);
        if (at < 0)
            return 0;
        var number = body[(at + 15)..].TrimStart(" \t\r\n:"u8);
        return Utf8Parser.TryParse(number, out long tokens, out _) && tokens > 0 ? tokens : 0;
    }
}
