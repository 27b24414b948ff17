using Dragoman.Limits.Rates;

namespace Dragoman.Limits;

/// <summary>All limits that are in force: a part of the snapshot, and not there where there is none.</summary>
internal sealed class LimitBook
{
    private LimitBook(IReadOnlyList<RateLimit> all)
    {
        All = all;
        OfRequests = [.. all.Where(static limit => !limit.Scope.NeedsDeployment)];
        OfAttempts = [.. all.Where(static limit => limit.Scope.NeedsDeployment)];
    }

    public IReadOnlyList<RateLimit> All { get; }

    /// <summary>Those that a request is counted under once, before it is known who will be asked.</summary>
    public RateLimit[] OfRequests { get; }

    /// <summary>Those that every attempt is counted under, since they tell providers, models or deployments apart.</summary>
    public RateLimit[] OfAttempts { get; }

    /// <summary>Null where there is no limit.</summary>
    public static LimitBook? Of(IReadOnlyList<RateLimit> limits) =>
        limits.Count == 0 ? null : new LimitBook(limits);

    /// <summary>The limit of a name; null where there is none.</summary>
    public RateLimit? Find(string name) =>
        All.FirstOrDefault(limit => limit.Name.Equals(name, StringComparison.Ordinal));
}
