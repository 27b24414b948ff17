using System.Collections.Frozen;

namespace Dragoman.Dialects.Schemas;

/// <summary>What of JSON Schema a target enforces. A schema is adapted to it by <see cref="SchemaAdapter"/>.</summary>
internal sealed record SchemaSubset
{
    /// <summary>
    /// OpenAI's <c>strict</c> mode: every object closed and every member required; keywords that only narrow are left out
    /// (platform.openai.com, structured outputs, supported schemas, seen 2026-11).
    /// </summary>
    public static readonly SchemaSubset OpenAIStrict = new()
    {
        ClosesObjects = true,
        RequiresAll = true,
        LeavesOut = FrozenSet.ToFrozenSet(
            [
                "minLength",
                "maxLength",
                "uniqueItems",
                "contains",
                "minContains",
                "maxContains",
                "minProperties",
                "maxProperties",
                "propertyNames",
                "unevaluatedProperties",
                "unevaluatedItems",
                "dependentRequired",
                "dependentSchemas",
                "not",
                "if",
                "then",
                "else",
            ],
            StringComparer.Ordinal
        ),
        CannotSay = FrozenSet.ToFrozenSet(
            ["allOf", "oneOf", "patternProperties", "prefixItems"],
            StringComparer.Ordinal
        ),
        Formats = FrozenSet.ToFrozenSet(
            ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"],
            StringComparer.Ordinal
        ),
    };

    /// <summary>Objects must say <c>additionalProperties: false</c>; one that says otherwise cannot be said.</summary>
    public bool ClosesObjects { get; init; }

    /// <summary>Every member must be required; a schema with an optional one cannot be said.</summary>
    public bool RequiresAll { get; init; }

    /// <summary>Keywords that only narrow what else is said: they can go, and are checked by us.</summary>
    public FrozenSet<string> LeavesOut { get; init; } = [];

    /// <summary>Keywords without which the schema would say something else.</summary>
    public FrozenSet<string> CannotSay { get; init; } = [];

    /// <summary>Formats that are taken; null takes any.</summary>
    public FrozenSet<string>? Formats { get; init; }
}
