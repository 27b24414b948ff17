using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Limits.Budgets;

/// <summary>What an attempt asks of its budgets.</summary>
internal sealed class BudgetClaim
{
    /// <summary>All that it counts in.</summary>
    public required BudgetAccount[] Accounts { get; init; }

    /// <summary>What it costs, by the deployment's price.</summary>
    public required TokenRates Rates { get; init; }

    /// <summary>What it costs for each account where the deployment has no price and each budget states its own; null else.</summary>
    public TokenRates[]? EachRates { get; init; }
    public required AnswerSizes Sizes { get; set; }

    /// <summary>Tells <see cref="Sizes"/> anew while it waits: those before it teach how long answers are.</summary>
    public Func<AnswerSizes>? Renewed { get; set; }

    /// <summary>Its tokens can be seen as they come, so that more can be set aside while they do.</summary>
    public required bool Grows { get; init; }

    /// <summary>The chain it walks; null for none.</summary>
    public string? Chain { get; init; }
    public required RequestId Request { get; init; }

    /// <summary>How many attempts of the exchange came before.</summary>
    public required int Attempt { get; init; }
    public required Deployment Deployment { get; init; }

    public TokenRates RatesFor(int account) => EachRates is { } each ? each[account] : Rates;
}

/// <summary>What became of a claim.</summary>
internal enum ClaimOutcome
{
    Granted,

    /// <summary>What is set aside for calls under way would be enough.</summary>
    MustWait,

    /// <summary>Spent money leaves too little.</summary>
    Refused,
}
