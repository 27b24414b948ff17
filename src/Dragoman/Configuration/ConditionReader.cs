using System.Globalization;
using System.Text.RegularExpressions;
using Dragoman.Exchanges;
using Dragoman.Routing.Conditions;

namespace Dragoman.Configuration;

/// <summary>Reads <c>when</c>: a mapping of facts to what they must be, all of which must hold, or an expression.</summary>
internal static class ConditionReader
{
    private const decimal MostTokens = 100_000_000;

    /// <summary>Facts that are texts: one, or a list of which one must be met; <c>*</c> stands for anything.</summary>
    private static readonly string[] TextFacts =
    [
        "model",
        "user_tier",
        "workspace",
        "caller",
        "key",
        "language",
    ];

    private static readonly string[] Flags =
    [
        "contains_code",
        "contains_math",
        "asks_for_json",
        "has_images",
        "has_tools",
        "multi_turn",
        "streaming",
    ];

    private static readonly (string Name, decimal Most)[] Ranges =
    [
        ("content_length", 1_000_000_000),
        ("estimated_tokens", MostTokens),
        ("difficulty", 1),
        ("task_confidence", 1),
    ];

    /// <summary>A condition in either form; null where nothing is said, or where it is wrong.</summary>
    public static Condition? Read(ConfigSection owner, string name)
    {
        if (owner.IsMapping(name))
            return owner.Section(name) is { } section ? Mapping(section) : null;
        return Written(owner, name);
    }

