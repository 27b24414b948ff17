using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Gathers the deployments of one decision in order, leaving out what cannot serve it and keeping the reasons.</summary>
internal sealed class ChainAssembly(
    NameBook book,
    Operation operation,
    Wishes wishes,
    bool localOnly
)
{
    private const int MaxNesting = 4;

    private readonly List<Deployment> _chain = [];
    private readonly List<SkipRecord> _excluded = [];

    public IReadOnlyList<Deployment> Chain => _chain;
    public IReadOnlyList<SkipRecord> Excluded => _excluded;
    public int Count => _chain.Count;

    /// <summary>A deployment that was named itself: whether it can do the operation is left to its provider.</summary>
    public void AddNamed(Deployment deployment) => Add(deployment, named: true);

    public void Add(IEnumerable<Deployment> deployments)
    {
        foreach (var deployment in deployments)
            Add(deployment, named: false);
    }

    /// <summary>Adds what a member's name means, deployment by deployment.</summary>
    public void Add(ChainMember member, int depth = 0)
    {
        if (member.WhyNot is not null || depth > MaxNesting)
        {
            Exclude(member.Name, member.WhyNot ?? "nested too deeply");
            return;
        }
        switch (book.Find(member.Name))
        {
            case NameMeaning.One one:
                Add(one.Deployment, named: false);
                break;
            case NameMeaning.SameModel same:
                Add(same.Deployments);
                break;
            case NameMeaning.ARoute { Route: var route }:
                foreach (var inner in route.Members)
                    Add(new ChainMember(inner), depth + 1);
                break;
            case NameMeaning.AChain chain:
                foreach (var inner in chain.Members)
                    Add(inner, depth + 1);
                break;
            case NameMeaning.Nothing nothing:
                Exclude(member.Name, nothing.Error.Message.TrimEnd('.'));
                break;
            default:
                Exclude(member.Name, "cannot be a member");
                break;
        }
    }

    /// <summary>Puts those first that come first by <paramref name="order"/>, leaving equals as they are.</summary>
    public void OrderBy(Func<Deployment, int> order)
    {
        var ordered = _chain.OrderBy(order).ToList();
        _chain.Clear();
        _chain.AddRange(ordered);
    }

    /// <summary>Keeps only the one at <paramref name="index"/>.</summary>
    public void Keep(int index)
    {
        var kept = _chain[index];
        _chain.Clear();
        _chain.Add(kept);
    }

    private void Add(Deployment deployment, bool named)
    {
        if (_chain.Exists(known => ReferenceEquals(known, deployment) || Same(known, deployment)))
            return;
        if (WhyNot(deployment, named) is { } reason)
            Exclude(deployment.PublicName, reason);
        else
            _chain.Add(deployment);
    }

    private string? WhyNot(Deployment deployment, bool named)
    {
        if (localOnly && !deployment.Local)
            return "not local, and only local ones may serve this";
        if (!named && operation is Operation.Chat && deployment.Capabilities.Embeddings is true)
            return "makes embeddings only";
        if (
            !named
            && operation is Operation.Embeddings
            && deployment.Capabilities.Embeddings is false
        )
            return "makes no embeddings";
        return new ModelAbilities(deployment).WhyNot(wishes.RequiredCapabilities);
    }

    private void Exclude(string name, string reason)
    {
        var skip = new SkipRecord(name, reason);
        if (!_excluded.Contains(skip))
            _excluded.Add(skip);
    }

    /// <summary>Two names of one deployment; deployments of one model that differ by name differ by key or parameters too.</summary>
    private static bool Same(Deployment a, Deployment b) =>
        a.Name == b.Name && a.PublicName == b.PublicName;
}
