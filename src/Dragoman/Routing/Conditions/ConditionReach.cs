namespace Dragoman.Routing.Conditions;

/// <summary>
/// Which requests a condition can take, as far as that can be told from its outside: for each fact the words or the span of numbers
/// that all its parts leave, and beside them the parts that nothing can be told of.
/// </summary>
internal sealed class ConditionReach
{
    private readonly Dictionary<string, HashSet<string>> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Span> _spans = new(StringComparer.Ordinal);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    private ConditionReach() { }

    /// <summary>Why nothing can meet it; null where something can.</summary>
    public string? WhyEmpty { get; private set; }

    public bool IsEmpty => WhyEmpty is not null;

    /// <param name="condition">Null is always.</param>
    public static ConditionReach Of(Condition? condition)
    {
        var reach = new ConditionReach();
        if (condition is not null)
            reach.Add(condition);
        return reach;
    }

    /// <summary>Whatever meets the other one meets this one too.</summary>
    public bool Covers(ConditionReach other) =>
        _words.All(pair =>
            other._words.TryGetValue(pair.Key, out var words) && words.IsSubsetOf(pair.Value)
        )
        && _spans.All(pair =>
            other._spans.TryGetValue(pair.Key, out var span) && pair.Value.Covers(span)
        )
        && _others.IsSubsetOf(other._others);

    /// <summary>A request may meet both.</summary>
    public bool Meets(ConditionReach other) =>
        !_words.Any(pair =>
            other._words.TryGetValue(pair.Key, out var words) && !words.Overlaps(pair.Value)
        )
        && !_spans.Any(pair =>
            other._spans.TryGetValue(pair.Key, out var span) && pair.Value.With(span).IsEmpty
        );

    private void Add(Condition condition)
    {
        switch (condition)
        {
            case Several { IsAll: true } all:
                foreach (var part in all.Members)
                    Add(part);
                break;
            case FactOf { Kind: ValueKind.Flag } flag:
                Keep(flag.Fact.Name, ["true"]);
                break;
            case Comparison
            {
                Left: FactOf { Fact: var fact },
                Right: Literal { Value: var value }
            } comparison:
                Add(comparison, fact.Name, value);
                break;
            default:
                _others.Add(condition.ToString()!);
                break;
        }
    }

    private void Add(Comparison comparison, string fact, Value value)
    {
        switch (comparison.Sign, value.Kind)
        {
            case ("==", ValueKind.Text):
                Keep(fact, [value.Text]);
                break;
            case ("in", _):
                Keep(fact, value.Texts);
                break;
            case ("==", ValueKind.Flag):
                Keep(fact, [value.IsTrue ? "true" : "false"]);
                break;
            case ("==", ValueKind.Number):
                Narrow(fact, new Span(value.Number, value.Number, false, false));
                break;
            case ("<" or "<=", _):
                Narrow(
                    fact,
                    new Span(double.NegativeInfinity, value.Number, false, comparison.Sign == "<")
                );
                break;
            case (">" or ">=", _):
                Narrow(
                    fact,
                    new Span(value.Number, double.PositiveInfinity, comparison.Sign == ">", false)
                );
                break;
            default:
                _others.Add(comparison.ToString());
                break;
        }
    }

    private void Keep(string fact, IReadOnlyList<string> words)
    {
        if (!_words.TryGetValue(fact, out var left))
            _words[fact] = left = new HashSet<string>(words, StringComparer.OrdinalIgnoreCase);
        else
            left.IntersectWith(words);
        if (left.Count == 0)
            WhyEmpty ??= $"no {fact} meets all that is said of it";
    }

    private void Narrow(string fact, Span span)
    {
        var left = _spans.TryGetValue(fact, out var before) ? before.With(span) : span;
        _spans[fact] = left;
        if (left.IsEmpty)
            WhyEmpty ??= $"no {fact} meets all that is said of it";
    }

    private readonly record struct Span(double From, double To, bool FromOpen, bool ToOpen)
    {
        public bool IsEmpty => From > To || (From == To && (FromOpen || ToOpen));

        public Span With(Span other) =>
            new(
                Math.Max(From, other.From),
                Math.Min(To, other.To),
                From == other.From ? FromOpen || other.FromOpen
                    : From > other.From ? FromOpen
                    : other.FromOpen,
                To == other.To ? ToOpen || other.ToOpen
                    : To < other.To ? ToOpen
                    : other.ToOpen
            );

        public bool Covers(Span other) => With(other) == other;
    }
}
