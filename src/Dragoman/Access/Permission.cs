namespace Dragoman.Access;

/// <summary>What an address asks of who calls it. How far it reaches (own, of the own teams, all) is the role's.</summary>
public enum Permission
{
    /// <summary>Nothing: also callers without a key.</summary>
    Anyone,

    /// <summary>Any key or session that is in force.</summary>
    AnyCaller,

    /// <summary>Ask models, and whatever goes with it: classify, explain a route, give feedback.</summary>
    CallModels,

    /// <summary>See which models there are, with their prices and health.</summary>
    SeeModels,

    /// <summary>Read usage records and sums, as far as the role reaches.</summary>
    ReadUsage,

    /// <summary>Read the process's metrics and figures, which tell of everybody together.</summary>
    ReadMetrics,

    /// <summary>Read keys, as far as the role reaches.</summary>
    ReadAccess,

    /// <summary>Make and change keys, as far as the role reaches.</summary>
    ManageAccess,

    /// <summary>Read users, teams, workspaces and sessions, as far as the role reaches.</summary>
    ReadPeople,

    /// <summary>Make and change these, as far as the role reaches.</summary>
    ManagePeople,

    /// <summary>Read limits and budgets, as far as the role reaches.</summary>
    ReadSpending,

    /// <summary>Make and change these, as far as the role reaches.</summary>
    ManageSpending,

    /// <summary>Read the configuration: providers, models, routes, rules, guardrails …</summary>
    ReadConfiguration,

    /// <summary>Change it.</summary>
    ManageConfiguration,

    /// <summary>Read who changed what.</summary>
    ReadAudit,
}
