using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Limits.Budgets;

/// <summary>What a client is told where a budget stands in the way: which one, the amounts, and when it frees.</summary>
internal static class BudgetRefusals
{
    /// <summary>A call that waited in vain may come again soon: those before it will have ended.</summary>
    private static readonly TimeSpan SoonFree = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Spent money leaves too little. 402, which no client library tries again by itself: OpenAI's own word for it comes with a 429,
    /// which they do (openai-python, langchainjs issue 1929, seen 2026-11). When it frees stands in the text for the same reason: days in a
    /// <c>Retry-After</c> have made agents sleep.
    /// </summary>
    public static AdmissionRefusal Spent(BudgetState state, long needed) =>
        new(
            new GatewayError(
                GatewayErrorKind.Budget,
                $"{Named(state)} leaves too little for this call: {Amounts(state)}, and it needs at least {Usd(needed)}.{Frees(state)}"
            )
            {
                Code = "budget_exceeded",
            },
            $"{Short(state)} leaves {Usd(state.LeftNanoUsd)}, and it needs at least {Usd(needed)}"
        );

    /// <summary>Calls under way hold what this one needs, and held it until its time to wait was over.</summary>
    public static AdmissionRefusal Reserved(BudgetState state, long needed) =>
        new(
            new GatewayError(
                GatewayErrorKind.RateLimited,
                $"{Named(state)} is held by calls under way: {Amounts(state)}, and this call needs at least {Usd(needed)}. Some of it will be free when they end."
            )
            {
                Code = "budget_reserved",
                RetryAfter = SoonFree,
            },
            $"{Short(state)} is held by calls under way"
        );

    /// <summary>A stream needs more than there is.</summary>
    public static AdmissionRefusal Outgrown(BudgetState state) =>
        new(
            new GatewayError(
                GatewayErrorKind.Budget,
                $"{Named(state)} ended this answer before it was whole: {Amounts(state)}.{Frees(state)}"
            )
            {
                Code = "budget_exceeded",
            },
            $"{Short(state)} had no more for this answer"
        );

    /// <summary>Nobody knows what it would cost, and the budget does not say what to take for it.</summary>
    public static AdmissionRefusal Unpriced(Budget budget, Deployment deployment) =>
        new(
            new GatewayError(
                GatewayErrorKind.Budget,
                $"The price of {deployment.PublicName} is unknown, and budget '{budget.Name}' lets nothing pass whose price it does not know. The gateway's operator can give the model a price, or the budget one to count it at (unpriced)."
            )
            {
                Code = "budget_unpriced",
            },
            $"its price is unknown, and budget '{budget.Name}' refuses that"
        );

    /// <summary>Dollars as people read them: two digits, and more where they are small.</summary>
    internal static string Usd(long nano)
    {
        var usd = nano / Cost.NanosPerUsd;
        return "$"
            + usd.ToString(
                Math.Abs(usd) >= 1 || usd == 0 ? "0.00##" : "0.00#######",
                CultureInfo.InvariantCulture
            );
    }

    private static string Named(BudgetState state) =>
        state.Values.Length == 0
            ? $"Budget '{state.Budget.Name}'"
            : $"Budget '{state.Budget.Name}' ({state.Values})";

    private static string Short(BudgetState state) => $"budget '{state.Budget.Name}'";

    private static string Amounts(BudgetState state) =>
        $"limit {Usd(state.LimitNanoUsd)} ({state.Budget.Window}), spent {Usd(state.SpentNanoUsd)}, reserved {Usd(state.ReservedNanoUsd)}";

    private static string Frees(BudgetState state) =>
        state.FreesAt is { } at
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" It frees on {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."
            )
            : " It never frees by itself.";
}
