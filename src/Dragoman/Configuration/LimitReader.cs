using Dragoman.Limits.Rates;

namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>limits</c>, and makes of it what is counted.</summary>
internal static class LimitReader
{
    private const long MostTokens = 1_000_000_000_000;
    private const int MostConcurrent = 1_000_000;

    /// <summary>Every rate that there is, by its field.</summary>
    private static readonly IReadOnlyList<(string Field, RateKind Kind, TimeSpan Window)> Fields =
    [
        .. from kind in Enum.GetValues<RateKind>()
        from window in RateMeter.Windows
        select (RateMeter.FieldOf(kind, window.Key), kind, window.Value),
    ];

    public static LimitConfig Read(string name, ConfigSection section)
    {
        var rates = new List<KeyValuePair<string, long>>();
        foreach (var (field, _, _) in Fields)
            if (Whole(section, field) is { } most)
                rates.Add(new(field, most));
        var limit = new LimitConfig
        {
            Name = name,
            Scope = ScopeReader.Read(section),
            Rates = rates,
            Concurrent = section.Whole("concurrent", 1, MostConcurrent),
            Description = section.Text("description"),
            Active = section.Flag("active"),
        };
        section.Done();
        if (limit is { Rates: [], Concurrent: null } && !section.Mistakes.AnyUnder(section.Path))
            section.Mistakes.Add(
                section.Path,
                "It limits nothing: say e.g. requests_per_minute, tokens_per_minute or concurrent."
            );
        return limit;
    }

    /// <summary>What is in force of it.</summary>
    public static IReadOnlyList<RateLimit> InForce(IReadOnlyList<LimitConfig> limits) =>
        [
            .. from limit in limits
            where limit.Active is not false
            select new RateLimit(
                limit.Name,
                limit.Scope,
                [.. limit.Rates.Select(static rate => MeterOf(rate.Key, rate.Value))],
                limit.Concurrent
            ),
        ];

    private static RateMeter MeterOf(string field, long most)
    {
        var (_, kind, window) = Fields.First(known => known.Field == field);
        return new RateMeter(kind, window, most);
    }

    private static long? Whole(ConfigSection section, string field)
    {
        if (section.Number(field, 1, MostTokens) is not { } number)
            return null;
        if (number == decimal.Truncate(number))
            return (long)number;
        section.Mistakes.Add($"{section.Path}.{field}", "Must be a whole number.");
        return null;
    }
}
