using Dragoman.Access;

namespace Dragoman.Configuration;

/// <summary>Reads what a limit, budget or guardrail applies to from the fields of its section: <c>team: research</c>, <c>key: "*"</c>.</summary>
internal static class ScopeReader
{
    public static Scope Read(ConfigSection section)
    {
        var members = new List<KeyValuePair<ScopeKind, NamePattern>>();
        foreach (var kind in Enum.GetValues<ScopeKind>())
            if (section.Text(Scope.Word(kind)) is { } pattern)
                members.Add(new(kind, new NamePattern(pattern)));
        return members.Count == 0 ? Scope.Everything : new Scope(members);
    }
}
