using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Server.Admin;

/// <summary>
/// How far limits and budgets are open to whoever is no admin: managers look after those of their own teams, and everybody sees what
/// bounds themselves. All other things have no reach: their permission says it all.
/// </summary>
internal static class SpendingReach
{
    public static bool Sees(Caller? who, ConfigKind kind, ConfigNode entry) =>
        !IsBounded(who, kind)
        || who!.Role == Role.Viewer
        || who.Teams.Any(team => Says(entry, "team", team))
        || (who.User is { } user && Says(entry, "user", user))
        || Says(entry, "key", who.Id);

    /// <summary>Why the caller may not make an entry what it would be; null where they may.</summary>
    public static GatewayError? WhyNot(Caller? who, ConfigKind kind, ConfigNode entry) =>
        !IsBounded(who, kind) || who!.ManagedTeams.Any(team => Says(entry, "team", team))
            ? null
            : new GatewayError(
                GatewayErrorKind.Permission,
                $"A manager's {kind.Noun} is for a team of their own: 'team' must be one of {string.Join(", ", who.ManagedTeams)}."
            )
            {
                Code = "permission_denied",
                Param = "team",
            };

    /// <summary>
    /// Why the caller may not write that entry, whoever it is for: what it refers to would be put in its place, and be told by what is
    /// said of the entry.
    /// </summary>
    public static GatewayError? WhyNotSay(Caller? who, ConfigKind kind, ConfigNode entry) =>
        IsBounded(who, kind) && Refers(entry)
            ? new GatewayError(
                GatewayErrorKind.Permission,
                $"Only an admin may let a {kind.Noun} refer to variables or secrets (${{…}})."
            )
            {
                Code = "permission_denied",
            }
            : null;

    private static bool Refers(ConfigNode node) =>
        node switch
        {
            ConfigMap map => map.Entries.Any(static field => Refers(field.Value)),
            ConfigList list => list.Items.Any(Refers),
            ConfigScalar scalar => scalar.Text.Contains("${", StringComparison.Ordinal),
            _ => false,
        };

    private static bool IsBounded(Caller? who, ConfigKind kind) =>
        kind.IsSpending && who is not null && who.Role != Role.Admin;

    private static bool Says(ConfigNode entry, string field, string value) =>
        (entry as ConfigMap)?.Find(field)?.Value is ConfigScalar scalar
        && string.Equals(scalar.Text, value, StringComparison.Ordinal);
}
