using System.Runtime.InteropServices;

namespace Dragoman.Storage.Sqlite;

/// <summary>Cost and calls of each execution, to find those that are worth showing.</summary>
internal sealed class ExecutionRanking
{
    private readonly Utf8Names _names = new();
    private readonly List<(long CostNanoUsd, long Calls)> _ranks = [];

    /// <param name="read">Groups that were read already count too.</param>
    public ExecutionRanking(UsageGroups read)
    {
        for (var i = 0; i < read.Count; i++)
            Add(read.NameAt(i), read.SumsAt(i).CostNanoUsd, read.SumsAt(i).Calls);
    }

    public void Add(ReadOnlySpan<byte> execution, long costNanoUsd, long calls)
    {
        var place = _names.NumberOf(execution);
        if (place == _ranks.Count)
        {
            _ranks.Add((costNanoUsd, calls));
            return;
        }
        ref var rank = ref CollectionsMarshal.AsSpan(_ranks)[place];
        rank = (rank.CostNanoUsd + costNanoUsd, rank.Calls + calls);
    }

    /// <summary>The dearest, and among equals those with more calls, then by name; in no order.</summary>
    public List<string> Best(int count)
    {
        // The worst of those kept is at the front.
        var kept = new PriorityQueue<int, int>(
            Comparer<int>.Create((one, other) => Order(one, other))
        );
        for (var i = 0; i < _ranks.Count; i++)
        {
            if (kept.Count < count)
                kept.Enqueue(i, i);
            else if (Order(kept.Peek(), i) < 0)
                _ = kept.EnqueueDequeue(i, i);
        }
        return [.. kept.UnorderedItems.Select(item => _names.TextOf(item.Element))];
    }

    /// <summary>Below zero where <paramref name="one"/> is worth less.</summary>
    private int Order(int one, int other)
    {
        var order = _ranks[one].CompareTo(_ranks[other]);
        return order != 0 ? order : _names[other].SequenceCompareTo(_names[one]);
    }
}
