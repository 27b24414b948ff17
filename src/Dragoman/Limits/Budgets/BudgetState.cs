using Dragoman.Access;

namespace Dragoman.Limits.Budgets;

/// <summary>How one account of a budget stands; amounts in nano-dollars, spent and reserved apart.</summary>
/// <param name="Budget">Whose it is.</param>
/// <param name="Values">The combination of values it counts, e.g. <c>team=research</c>; empty where everything counts together.</param>
internal sealed record BudgetState(Budget Budget, string Values)
{
    /// <summary>The amount with the raises in force.</summary>
    public long LimitNanoUsd { get; init; }
    public long SpentNanoUsd { get; init; }

    /// <summary>What is set aside for attempts under way.</summary>
    public long ReservedNanoUsd { get; init; }

    /// <summary>Neither spent nor set aside; less than none where attempts cost more than anybody could foresee.</summary>
    public long LeftNanoUsd => LimitNanoUsd - SpentNanoUsd - ReservedNanoUsd;

    /// <summary>Attempts that were settled.</summary>
    public long Calls { get; init; }

    /// <summary>What attempts cost beyond what was set aside for them.</summary>
    public long OverrunNanoUsd { get; init; }

    /// <summary>The part of what was spent that stands for attempts of a killed process, whose true cost nobody knows.</summary>
    public long OrphanedNanoUsd { get; init; }

    /// <summary>Calls that wait for money to come back.</summary>
    public int Waiting { get; init; }

    /// <summary>When the window began.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When money is free again; null is never.</summary>
    public DateTimeOffset? FreesAt { get; init; }

    /// <summary>Calls of this caller may count in it: where it counts a key, user, team or workspace, it is the caller's own.</summary>
    public bool Bears(Caller caller)
    {
        foreach (var (kind, _) in Budget.Scope.Members)
        {
            var isOwn = kind switch
            {
                ScopeKind.Key => Counts(kind, caller.Id),
                ScopeKind.User => Counts(kind, caller.User),
                ScopeKind.Workspace => Counts(kind, caller.Workspace),
                ScopeKind.Team => caller.Teams.Any(team => Counts(kind, team)),
                _ => true,
            };
            if (!isOwn)
                return false;
        }
        return true;
    }

    private bool Counts(ScopeKind kind, string? value) =>
        value is not null
        && $", {Values}, ".Contains($", {Scope.Word(kind)}={value}, ", StringComparison.Ordinal);
}

/// <summary>A share of a limit was passed.</summary>
internal sealed record BudgetAlert(BudgetState State, decimal Share, DateTimeOffset At);
