using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dragoman.Dialects.Schemas;

/// <summary>The keywords for strings and numbers.</summary>
internal static class SchemaScalars
{
    /// <summary>A client's pattern and a model's text may together take for ever.</summary>
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>What a keyword finds wrong with a string or number; null where nothing is.</summary>
    public static string? FaultIn(JsonElement value, JsonProperty keyword) =>
        value.ValueKind == JsonValueKind.String
            ? FaultInText(value.GetString()!, keyword)
            : FaultInNumber(value, keyword);

    /// <summary>A whole number not below zero; null for anything else.</summary>
    public static int? Count(JsonElement rule) =>
        rule.ValueKind == JsonValueKind.Number && rule.TryGetInt32(out var count) ? count : null;

    /// <summary>Whether a text matches a pattern; one that cannot be read or takes too long matches all.</summary>
    public static bool Matches(string text, string pattern)
    {
        try
        {
            return IsMatch(text, pattern);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }

    /// <summary>In time that grows with the text alone, but for patterns that look around or back.</summary>
    private static bool IsMatch(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(
                text,
                pattern,
                RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
                PatternLimit
            );
        }
        catch (NotSupportedException)
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternLimit);
        }
    }

    private static string? FaultInText(string text, JsonProperty keyword)
    {
        var rule = keyword.Value;
        switch (keyword.Name)
        {
            case "minLength" when Count(rule) is { } least && Length(text) < least:
                return $"must have at least {least} letters";
            case "maxLength" when Count(rule) is { } most && Length(text) > most:
                return $"must have at most {most} letters";
            case "pattern"
                when rule.ValueKind == JsonValueKind.String && !Matches(text, rule.GetString()!):
                return $"must match {rule.GetString()}";
            case "format"
                when rule.ValueKind == JsonValueKind.String && !IsOf(rule.GetString()!, text):
                return $"must be a {rule.GetString()}";
            default:
                return null;
        }
    }

    private static string? FaultInNumber(JsonElement value, JsonProperty keyword)
    {
        if (
            keyword.Value.ValueKind != JsonValueKind.Number
            || !keyword.Value.TryGetDouble(out var limit)
            || !value.TryGetDouble(out var number)
        )
            return null;
        var said = keyword.Value.GetRawText();
        return keyword.Name switch
        {
            "minimum" when number < limit => $"must be at least {said}",
            "maximum" when number > limit => $"must be at most {said}",
            "exclusiveMinimum" when number <= limit => $"must be more than {said}",
            "exclusiveMaximum" when number >= limit => $"must be less than {said}",
            "multipleOf" when limit > 0 && !IsMultiple(value, keyword.Value) =>
                $"must be a multiple of {said}",
            _ => null,
        };
    }

    private static bool IsMultiple(JsonElement value, JsonElement of) =>
        !value.TryGetDecimal(out var number)
        || !of.TryGetDecimal(out var step)
        || step == 0
        || number % step == 0;

    /// <summary>JSON Schema counts code points, not UTF-16 units.</summary>
    private static int Length(string text) =>
        text.Length - text.Count(static letter => char.IsLowSurrogate(letter));

    /// <summary>Whether a text is of a format; formats without one undisputed form are not looked at.</summary>
    private static bool IsOf(string format, string text) =>
        format switch
        {
            "date" => DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            "date-time" => text.Contains('T', StringComparison.OrdinalIgnoreCase)
                && DateTimeOffset.TryParse(
                    text,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out _
                ),
            "uuid" => Guid.TryParseExact(text, "D", out _),
            _ => true,
        };
}
