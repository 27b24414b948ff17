using Dragoman.Catalog;

namespace Dragoman.Access;

/// <summary>
/// What a limit, a budget or a guardrail applies to: members that must all match. What is counted is counted separately for each
/// combination of matched values: <c>key: "*"</c> is every key by itself, no member at all is everything together.
/// </summary>
public sealed class Scope(IReadOnlyList<KeyValuePair<ScopeKind, NamePattern>> members)
{
    /// <summary>Everything together.</summary>
    public static readonly Scope Everything = new([]);

    public IReadOnlyList<KeyValuePair<ScopeKind, NamePattern>> Members => members;

    /// <summary>Whether it holds cannot be said before it is known who would be asked.</summary>
    public bool NeedsDeployment { get; } =
        members.Any(static member =>
            member.Key is ScopeKind.Provider or ScopeKind.Model or ScopeKind.Deployment
        );

    /// <summary>Whether it holds depends on the request, and not on caller and deployment alone.</summary>
    public bool NeedsRequest { get; } =
        members.Any(static member =>
            member.Key is ScopeKind.Workspace or ScopeKind.Tag or ScopeKind.Route or ScopeKind.Agent
        );

    /// <summary>
    /// Adds to <paramref name="found"/> what the call is counted under, e.g. <c>team=research, model=openai/gpt-4o</c>: nothing
    /// where the scope does not hold it, several where it has several tags or teams.
    /// </summary>
    public void Collect(in ScopeFacts facts, List<string> found) => Collect(facts, 0, "", found);

    /// <summary>The same as <see cref="Collect(in ScopeFacts, List{string})"/>, for those who look up what is there already: nothing is allocated.</summary>
    internal void Visit<TVisitor>(in ScopeFacts facts, ref TVisitor visitor)
        where TVisitor : struct, ITupleVisitor
    {
        Span<char> room = stackalloc char[512];
        Visit(facts, 0, room, 0, ref visitor);
    }

    /// <summary>Whether the call is in this scope.</summary>
    public bool Holds(in ScopeFacts facts)
    {
        foreach (var (kind, pattern) in members)
        {
            var holds = false;
            for (var i = 0; !holds && Value(facts, kind, pattern, i) is { } value; i++)
                holds = pattern.Matches(value);
            if (!holds)
                return false;
        }
        return true;
    }

    public override string ToString() =>
        members.Count == 0
            ? "everything"
            : string.Join(
                ", ",
                members.Select(static member => $"{Word(member.Key)}={member.Value}")
            );

    /// <summary>What configuration calls it.</summary>
    public static string Word(ScopeKind kind) =>
        kind switch
        {
            ScopeKind.Key => "key",
            ScopeKind.User => "user",
            ScopeKind.Team => "team",
            ScopeKind.Workspace => "workspace",
            ScopeKind.Tag => "tag",
            ScopeKind.Route => "route",
            ScopeKind.Agent => "agent",
            ScopeKind.Provider => "provider",
            ScopeKind.Model => "model",
            _ => "deployment",
        };

    private void Collect(in ScopeFacts facts, int place, string said, List<string> found)
    {
        if (place == members.Count)
        {
            found.Add(said);
            return;
        }
        var (kind, pattern) = members[place];
        for (var i = 0; Value(facts, kind, pattern, i) is { } value; i++)
            if (pattern.Matches(value))
                Collect(
                    facts,
                    place + 1,
                    said.Length == 0 ? $"{Word(kind)}={value}" : $"{said}, {Word(kind)}={value}",
                    found
                );
    }

    private void Visit<TVisitor>(
        in ScopeFacts facts,
        int place,
        scoped Span<char> said,
        int length,
        ref TVisitor visitor
    )
        where TVisitor : struct, ITupleVisitor
    {
        if (place == members.Count)
        {
            visitor.Visit(said[..length]);
            return;
        }
        var (kind, pattern) = members[place];
        for (var i = 0; Value(facts, kind, pattern, i) is { } value; i++)
        {
            if (!pattern.Matches(value))
                continue;
            var comma = length == 0 ? "" : ", ";
            var word = Word(kind);
            var end = length + comma.Length + word.Length + 1 + value.Length;
            scoped var room = said;
            if (end > said.Length)
            {
                // A name longer than any that somebody set up.
                room = new char[end * 2];
                said[..length].CopyTo(room);
            }
            comma.CopyTo(room[length..]);
            word.CopyTo(room[(length + comma.Length)..]);
            room[end - value.Length - 1] = '=';
            value.CopyTo(room[(end - value.Length)..]);
            Visit(facts, place + 1, room, end, ref visitor);
        }
    }

    /// <summary>The value at a place: only teams and tags are several.</summary>
    private static string? Value(
        in ScopeFacts facts,
        ScopeKind kind,
        NamePattern pattern,
        int place
    ) =>
        kind switch
        {
            ScopeKind.Team => At(facts.Caller?.Teams, place),
            ScopeKind.Tag => At(facts.Tags, place),
            _ when place > 0 => null,
            ScopeKind.Key => facts.Caller?.Id,
            ScopeKind.User => facts.Caller?.User,
            ScopeKind.Workspace => facts.Workspace,
            ScopeKind.Route => facts.Route,
            ScopeKind.Agent => facts.Agent,
            ScopeKind.Provider => facts.Deployment?.Provider.Name,
            ScopeKind.Model => ModelOf(facts.Deployment, pattern),
            _ => facts.Deployment?.Name,
        };

    private static string? At(IReadOnlyList<string>? values, int place) =>
        place < values?.Count ? values[place] : null;

    /// <summary>A pattern with a slash means one provider's model, one without a model whoever serves it.</summary>
    private static string? ModelOf(Deployment? deployment, NamePattern pattern) =>
        pattern.Text.Contains('/', StringComparison.Ordinal) || pattern.Text == "*"
            ? deployment?.PublicName
            : deployment?.Model;
}
