using System.Text.Json.Serialization;
using Dragoman.Catalog;
using Dragoman.Limits.Budgets;

namespace Dragoman.Administration;

/// <summary>How a budget stands for one combination of the values it counts. Amounts are US dollars, spent and reserved apart.</summary>
public sealed record BudgetStateInfo
{
    /// <summary>The budget's name.</summary>
    public required string Budget { get; init; }

    /// <summary>What is counted together, e.g. <c>team=research</c>; empty where everything is.</summary>
    public required string Values { get; init; }

    /// <summary>The stretch of time that the amount is for, e.g. <c>month in Europe/Berlin</c>.</summary>
    public required string Window { get; init; }

    /// <summary>The amount with the raises that are in force.</summary>
    public required decimal LimitUsd { get; init; }
    public required decimal SpentUsd { get; init; }

    /// <summary>Set aside for attempts under way.</summary>
    public required decimal ReservedUsd { get; init; }

    /// <summary>Neither spent nor reserved; less than nothing where attempts cost more than anybody could foresee.</summary>
    public required decimal LeftUsd { get; init; }

    /// <summary>Attempts that were settled in the window.</summary>
    public required long Calls { get; init; }

    /// <summary>Calls that wait for reserved money to come back.</summary>
    public required int Waiting { get; init; }

    /// <summary>What attempts cost beyond what was set aside for them.</summary>
    public required decimal OverrunUsd { get; init; }

    /// <summary>The part of <see cref="SpentUsd"/> that stands for attempts of a process that was killed, at what was set aside for them.</summary>
    public required decimal OrphanedUsd { get; init; }

    /// <summary>When the window began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When money is free again; null is never.</summary>
    public required DateTimeOffset? FreesAt { get; init; }

    internal static BudgetStateInfo Of(BudgetState state) =>
        new()
        {
            Budget = state.Budget.Name,
            Values = state.Values,
            Window = state.Budget.Window.ToString(),
            LimitUsd = Usd(state.LimitNanoUsd),
            SpentUsd = Usd(state.SpentNanoUsd),
            ReservedUsd = Usd(state.ReservedNanoUsd),
            LeftUsd = Usd(state.LeftNanoUsd),
            Calls = state.Calls,
            Waiting = state.Waiting,
            OverrunUsd = Usd(state.OverrunNanoUsd),
            OrphanedUsd = Usd(state.OrphanedNanoUsd),
            Since = state.Since.ToUniversalTime(),
            FreesAt = state.FreesAt?.ToUniversalTime(),
        };

    private static decimal Usd(long nano) => nano / Cost.NanosPerUsd;
}

/// <summary>How budgets stand.</summary>
public sealed record BudgetStates
{
    public required IReadOnlyList<BudgetStateInfo> Data { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BudgetStates))]
internal sealed partial class BudgetJson : JsonSerializerContext;
