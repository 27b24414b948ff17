using Dragoman.Access;
using Dragoman.Configuration.Stored;
using Dragoman.Server.Admin;

namespace Dragoman.Server.Hosting;

/// <summary>The part of the table that is about what is configured: every kind is read and changed in the same way.</summary>
internal static class ConfigurationRows
{
    public static IEnumerable<EndpointRow> All()
    {
        foreach (var kind in ConfigKind.All)
        {
            var (address, isSpending) = (ConfigEntriesApi.AddressOf(kind), kind.IsSpending);
            var read = isSpending ? Permission.ReadSpending : Permission.ReadConfiguration;
            var manage = isSpending ? Permission.ManageSpending : Permission.ManageConfiguration;
            yield return new("GET", address, read, $"Lists {kind.Name}");
            if (kind.Shape != ConfigShape.One)
                yield return new("POST", address, manage, $"Adds a {kind.Noun}");
            yield return new("GET", address + "/{id}", read, $"One {kind.Noun}");
            yield return new("PUT", address + "/{id}", manage, $"Replaces a {kind.Noun}");
            yield return new("DELETE", address + "/{id}", manage, $"Takes a {kind.Noun} away");
        }
        yield return new(
            "POST",
            "/api/admin/providers/{id}/test",
            Permission.ManageConfiguration,
            "Asks a provider for its models, to see whether it and its key work"
        );
        yield return new(
            "GET",
            "/api/admin/providers/{id}/discover",
            Permission.ManageConfiguration,
            "Models that a provider says it has"
        );
        yield return new(
            "POST",
            "/api/admin/providers/{id}/discover",
            Permission.ManageConfiguration,
            "Takes some of them as deployments"
        );
        yield return new(
            "GET",
            "/api/admin/models/templates",
            Permission.ReadConfiguration,
            "What to begin a deployment with"
        );
        yield return new(
            "POST",
            "/api/admin/chains/{id}/simulate",
            Permission.ReadConfiguration,
            "Who would be tried, and why; nobody is called"
        );
        yield return new(
            "GET",
            "/api/admin/config/versions",
            Permission.ReadConfiguration,
            "Versions of what is stored"
        );
        yield return new(
            "GET",
            "/api/admin/config/versions/{n}",
            Permission.ReadConfiguration,
            "One version, or what is different from another"
        );
        yield return new(
            "POST",
            "/api/admin/config/versions/{n}/rollback",
            Permission.ManageConfiguration,
            "Goes back to a version"
        );
        yield return new(
            "GET",
            "/api/admin/config/export",
            Permission.ReadConfiguration,
            "What is stored, as YAML"
        );
        yield return new(
            "POST",
            "/api/admin/config/import",
            Permission.ManageConfiguration,
            "Takes over a document, or tells what would come of it"
        );
    }
}