    /// <summary>A condition that is written out.</summary>
    public static Condition? Written(ConfigSection owner, string name)
    {
        if (owner.Text(name) is not { } text)
            return null;
        try
        {
            return ExpressionParser.Parse(text);
        }
        catch (ExpressionException wrong)
        {
            owner.Mistakes.Add(
                $"{owner.Path}.{name}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"At letter {wrong.Position} of the condition: {wrong.Message}."
                )
            );
            return null;
        }
    }

    private static Several Mapping(ConfigSection section)
    {
        var parts = new List<Condition>();
        Tasks(section, parts);
        foreach (var fact in TextFacts)
            if (section.OneOrMore(fact) is { } words)
                parts.Add(Words(new FactOf(Fact.Find(fact)!), words));
        foreach (var flag in Flags)
            if (section.Flag(flag) is { } wanted)
                parts.Add(wanted ? new FactOf(Fact.Find(flag)!) : IsFalse(flag));
        foreach (var (fact, most) in Ranges)
            Range(section, fact, most, parts);
        foreach (var tag in (string[])["tag", "tags"])
        foreach (var word in section.OneOrMore(tag) ?? [])
            parts.Add(Has("tags", word));
        foreach (var word in section.OneOrMore("required_capability") ?? [])
            if (Capabilities.Find(word) is { } capability)
                parts.Add(Has("required_capabilities", capability));
            else
                section.Mistakes.Add(
                    section.Path + ".required_capability",
                    $"'{ConfigSection.Shown(word)}' is no capability. Known are: {string.Join(", ", Capabilities.Words)}."
                );
        Headers(section, parts);
        Time(section, parts);
        if (Written(section, "custom") is { } custom)
            parts.Add(custom);
        foreach (var (word, all) in ((string, bool)[])[("all", true), ("any", false)])
        {
            var inner = section.Items(word).Select(Nested).ToList<Condition>();
            if (inner.Count > 0)
                parts.Add(new Several(all, inner));
        }
        if (section.Section("not") is { } not)
            parts.Add(new Not(Mapping(not)));
        section.Done();
        if (parts.Count == 0 && !section.Mistakes.AnyUnder(section.Path))
            section.Mistakes.Add(
                section.Path,
                "It says no condition: leave 'when' out for always."
            );
        return new Several(all: true, parts);
    }

    private static Condition Nested(ConfigSection section)
    {
        var mapping = Mapping(section);
        return mapping.Members is [var only] ? only : mapping;
    }

    private static void Tasks(ConfigSection section, List<Condition> parts)
    {
        if (section.OneOrMore("task_type") is not { } words)
            return;
        var tasks = new List<string>();
        foreach (var word in words)
            if (TaskNames.Find(word) is { } task)
                tasks.Add(task);
            else
                section.Mistakes.Add(
                    section.Path + ".task_type",
                    $"'{ConfigSection.Shown(word)}' is no task. Known are: {string.Join(", ", TaskNames.Words)}."
                );
        if (tasks.Count > 0)
            parts.Add(Words(new FactOf(Fact.Find("task_type")!), tasks));
    }

    private static Condition Words(Condition left, IReadOnlyList<string> words)
    {
        if (words.Any(static word => word.Contains('*', StringComparison.Ordinal)))
            return words.Count == 1
                ? Pattern(left, words[0])
                : new Several(all: false, words.Select(word => Pattern(left, word)));
        return words is [var only]
            ? new Comparison("==", left, new Literal(Value.Of(only)))
            : new Comparison("in", left, new Literal(Value.Of(words)));
    }

    private static Condition Pattern(Condition left, string word)
    {
        if (!word.Contains('*', StringComparison.Ordinal))
            return new Comparison("==", left, new Literal(Value.Of(word)));
        var pattern = "^" + Regex.Escape(word).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
        return new Matches(
            left,
            pattern,
            new Regex(
                pattern,
                RegexOptions.NonBacktracking
                    | RegexOptions.IgnoreCase
                    | RegexOptions.CultureInvariant
                    | RegexOptions.Singleline,
                TimeSpan.FromMilliseconds(100)
            )
        );
    }

    /// <summary>It is known to be false: what nobody knows is neither.</summary>
    private static Comparison IsFalse(string flag) =>
        new("==", new FactOf(Fact.Find(flag)!), new Literal(Value.Of((bool?)false)));

    private static Comparison Has(string fact, string word) =>
        new("contains", new FactOf(Fact.Find(fact)!), new Literal(Value.Of(word)));

    private static void Range(
        ConfigSection section,
        string name,
        decimal most,
        List<Condition> parts
    )
    {
        if (section.Section(name) is not { } range)
            return;
        var fact = new FactOf(Fact.Find(name)!);
        var (least, highest) = (range.Number("min", 0, most), range.Number("max", 0, most));
        if (least is { } from)
            parts.Add(new Comparison(">=", fact, new Literal(Value.Of((double?)from))));
        if (highest is { } to)
            parts.Add(new Comparison("<=", fact, new Literal(Value.Of((double?)to))));
        range.Done();
        if (least > highest)
            section.Mistakes.Add(
                range.Path,
                FormattableString.Invariant($"Nothing is at least {least} and at most {highest}.")
            );
    }

    private static void Headers(ConfigSection section, List<Condition> parts)
    {
        foreach (var (name, value) in section.TextsByName("header"))
        {
            if (HeaderNames.WhyNot(name) is { } why)
                section.Mistakes.Add($"{section.Path}.header.{name}", why + ".");
            else
                parts.Add(Words(new HeaderOf(name), [value]));
        }
    }

    private static void Time(ConfigSection section, List<Condition> parts)
    {
        if (section.Section("time") is not { } time)
            return;
        var (from, to) = (Clock(time, "from"), Clock(time, "to"));
        var days = new List<DayOfWeek>();
        foreach (var word in time.OneOrMore("days") ?? [])
            if (Weekdays.Find(word) is { } found)
                days.AddRange(found.Where(day => !days.Contains(day)));
            else
                time.Mistakes.Add(
                    time.Path + ".days",
                    $"'{ConfigSection.Shown(word)}' is no day: write monday, mon, or a span such as mon-fri."
                );
        var zone = TimeZoneInfo.Utc;
        if (
            time.Text("time_zone") is { } id
            && !TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone)
        )
        {
            time.Mistakes.Add(
                time.Path + ".time_zone",
                $"'{ConfigSection.Shown(id)}' is no time zone: write one such as Europe/Berlin."
            );
            zone = TimeZoneInfo.Utc;
        }
        time.Done();
        if (from is null && to is null && days.Count == 0)
        {
            if (!time.Mistakes.AnyUnder(time.Path))
                time.Mistakes.Add(time.Path, "Say from and to, or days.");
            return;
        }
        parts.Add(new TimeWindow(from, to, days, zone!));
    }

    private static TimeOnly? Clock(ConfigSection section, string name)
    {
        if (section.Text(name) is not { } text || text == "24:00")
            return null;
        if (
            TimeOnly.TryParseExact(
                text,
                ["HH:mm", "H:mm"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var clock
            )
        )
            return clock;
        section.Mistakes.Add(
            $"{section.Path}.{name}",
            $"'{ConfigSection.Shown(text)}' is no time of day: write one such as \"08:30\"."
        );
        return null;
    }
}
