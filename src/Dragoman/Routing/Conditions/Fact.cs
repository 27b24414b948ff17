using System.Collections.Frozen;
using Dragoman.Routing.Rules;

namespace Dragoman.Routing.Conditions;

/// <summary>Something that conditions can ask about a request, by its name.</summary>
/// <param name="Name">What configuration calls it.</param>
/// <param name="Kind">What it is, where it is known.</param>
/// <param name="Of">Its value for one request.</param>
/// <param name="IsCostly">The request is read whole for it.</param>
internal sealed record Fact(
    string Name,
    ValueKind Kind,
    Func<RuleFacts, Value> Of,
    bool IsCostly = false
)
{
    private static readonly FrozenDictionary<string, Fact> ByName = new Fact[]
    {
        new("model", ValueKind.Text, static facts => Value.Of(facts.Model)),
        new("user_tier", ValueKind.Text, static facts => Value.Of(facts.UserTier)),
        new("tags", ValueKind.Texts, static facts => Value.Of(facts.Tags)),
        new("workspace", ValueKind.Text, static facts => Value.Of(facts.Workspace)),
        new("caller", ValueKind.Text, static facts => Value.Of(facts.Caller)),
        new("key", ValueKind.Text, static facts => Value.Of(facts.Key)),
        new("streaming", ValueKind.Flag, static facts => Value.Of(facts.IsStreaming)),
        new("has_tools", ValueKind.Flag, static facts => Value.Of(facts.HasTools)),
        new("has_images", ValueKind.Flag, static facts => Value.Of(facts.HasImages)),
        new(
            "required_capabilities",
            ValueKind.Texts,
            static facts => Value.Of(facts.RequiredCapabilities)
        ),
        new("hour", ValueKind.Number, static facts => Value.Of(facts.Time.UtcDateTime.Hour)),
        new(
            "weekday",
            ValueKind.Text,
            static facts => Value.Of(Weekdays.NameOf(facts.Time.UtcDateTime.DayOfWeek))
        ),
        new(
            "content_length",
            ValueKind.Number,
            static facts => Value.Of(facts.ContentLength),
            true
        ),
        new("task_type", ValueKind.Text, static facts => Value.Of(facts.Task), true),
        new(
            "task_confidence",
            ValueKind.Number,
            static facts => Value.Of(facts.Profile?.Confidence),
            true
        ),
        new(
            "difficulty",
            ValueKind.Number,
            static facts => Value.Of(facts.Profile?.Difficulty),
            true
        ),
        new("language", ValueKind.Text, static facts => Value.Of(facts.Profile?.Language), true),
        new(
            "estimated_tokens",
            ValueKind.Number,
            static facts => Value.Of(facts.Profile?.EstimatedTokens),
            true
        ),
        new(
            "contains_code",
            ValueKind.Flag,
            static facts => Value.Of(facts.Profile?.ContainsCode),
            true
        ),
        new(
            "contains_math",
            ValueKind.Flag,
            static facts => Value.Of(facts.Profile?.ContainsMath),
            true
        ),
        new(
            "asks_for_json",
            ValueKind.Flag,
            static facts => Value.Of(facts.Profile?.AsksForJson),
            true
        ),
        new(
            "multi_turn",
            ValueKind.Flag,
            static facts => Value.Of(facts.Profile?.IsMultiTurn),
            true
        ),
    }.ToFrozenDictionary(static fact => fact.Name, StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } =
    [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Null where there is none of that name.</summary>
    public static Fact? Find(string name) => ByName.GetValueOrDefault(name);
}
