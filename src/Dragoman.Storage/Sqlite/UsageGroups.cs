using System.Globalization;
using System.Runtime.InteropServices;
using Dragoman.Usage;

namespace Dragoman.Storage.Sqlite;

/// <summary>The sums of each group while rows are read.</summary>
internal sealed class UsageGroups(UsageGrouping by)
{
    private readonly Utf8Names _names = new();
    private readonly Dictionary<long, int> _times = [];
    private readonly List<UsageSums> _sums = [];
    private (long Bucket, int Place) _lastTime = (-1, -1);

    /// <summary>The column that names the groups; none where time does, or nothing.</summary>
    public UsageDimensions Dimension =>
        by switch
        {
            UsageGrouping.Model or UsageGrouping.Provider => UsageDimensions.Deployment,
            UsageGrouping.Workspace => UsageDimensions.Workspace,
            UsageGrouping.Execution => UsageDimensions.Execution,
            UsageGrouping.Key => UsageDimensions.Caller,
            UsageGrouping.Task => UsageDimensions.Task,
            _ => UsageDimensions.None,
        };

    public void Add(ReadOnlySpan<byte> name, in UsageSums sums)
    {
        if (by is UsageGrouping.Provider && name.IndexOf((byte)'/') is > 0 and var slash)
            name = name[..slash];
        AddAt(_names.NumberOf(name), sums);
    }

    /// <param name="bucket">The hour for groups by hour, else the day.</param>
    /// <param name="sums">What is added.</param>
    public void Add(long bucket, in UsageSums sums)
    {
        if (bucket != _lastTime.Bucket)
            _lastTime = (bucket, PlaceOf(bucket));
        AddAt(_lastTime.Place, sums);
    }

    public UsageSums Total()
    {
        var total = default(UsageSums);
        foreach (ref readonly var sums in CollectionsMarshal.AsSpan(_sums))
            total.Add(sums);
        return total;
    }

    public int Count => _sums.Count;

    /// <summary>The name of a group that has one, by its place.</summary>
    public ReadOnlySpan<byte> NameAt(int place) => _names[place];

    public ref readonly UsageSums SumsAt(int place) => ref CollectionsMarshal.AsSpan(_sums)[place];

    /// <summary>All groups, or no fewer than <paramref name="limit"/> and one of the dearest: names are made only for what may be shown.</summary>
    public List<UsageSummaryRow> Rows(int limit)
    {
        if (by.IsTime)
            return
            [
                .. _times.Select(time => new UsageSummaryRow(NameOf(time.Key), _sums[time.Value])),
            ];
        IEnumerable<int> places = Enumerable.Range(0, _sums.Count);
        if (_sums.Count > limit)
            places = places.Order(Comparer<int>.Create(Dearer)).Take(limit + 1);
        return
        [
            .. places.Select(place => new UsageSummaryRow(
                _names[place].Length == 0 ? null : _names.TextOf(place),
                _sums[place]
            )),
        ];
    }

    // Bytes of UTF-8 sort as the texts of names do, but for what lies beyond the basic plane.
    private int Dearer(int one, int other)
    {
        var sums = CollectionsMarshal.AsSpan(_sums);
        var order = sums[other].CostNanoUsd.CompareTo(sums[one].CostNanoUsd);
        if (order == 0)
            order = sums[other].Calls.CompareTo(sums[one].Calls);
        return order != 0 ? order : _names[one].SequenceCompareTo(_names[other]);
    }

    private void AddAt(int place, in UsageSums sums)
    {
        if (place == _sums.Count)
            _sums.Add(sums);
        else
            CollectionsMarshal.AsSpan(_sums)[place].Add(sums);
    }

    private int PlaceOf(long bucket)
    {
        var time = bucket;
        if (by is UsageGrouping.Month)
        {
            var day = DateTime.UnixEpoch.AddDays(bucket);
            time = day.Year * 12 + day.Month - 1;
        }
        if (!_times.TryGetValue(time, out var place))
            _times.Add(time, place = _sums.Count);
        return place;
    }

    private string NameOf(long time) =>
        by switch
        {
            UsageGrouping.Hour => UsageGroupNames.Of(DateTimeOffset.UnixEpoch.AddHours(time), by),
            UsageGrouping.Day => UsageGroupNames.Of(DateTimeOffset.UnixEpoch.AddDays(time), by),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{time / 12:0000}-{time % 12 + 1:00}"
            ),
        };
}
