using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// Reads <c>usage</c>. A stream tells it twice, at its start and, for the whole answer so far, at its end: what is said later
/// replaces what was said before, and what is not said again still holds.
/// </summary>
internal struct AnthropicUsageReader
{
    /// <summary>A count beyond this is a mistake; below it, sums of a few cannot overflow.</summary>
    private const long Largest = long.MaxValue / 16;

    private long? _input;
    private long? _cacheRead;
    private long? _cacheWrite;
    private long? _cacheWrite5m;
    private long? _cacheWrite1h;
    private long? _output;
    private long? _thinking;
    private string? _tier;

    /// <summary>Reads one answer's usage.</summary>
    public static TokenUsage Read(ReadOnlySpan<byte> json)
    {
        var counts = new AnthropicUsageReader();
        counts.Add(json);
        return counts.ToUsage();
    }

    /// <summary>Takes in one <c>usage</c> object.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (members.IsObject && members.Is("cache_creation"u8))
                AddCacheWrites(members.Value);
            else if (members.IsObject && members.Is("output_tokens_details"u8))
                AddDetails(members.Value);
            else if (members.IsText && members.Is("service_tier"u8))
                _tier =
                    members.Text.SequenceEqual("priority"u8) ? "priority"
                    : members.Text.SequenceEqual("batch"u8) ? "batch"
                    : null;
            else if (Count(members) is { } count)
                Note(members, count);
        }
    }

    /// <summary>The counts in disjoint buckets.</summary>
    public readonly TokenUsage ToUsage()
    {
        // The parts of the total are newer than the total; some servers that speak this dialect know only the latter.
        var isSplit = _cacheWrite5m is not null || _cacheWrite1h is not null;
        var thinking =
            _thinking is { } some && _output is { } all ? Math.Min(some, all) : _thinking;
        return new TokenUsage
        {
            Input = _input,
            CacheRead = _cacheRead,
            CacheWrite = isSplit ? _cacheWrite5m : _cacheWrite,
            CacheWrite1h = _cacheWrite1h,
            Output = _output - (thinking ?? 0),
            Reasoning = thinking,
            ServiceTier = _tier,
        };
    }

    private void Note(in JsonWalk member, long count)
    {
        if (member.Is("input_tokens"u8))
            _input = count;
        else if (member.Is("output_tokens"u8))
            _output = count;
        else if (member.Is("cache_read_input_tokens"u8))
            _cacheRead = count;
        else if (member.Is("cache_creation_input_tokens"u8))
        {
            // The end of a stream repeats the total alone: where it differs, the split is of another time.
            if (count != _cacheWrite)
                (_cacheWrite5m, _cacheWrite1h) = (null, null);
            _cacheWrite = count;
        }
    }

    private void AddCacheWrites(ReadOnlySpan<byte> json)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (Count(members) is not { } count)
                continue;
            if (members.Is("ephemeral_5m_input_tokens"u8))
                _cacheWrite5m = count;
            else if (members.Is("ephemeral_1h_input_tokens"u8))
                _cacheWrite1h = count;
        }
        _cacheWrite ??= (_cacheWrite5m ?? 0) + (_cacheWrite1h ?? 0);
    }

    private void AddDetails(ReadOnlySpan<byte> json)
    {
        var members = new JsonWalk(json);
        while (members.Next())
        {
            if (members.Is("thinking_tokens"u8) && Count(members) is { } count)
                _thinking = count;
        }
    }

    private static long? Count(in JsonWalk member) =>
        member.Integer is { } count and >= 0 and <= Largest ? count : null;
}
