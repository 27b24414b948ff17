using System.Globalization;
using System.Text.RegularExpressions;
using Dragoman.Routing.Rules;

namespace Dragoman.Routing.Conditions;

/// <summary>
/// A part of a condition. It can be asked of any request, costs a bounded time, and prints itself in the language it is written in.
/// Whatever is unknown makes comparisons false: an unknown length is neither long nor short.
/// </summary>
internal abstract class Condition
{
    /// <summary>What it gives, where it is known.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>The request is read whole for it.</summary>
    public abstract bool IsCostly { get; }

    public abstract Value Of(RuleFacts facts);

    public bool Holds(RuleFacts facts) => Of(facts).IsTrue;

    /// <summary>Every part below it and itself.</summary>
    public virtual IEnumerable<Condition> Parts => [this];
}

/// <summary>A value that is written down.</summary>
internal sealed class Literal(Value value) : Condition
{
    public Value Value => value;
    public override ValueKind Kind => value.Kind;
    public override bool IsCostly => false;

    public override Value Of(RuleFacts facts) => value;

    public override string ToString() =>
        value.Kind switch
        {
            ValueKind.Number => value.Number.ToString(CultureInfo.InvariantCulture),
            ValueKind.Flag => value.IsTrue ? "true" : "false",
            ValueKind.Texts => $"[{string.Join(", ", value.Texts.Select(Quoted))}]",
            _ => Quoted(value.Text),
        };

    private static string Quoted(string text) =>
        "\""
        + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
        + "\"";
}

/// <summary>A fact of the request.</summary>
internal sealed class FactOf(Fact fact) : Condition
{
    public Fact Fact => fact;
    public override ValueKind Kind => fact.Kind;
    public override bool IsCostly => fact.IsCostly;

    public override Value Of(RuleFacts facts) => fact.Of(facts);

    public override string ToString() => fact.Name;
}

/// <summary>A header of the client's.</summary>
internal sealed class HeaderOf(string name) : Condition
{
    public string Name => name;
    public override ValueKind Kind => ValueKind.Text;
    public override bool IsCostly => false;

    public override Value Of(RuleFacts facts) => Value.Of(facts.Header(name));

    public override string ToString() => $"header(\"{name}\")";
}

/// <summary>All of several hold, or any: those that cost nothing are looked at first.</summary>
internal sealed class Several : Condition
{
    private readonly Condition[] _parts;
    private readonly bool _all;

    public Several(bool all, IEnumerable<Condition> parts) =>
        (_all, _parts) = (all, [.. parts.OrderBy(static part => part.IsCostly)]);

    public bool IsAll => _all;
    public IReadOnlyList<Condition> Members => _parts;
    public override ValueKind Kind => ValueKind.Flag;
    public override bool IsCostly => _parts.Any(static part => part.IsCostly);
    public override IEnumerable<Condition> Parts =>
        _parts.SelectMany(static part => part.Parts).Prepend(this);

    public override Value Of(RuleFacts facts)
    {
        foreach (var part in _parts)
            if (part.Holds(facts) != _all)
                return Value.Of(!_all);
        return Value.Of(_all);
    }

    public override string ToString() =>
        string.Join(
            _all ? " and " : " or ",
            _parts.Select(part =>
                part is Several { _parts.Length: > 1 } inner && inner._all != _all
                    ? $"({part})"
                    : part.ToString()
            )
        );
}

/// <summary>
/// The opposite of whether it holds. Of what nobody knows no comparison holds, and so the opposite of one does: who wants everybody
/// but the gold tier, those without a tier too, writes <c>not (user_tier == "gold")</c>; who wants the others that have one, <c>!=</c>.
/// </summary>
internal sealed class Not(Condition inner) : Condition
{
    public Condition Inner => inner;
    public override ValueKind Kind => ValueKind.Flag;
    public override bool IsCostly => inner.IsCostly;
    public override IEnumerable<Condition> Parts => inner.Parts.Prepend(this);

    public override Value Of(RuleFacts facts) => Value.Of(!inner.Holds(facts));

    public override string ToString() =>
        inner is Several or Comparison ? $"not ({inner})" : $"not {inner}";
}

/// <summary>Two values against each other.</summary>
internal sealed class Comparison(string sign, Condition left, Condition right) : Condition
{
    public string Sign => sign;
    public Condition Left => left;
    public Condition Right => right;
    public override ValueKind Kind => ValueKind.Flag;
    public override bool IsCostly => left.IsCostly || right.IsCostly;
    public override IEnumerable<Condition> Parts => [this, .. left.Parts, .. right.Parts];

