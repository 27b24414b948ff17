using System.Globalization;
using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>
/// Where a request may be served: each of the lists must name the deployment's region, or <c>local</c> where it is in the house. Who
/// is not known to be in a region is in none. Lists only narrow each other, so that no request leaves the operator's bounds.
/// </summary>
/// <param name="Configured">The operator's (<c>defaults.region</c>); null is anywhere.</param>
/// <param name="OfRoute">The route's; null is anywhere.</param>
/// <param name="Wished">The client's; null is anywhere.</param>
/// <param name="OfAsked">Those of the route that the client asked for, where a rule leads elsewhere; null is anywhere.</param>
internal readonly record struct RegionBounds(
    IReadOnlyList<string>? Configured,
    IReadOnlyList<string>? OfRoute,
    IReadOnlyList<string>? Wished,
    IReadOnlyList<string>? OfAsked = null
)
{
    private const string InTheHouse = "local";

    /// <summary>What the request adds to the operator's bounds, in one list: those that its routes and its client all name. Null is nothing, an empty list nobody.</summary>
    public IReadOnlyList<string>? OfRequest => Both(Both(OfRoute, OfAsked), Wished);

    public bool IsAnywhere =>
        Configured is null && OfRoute is null && Wished is null && OfAsked is null;

    /// <summary>Why a deployment is outside; null where it is inside.</summary>
    public string? WhyNot(Deployment deployment) =>
        WhyNot(Configured, deployment)
        ?? WhyNot(OfRoute, deployment)
        ?? WhyNot(OfAsked, deployment)
        ?? WhyNot(Wished, deployment);

    /// <summary>The same bounds have the same text, others another, whatever clients call a region.</summary>
    public override string ToString() =>
        IsAnywhere ? "" : $"{Text(Configured)};{Text(OfRoute)};{Text(OfAsked)};{Text(Wished)}";

    private static IReadOnlyList<string>? Both(
        IReadOnlyList<string>? some,
        IReadOnlyList<string>? others
    ) =>
        some is null || others is null
            ? some ?? others
            : [.. some.Intersect(others, StringComparer.OrdinalIgnoreCase)];

    private static string? WhyNot(IReadOnlyList<string>? allowed, Deployment deployment)
    {
        if (allowed is null)
            return null;
        foreach (var region in allowed)
        {
            if (
                region.Equals(deployment.Region, StringComparison.OrdinalIgnoreCase)
                || (
                    deployment.Local
                    && region.Equals(InTheHouse, StringComparison.OrdinalIgnoreCase)
                )
            )
                return null;
        }
        var where = deployment.Region is { } known
            ? $"it is in the region {known}"
            : "its region is unknown";
        return $"{where}, and only {string.Join(", ", allowed)} may serve this";
    }

    private static string Text(IReadOnlyList<string>? list) =>
        list is null
            ? "*"
            : string.Concat(
                list.Select(static region =>
                    string.Create(CultureInfo.InvariantCulture, $"{region.Length}:{region}")
                )
            );
}
