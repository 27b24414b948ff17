using System.Globalization;

namespace Dragoman.Usage;

/// <summary>What the groups of a summary are called.</summary>
internal static class UsageGroupNames
{
    extension(UsageGrouping by)
    {
        public bool IsTime => by is UsageGrouping.Hour or UsageGrouping.Day or UsageGrouping.Month;
    }

    /// <summary>The group that a call belongs to; null is "not said".</summary>
    public static string? Of(UsageRecord record, UsageGrouping by) =>
        by switch
        {
            UsageGrouping.Model => Said(record.Deployment),
            UsageGrouping.Provider => ProviderOf(Said(record.Deployment)),
            UsageGrouping.Workspace => Said(record.Workspace),
            UsageGrouping.Execution => Said(record.Execution),
            UsageGrouping.Key => Said(record.Caller),
            UsageGrouping.Task => Said(record.Task),
            _ => Of(record.StartedAt, by),
        };

    /// <summary>The hour, day or month of a time: <c>2026-11-20T13:00:00Z</c>, <c>2026-11-20</c>, <c>2026-11</c>.</summary>
    public static string Of(DateTimeOffset time, UsageGrouping by) =>
        time.UtcDateTime.ToString(
            by switch
            {
                UsageGrouping.Hour => "yyyy-MM-dd'T'HH':00:00Z'",
                UsageGrouping.Day => "yyyy-MM-dd",
                UsageGrouping.Month => "yyyy-MM",
                _ => throw new ArgumentOutOfRangeException(nameof(by), by, null),
            },
            CultureInfo.InvariantCulture
        );

    /// <summary>What stands before the first slash.</summary>
    public static string? ProviderOf(string? deployment) =>
        deployment?.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
            ? deployment[..slash]
            : deployment;

    /// <summary>Whether a deployment is of that provider and that model, said as <c>provider/model</c> or as the model's id.</summary>
    public static bool Matches(string deployment, string? provider, string? model)
    {
        if (provider is not null && ProviderOf(deployment) != provider)
            return false;
        return model is null
            || deployment == model
            || (
                deployment.EndsWith(model, StringComparison.Ordinal)
                && deployment.IndexOf('/', StringComparison.Ordinal)
                    == deployment.Length - model.Length - 1
            );
    }

    /// <summary>Accounts take an empty name for none.</summary>
    private static string? Said(string? name) => string.IsNullOrEmpty(name) ? null : name;
}
