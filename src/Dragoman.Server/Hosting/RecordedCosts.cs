using Dragoman.Limits.Budgets;
using Dragoman.Usage;

namespace Dragoman.Server.Hosting;

/// <summary>What attempts of a process that was killed cost, as the ledger still got to know.</summary>
internal static class RecordedCosts
{
    public static RecordedCost In(IUsageStore store) =>
        (request, attempt) =>
            // At the start, once for each call that was under way: nobody waits for anything else.
            store.FindAsync(request).AsTask().GetAwaiter().GetResult()
                is { } record
            && attempt < record.Attempts.Count
                ? record.Attempts[attempt].CostNanoUsd
                : null;
}