    public override Value Of(RuleFacts facts)
    {
        var (a, b) = (left.Of(facts), right.Of(facts));
        if (a.Kind == ValueKind.Unknown || b.Kind == ValueKind.Unknown)
            return Value.Of(false);
        return Value.Of(
            sign switch
            {
                "==" => Same(a, b),
                "!=" => !Same(a, b),
                "<" => a.Number < b.Number,
                "<=" => a.Number <= b.Number,
                ">" => a.Number > b.Number,
                ">=" => a.Number >= b.Number,
                "in" => Has(b.Texts, a.Text),
                "contains" => a.Kind == ValueKind.Texts
                    ? Has(a.Texts, b.Text)
                    : a.Text.Contains(b.Text, StringComparison.OrdinalIgnoreCase),
                "starts_with" => a.Text.StartsWith(b.Text, StringComparison.OrdinalIgnoreCase),
                _ => a.Text.EndsWith(b.Text, StringComparison.OrdinalIgnoreCase),
            }
        );
    }

    public override string ToString() => $"{Enclosed(left)} {sign} {Enclosed(right)}";

    /// <summary>What would be read otherwise without them stands in parentheses.</summary>
    private static string? Enclosed(Condition side) =>
        side is Several or Not or Comparison or Matches ? $"({side})" : side.ToString();

    private static bool Same(in Value a, in Value b) =>
        a.Kind == ValueKind.Text
            ? string.Equals(a.Text, b.Text, StringComparison.OrdinalIgnoreCase)
            : a.Number == b.Number;

    private static bool Has(IReadOnlyList<string> texts, string text)
    {
        for (var i = 0; i < texts.Count; i++)
            if (string.Equals(texts[i], text, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}

/// <summary>A text against a pattern, which is matched without backtracking: its time grows with the text alone.</summary>
internal sealed class Matches(Condition left, string pattern, Regex regex) : Condition
{
    /// <summary>Of longer texts the beginning is looked at.</summary>
    private const int MostLetters = 4_096;

    public override ValueKind Kind => ValueKind.Flag;
    public override bool IsCostly => left.IsCostly;
    public override IEnumerable<Condition> Parts => [this, .. left.Parts];

    public override Value Of(RuleFacts facts)
    {
        var value = left.Of(facts);
        return value.Kind == ValueKind.Text ? Value.Of(Match(value.Text)) : Value.Of(false);
    }

    /// <summary>Unknown where a busy machine found no time for it: a request does not fail for a condition.</summary>
    private bool? Match(string text)
    {
        try
        {
            return regex.IsMatch(text.AsSpan(0, Math.Min(text.Length, MostLetters)));
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    public override string ToString() => $"{left} matches {new Literal(Value.Of(pattern))}";
}

/// <summary>A sum, difference, product or quotient. What is divided by zero is unknown.</summary>
internal sealed class Arithmetic(char sign, Condition left, Condition right) : Condition
{
    public override ValueKind Kind => ValueKind.Number;
    public override bool IsCostly => left.IsCostly || right.IsCostly;
    public override IEnumerable<Condition> Parts => [this, .. left.Parts, .. right.Parts];

    public override Value Of(RuleFacts facts)
    {
        var (a, b) = (left.Of(facts), right.Of(facts));
        if (a.Kind == ValueKind.Unknown || b.Kind == ValueKind.Unknown)
            return Value.Unknown;
        return sign switch
        {
            '+' => Value.Of(a.Number + b.Number),
            '-' => Value.Of(a.Number - b.Number),
            '*' => Value.Of(a.Number * b.Number),
            _ => b.Number == 0 ? Value.Unknown : Value.Of(a.Number / b.Number),
        };
    }

    public override string ToString() => $"({left} {sign} {right})";
}

/// <summary>Hours of the day on some days of the week, where somebody lives.</summary>
internal sealed class TimeWindow(
    TimeOnly? from,
    TimeOnly? to,
    IReadOnlyList<DayOfWeek> days,
    TimeZoneInfo zone
) : Condition
{
    public override ValueKind Kind => ValueKind.Flag;
    public override bool IsCostly => false;

    public override Value Of(RuleFacts facts)
    {
        var here = TimeZoneInfo.ConvertTime(facts.Time, zone);
        var (now, day) = (TimeOnly.FromDateTime(here.DateTime), here.DayOfWeek);
        var (start, end) = (from ?? TimeOnly.MinValue, to);
        var isOver = end is { } last && last <= start;
        var isIn = isOver
            ? now >= start || now < end
            : now >= start && (end is not { } until || now < until);
        // The hours after midnight belong to the day on which they began.
        if (isOver && now < end)
            day = (DayOfWeek)(((int)day + 6) % 7);
        return Value.Of(isIn && (days.Count == 0 || days.Contains(day)));
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"time {from ?? TimeOnly.MinValue:HH:mm}-{(to is { } end ? end.ToString("HH:mm", CultureInfo.InvariantCulture) : "24:00")}{(days.Count == 0 ? "" : " " + string.Join(',', days.Select(static day => Weekdays.NameOf(day)[..3])))} {zone.Id}"
        );
}
