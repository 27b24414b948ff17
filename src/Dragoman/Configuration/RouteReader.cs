namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>routes</c> or <c>chains</c>.</summary>
internal static class RouteReader
{
    public static ChainConfig ReadChain(string name, ConfigSection section)
    {
        var chain = new ChainConfig
        {
            Name = name,
            Models = Members(section),
            MaxAttempts = section.Whole("max_attempts", 1, 100),
            RetryOn = section.Words("retry_on", "timeout", "rate_limit", "error", "content_filter"),
            Description = section.Text("description"),
            PreserveContext = section.Flag("preserve_context"),
            When = ConditionReader.Written(section, "when"),
            Active = section.Flag("active"),
        };
        section.Done();
        return chain;
    }

    public static RouteConfig ReadRoute(string name, ConfigSection section)
    {
        var route = new RouteConfig
        {
            Name = name,
            Strategy = section.Text("strategy"),
            Weights = WeightsReader.Read(section),
            Regions = section.TextOrTexts("region"),
            Models = Members(section),
            Retries = section.Whole("retries", 0, 1),
            Recover = section.Word("recover", "error", "continue"),
            Timeouts = Timeouts(section.Section("timeouts")),
            Breaker = Breaker(section.Section("breaker")),
        };
        section.Done();
        return route;
    }

    private static TimeoutsConfig? Timeouts(ConfigSection? section)
    {
        if (section is null)
            return null;
        var timeouts = new TimeoutsConfig
        {
            Connect = section.Seconds("connect"),
            FirstContent = section.Seconds("first_content"),
            Idle = section.Seconds("idle"),
            Attempt = section.Seconds("attempt"),
            Total = section.Seconds("total"),
        };
        section.Done();
        return timeouts;
    }

    private static BreakerConfig? Breaker(ConfigSection? section)
    {
        if (section is null)
            return null;
        var breaker = new BreakerConfig
        {
            Failures = section.Whole("failures", 1, 10_000),
            Window = section.Seconds("window"),
            Open = section.Seconds("open"),
        };
        section.Done();
        return breaker;
    }

    private static IReadOnlyList<string> Members(ConfigSection section)
    {
        if (section.Texts("models") is { Count: > 0 } models)
            return models;
        section.Mistakes.Add(section.Path, "Needs models: a list of at least one.");
        return [];
    }
}
