using System.Collections.Concurrent;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Which names somebody may ask for who may not ask for all of them.</summary>
internal sealed class AllowedNames(NameResolver names, NameBook book)
{
    /// <summary>Lists are long: so many different ones are kept, then all are made anew.</summary>
    private const int MostKept = 200;

    private readonly ConcurrentDictionary<ModelAccess, IReadOnlyList<ListedModel>> _lists = new();

    /// <summary>Why a request may not name what it names; null where it may. Whom a name leads to is looked at when it is decided.</summary>
    public GatewayError? WhyNot(ModelAccess access, string name, Wishes wishes)
    {
        if (access.Routes is null)
            return null;
        if (!MayName(access, name))
            return NameErrors.NotAllowed(name, access);
        if (wishes.Chain is { } chain && !MayName(access, NameBook.ChainPrefix + chain))
            return NameErrors.NotAllowed(NameBook.ChainPrefix + chain, access, "chain");
        foreach (var other in wishes.Fallback ?? [])
            if (!MayName(access, other))
                return NameErrors.NotAllowed(other, access, "fallback");
        return null;
    }

    /// <summary>The names that may be asked for and lead to somebody who may be called.</summary>
    public IReadOnlyList<ListedModel> List(ModelAccess access)
    {
        if (_lists.TryGetValue(access, out var made))
            return made;
        if (_lists.Count >= MostKept)
            _lists.Clear();
        return _lists[access] = [.. names.List().Where(listed => CanCall(access, listed.Id))];
    }

    /// <summary>Whether a name may be asked for and leads to somebody who may be called.</summary>
    public bool CanCall(ModelAccess access, string name) =>
        MayName(access, name)
        && book.Find(name) switch
        {
            NameMeaning.One { Deployment: var one } => access.WhyNot(one) is null,
            NameMeaning.SameModel same => same.Deployments.Any(one => access.WhyNot(one) is null),
            NameMeaning.Nothing => false,
            _ => Leads(access, name, Operation.Chat) || Leads(access, name, Operation.Embeddings),
        };

    private bool Leads(ModelAccess access, string name, Operation operation) =>
        names.Resolve(name, operation, Wishes.None, access).Decision is not null;

    /// <summary>By the text of it, by what it is called where it has other names, or because it names just a model that is allowed.</summary>
    private bool MayName(ModelAccess access, string name) =>
        access.MayAskFor(name)
        || book.Find(name) switch
        {
            NameMeaning.ARoute { Route.Name: var route } => access.MayAskFor(route),
            NameMeaning.AChain { Name: var chain } => access.MayAskFor(
                NameBook.ChainPrefix + chain
            ),
            NameMeaning.AnAgent { Agent.Id: var agent } => access.MayAskFor(
                NameBook.AgentPrefix + agent
            ),
            NameMeaning.One { Deployment: var one } => access.NamesOneOf([one]),
            NameMeaning.SameModel { Deployments: var equals } => access.NamesOneOf(equals),
            _ => false,
        };
}
