using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Routing;

/// <summary>Gathers the deployments of one decision in order, leaving out what cannot serve it and keeping the reasons.</summary>
internal sealed class ChainAssembly(NameBook book, Fitness fitness, SpendingLimit? limit)
{
    private const int MaxNesting = 4;

    private readonly List<Deployment> _chain = [];
    private readonly List<SkipRecord> _excluded = [];
    private List<WeighedCandidates>? _weighings;

    public IReadOnlyList<Deployment> Chain => _chain;
    public IReadOnlyList<SkipRecord> Excluded => _excluded;
    public int Count => _chain.Count;

    /// <summary>How its order came about.</summary>
    public IReadOnlyList<WeighedCandidates> Weighings =>
        _weighings ?? (IReadOnlyList<WeighedCandidates>)[];

    /// <summary>Those left out because of what they would cost, or may cost; null where there are none.</summary>
    public List<Deployment>? TooDear { get; private set; }

    /// <summary>Somebody who could serve this was left out because who asks may not call them.</summary>
    public bool IsKeptFrom { get; private set; }

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
                var before = _chain.Count;
                foreach (var inner in route.Members)
                    Add(new ChainMember(inner), depth + 1);
                KeepInside(new RegionBounds(null, route.Regions, null), before);
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

    /// <summary>Leaves out whom a route adds from outside its own bounds.</summary>
    private void KeepInside(RegionBounds bounds, int from)
    {
        for (var i = _chain.Count - 1; i >= from; i--)
        {
            if (bounds.WhyNot(_chain[i]) is not { } outside)
                continue;
            Exclude(_chain[i], outside);
            _chain.RemoveAt(i);
        }
    }

    /// <summary>Adds those that a weighing chose.</summary>
    public void Add(Weighing weighing, Weighed weighed)
    {
        Note(weighing, weighed);
        foreach (var candidate in weighed.Chosen)
            Add(candidate.Deployment, named: false);
    }

    /// <summary>Puts all of them in the order of a weighing.</summary>
    public void Reorder(Weighing weighing, Weighed weighed)
    {
        Note(weighing, weighed);
        for (var i = 0; i < weighed.Chosen.Count; i++)
            _chain[i] = weighed.Chosen[i].Deployment;
    }

    private void Note(Weighing weighing, Weighed weighed) =>
        (_weighings ??= []).Add(new WeighedCandidates(weighing, weighed));

    /// <summary>Notes who was left out elsewhere.</summary>
    public void Exclude(IEnumerable<SkipRecord> left)
    {
        foreach (var skip in left)
            Exclude(skip.Deployment, skip.Reason);
    }

    /// <summary>Notes those of a shortlist that are not in it.</summary>
    public void Exclude(Shortlist shortlist)
    {
        IsKeptFrom |= shortlist.IsKeptFrom;
        Exclude(shortlist.Left);
    }

    /// <summary>Keeps only the one at <paramref name="index"/>.</summary>
    public void Keep(int index)
    {
        var kept = _chain[index];
        _chain.Clear();
        _chain.Add(kept);
    }

    public void Exclude(Deployment deployment, string reason) =>
        Exclude(deployment.PublicName, reason);

    /// <summary>Whether a deployment may serve this; why not is noted.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="named">It was named itself.</param>
    /// <param name="isTold">That it costs too much is told to the client too.</param>
    public bool Admits(Deployment deployment, bool named, bool isTold = true)
    {
        if (fitness.WhyNot(deployment, named) is { } reason)
        {
            Exclude(deployment, reason);
            return false;
        }
        if (fitness.MayNot(deployment) is { } kept)
        {
            IsKeptFrom = true;
            Exclude(deployment, kept);
            return false;
        }
        if (limit?.WhyNot(deployment) is not { } tooDear)
            return true;
        if (isTold)
            Exclude(deployment, tooDear);
        (TooDear ??= []).Add(deployment);
        return false;
    }

    private void Add(Deployment deployment, bool named)
    {
        if (_chain.Exists(known => ReferenceEquals(known, deployment) || Same(known, deployment)))
            return;
        if (Admits(deployment, named))
            _chain.Add(deployment);
    }

    /// <summary>Keeps only the first where <paramref name="all"/> were chosen for being one behind the other.</summary>
    public void KeepFirst(bool all)
    {
        if (all && _chain.Count > 1)
            Keep(0);
    }

    public void Exclude(string name, string reason)
    {
        var skip = new SkipRecord(name, reason);
        if (!_excluded.Contains(skip))
            _excluded.Add(skip);
    }

    /// <summary>Two names of one deployment; deployments of one model that differ by name differ by key or parameters too.</summary>
    private static bool Same(Deployment a, Deployment b) =>
        a.Name == b.Name && a.PublicName == b.PublicName;
}

/// <summary>A weighing and what it gave.</summary>
internal readonly record struct WeighedCandidates(Weighing Weighing, Weighed Weighed);
