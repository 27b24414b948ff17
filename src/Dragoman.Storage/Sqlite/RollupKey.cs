namespace Dragoman.Storage.Sqlite;

/// <summary>A row of the sums, its names by their numbers; in the order of cut, grain and bucket, in which rows lie together.</summary>
internal readonly record struct RollupKey
{
    /// <summary>Null while everything is told apart.</summary>
    public RollupCut? Cut { get; init; }
    public int Grain { get; init; }
    public long Bucket { get; init; }
    public int Deployment { get; init; }
    public int Task { get; init; }
    public int Workspace { get; init; }
    public int Caller { get; init; }
    public int Execution { get; init; }

    /// <summary>Keeps what the cut tells apart.</summary>
    public RollupKey Of(RollupCut cut, int none) =>
        this with
        {
            Cut = cut,
            Deployment = cut.Dimensions.HasFlag(UsageDimensions.Deployment) ? Deployment : none,
            Task = cut.Dimensions.HasFlag(UsageDimensions.Task) ? Task : none,
            Workspace = cut.Dimensions.HasFlag(UsageDimensions.Workspace) ? Workspace : none,
            Caller = cut.Dimensions.HasFlag(UsageDimensions.Caller) ? Caller : none,
            Execution = cut.Dimensions.HasFlag(UsageDimensions.Execution) ? Execution : none,
        };

    public int NameOf(UsageDimensions dimension) =>
        dimension switch
        {
            UsageDimensions.Deployment => Deployment,
            UsageDimensions.Task => Task,
            UsageDimensions.Workspace => Workspace,
            UsageDimensions.Caller => Caller,
            _ => Execution,
        };

    /// <summary>The order of the tables' keys: rows that are written in it lie together.</summary>
    public static Comparison<RollupKey> InTableOrder(Utf8Names names)
    {
        var ranks = new int[names.Count];
        var rank = 0;
        foreach (var number in Enumerable.Range(0, names.Count).Order(names))
            ranks[number] = rank++;
        return (one, other) =>
        {
            var order = one.Cut!.Number.CompareTo(other.Cut!.Number);
            if (order == 0)
                order = one.Grain.CompareTo(other.Grain);
            if (order == 0)
                order = one.Bucket.CompareTo(other.Bucket);
            var key = one.Cut.Key;
            for (var i = 0; order == 0 && i < key.Count; i++)
                order = ranks[one.NameOf(key[i])].CompareTo(ranks[other.NameOf(key[i])]);
            return order;
        };
    }

    public bool Equals(RollupKey other) =>
        ReferenceEquals(Cut, other.Cut)
        && Grain == other.Grain
        && Bucket == other.Bucket
        && Deployment == other.Deployment
        && Task == other.Task
        && Workspace == other.Workspace
        && Caller == other.Caller
        && Execution == other.Execution;

    public override int GetHashCode()
    {
        // Multiplied up by odd numbers: eight fields through HashCode take longer than all the rest of a lookup.
        var hash = (ulong)Bucket * 4 + (uint)Grain;
        hash = hash * 0x9E3779B97F4A7C15 + (uint)(Cut?.Number ?? 0);
        hash = hash * 0x9E3779B97F4A7C15 + (uint)Deployment;
        hash = hash * 0x9E3779B97F4A7C15 + (uint)Task;
        hash = hash * 0x9E3779B97F4A7C15 + (uint)Workspace;
        hash = hash * 0x9E3779B97F4A7C15 + (uint)Caller;
        hash = hash * 0x9E3779B97F4A7C15 + (uint)Execution;
        return (int)(hash ^ (hash >> 32));
    }
}
