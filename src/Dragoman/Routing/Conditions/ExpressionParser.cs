using System.Text.RegularExpressions;
using Dragoman.Canonical;

namespace Dragoman.Routing.Conditions;

/// <summary>
/// Reads a condition that is written out, e.g. <c>task_type == "code" and (difficulty &gt; 0.6 or "vip" in tags)</c>. It is typed: what
/// cannot be compared is a mistake when it is read, never when a request comes.
/// </summary>
/// <remarks>
/// <code>
/// either     = all { ("or" | "||") all }
/// all        = opposite { ("and" | "&amp;&amp;") opposite }
/// opposite   = ("not" | "!") opposite | comparison
/// comparison = sum [ ("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "in" | "contains" | "starts_with" | "ends_with" | "matches") sum ]
/// sum        = product { ("+" | "-") product }
/// product    = single { ("*" | "/") single }
/// single     = number | text | "true" | "false" | fact | header "(" text ")" | "[" text { "," text } "]" | "-" single | "(" either ")"
/// </code>
/// </remarks>
internal sealed class ExpressionParser
{
    private const int MostLetters = 2_000;
    private const int MostNesting = 24;
    private const int MostParts = 200;

    private static readonly string[] Comparisons =
    [
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "in",
        "contains",
        "starts_with",
        "ends_with",
        "matches",
    ];

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;
    private int _parts;

    private ExpressionParser(List<Token> tokens) => _tokens = tokens;

    /// <exception cref="ExpressionException">What is wrong, and where.</exception>
    public static Condition Parse(string text)
    {
        if (text.Length > MostLetters)
            throw new ExpressionException(MostLetters, $"it is longer than {MostLetters} letters");
        var parser = new ExpressionParser(ExpressionLexer.Cut(text));
        var start = parser.Next;
        var condition = parser.Either();
        if (parser.Next.Kind != TokenKind.End)
            throw parser.Expected("'and', 'or' or the end");
        return Need(condition, ValueKind.Flag, start, "a condition that is true or false");
    }

    private Token Next => _tokens[_at];

    private Condition Either() => Joined(all: false, "or", "||", All);

    private Condition All() => Joined(all: true, "and", "&&", Opposite);

    private Condition Joined(bool all, string word, string sign, Func<Condition> part)
    {
        var start = Next;
        var first = part();
        if (!IsNext(word) && !IsNext(sign))
            return first;
        var parts = new List<Condition> { Need(first, ValueKind.Flag, start, "a condition") };
        while (IsNext(word) || IsNext(sign))
        {
            _at++;
            start = Next;
            parts.Add(Need(part(), ValueKind.Flag, start, "a condition"));
        }
        return new Several(all, parts);
    }

    private Condition Opposite()
    {
        if (!IsNext("not") && !IsNext("!"))
            return Compared();
        _at++;
        Deeper();
        var start = Next;
        var inner = Need(Opposite(), ValueKind.Flag, start, "a condition");
        _depth--;
        return new Not(inner);
    }

    private Condition Compared()
    {
        var start = Next;
        var left = Sum();
        var sign = Array.Find(Comparisons, IsNext);
        if (sign is null)
            return left;
        var at = Next;
        _at++;
        var behind = Next;
        var right = Sum();
        Check(sign, left, right, start, at, behind);
        return sign == "matches"
            ? new Matches(left, ((Literal)right).Value.Text, Pattern(right, behind))
            : new Comparison(sign, left, right);
    }

    private static void Check(
        string sign,
        Condition left,
        Condition right,
        Token start,
        Token at,
        Token behind
    )
    {
        switch (sign)
        {
            case "==" or "!=":
                if (left.Kind != right.Kind || left.Kind == ValueKind.Texts)
                    throw new ExpressionException(
                        at.Position,
                        $"{Told(left.Kind)} cannot be compared with {Told(right.Kind)}"
                    );
                CheckWords(left, right, behind);
                break;
            case "<" or "<=" or ">" or ">=":
                Need(left, ValueKind.Number, start, $"a number before {sign}");
                Need(right, ValueKind.Number, behind, $"a number behind {sign}");
                break;
            case "in":
                Need(left, ValueKind.Text, start, "a text before in");
                Need(right, ValueKind.Texts, behind, "a list behind in, such as [\"a\", \"b\"]");
                CheckWords(left, right, behind);
                break;
            case "contains":
                if (left.Kind is not (ValueKind.Texts or ValueKind.Text))
                    throw new ExpressionException(
                        start.Position,
                        "a text or a list was expected before contains"
                    );
                Need(right, ValueKind.Text, behind, "a text behind contains");
                break;
            default:
                Need(left, ValueKind.Text, start, $"a text before {sign}");
                Need(right, ValueKind.Text, behind, $"a text behind {sign}");
                if (sign == "matches" && right is not Literal)
                    throw new ExpressionException(
                        behind.Position,
                        "a pattern in quotes was expected behind matches"
                    );
                break;
        }
    }

    /// <summary>A task or a weekday that does not exist would never be met.</summary>
    private static void CheckWords(Condition left, Condition right, Token behind)
    {
        if (left is not FactOf { Fact.Name: var name } || right is not Literal { Value: var value })
            return;
        IReadOnlyList<string>? known = name switch
        {
            "task_type" => Exchanges.TaskNames.All,
            "weekday" => Weekdays.All,
            _ => null,
        };
        IReadOnlyList<string> said = value.Kind == ValueKind.Texts ? value.Texts : [value.Text];
        if (
            known is not null
            && said.FirstOrDefault(word => !known.Contains(word, StringComparer.OrdinalIgnoreCase))
                is { } odd
        )
            throw new ExpressionException(
                behind.Position,
                $"'{odd}' is no {name}: known are {string.Join(", ", known)}"
            );
    }

    private Condition Sum()
    {
        var start = Next;
        var left = Product();
        while (IsNext("+") || IsNext("-"))
            left = Calculated(left, start, Product);
        return left;
    }

    private Condition Product()
    {
        var start = Next;
        var left = Single();
        while (IsNext("*") || IsNext("/"))
            left = Calculated(left, start, Single);
        return left;
    }

    private Arithmetic Calculated(Condition left, Token start, Func<Condition> part)
    {
        var sign = Next.Text[0];
        _at++;
        var behind = Next;
        Count(behind);
        return new Arithmetic(
            sign,
            Need(left, ValueKind.Number, start, $"a number before {sign}"),
            Need(part(), ValueKind.Number, behind, $"a number behind {sign}")
        );
    }

    private Condition Single()
    {
        var token = Next;
        Count(token);
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return new Literal(Value.Of((double?)token.Number));
            case TokenKind.Text:
                _at++;
                return new Literal(Value.Of(token.Text));
            case TokenKind.Name:
                return Named(token);
            case TokenKind.Sign when token.Text == "(":
                _at++;
                Deeper();
                var inner = Either();
                _depth--;
                Take(")");
                return inner;
            case TokenKind.Sign when token.Text == "[":
                return List();
            case TokenKind.Sign when token.Text == "-":
                _at++;
                Deeper();
                var start = Next;
                var number = Need(Single(), ValueKind.Number, start, "a number behind -");
                _depth--;
                return new Arithmetic('-', new Literal(Value.Of((double?)0)), number);
            default:
                throw Expected("a fact, a number, a text or '('");
        }
    }

    private Condition Named(Token token)
    {
        _at++;
        switch (token.Text)
        {
            case "true" or "false":
                return new Literal(Value.Of((bool?)(token.Text == "true")));
            case "header":
                Take("(");
                var name = Next;
                if (name.Kind != TokenKind.Text)
                    throw Expected("a header's name in quotes");
                if (HeaderNames.WhyNot(name.Text) is { } why)
                    throw new ExpressionException(name.Position, why);
                _at++;
                Take(")");
                return new HeaderOf(name.Text);
            default:
                if (Fact.Find(token.Text) is { } fact)
                    return new FactOf(fact);
                var near = NearestName.Of(token.Text, Fact.Names);
                throw new ExpressionException(
                    token.Position,
                    $"nothing is known by the name '{token.Text}'"
                        + (
                            near is null
                                ? $": there are {string.Join(", ", Fact.Names)} and header(\"…\")"
                                : $": did you mean {near}?"
                        )
                );
        }
    }

    private Literal List()
    {
        Take("[");
        var texts = new List<string>();
        while (!IsNext("]"))
        {
            if (texts.Count > 0)
                Take(",");
            if (Next.Kind != TokenKind.Text)
                throw Expected("a text in quotes");
            Count(Next);
            texts.Add(Next.Text);
            _at++;
        }
        Take("]");
        return new Literal(Value.Of(texts));
    }

    private static Regex Pattern(Condition pattern, Token at)
    {
        try
        {
            return new Regex(
                ((Literal)pattern).Value.Text,
                RegexOptions.NonBacktracking
                    | RegexOptions.IgnoreCase
                    | RegexOptions.CultureInvariant,
                TimeSpan.FromMilliseconds(100)
            );
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new ExpressionException(
                at.Position,
                "this pattern cannot be used: " + wrong.Message.ReplaceLineEndings(" ")
            );
        }
    }

    private bool IsNext(string word) =>
        Next.Kind is TokenKind.Name or TokenKind.Sign && Next.Text == word;

    private void Take(string sign)
    {
        if (!IsNext(sign))
            throw Expected($"'{sign}'");
        _at++;
    }

    private void Deeper()
    {
        if (++_depth > MostNesting)
            throw new ExpressionException(Next.Position, $"it is nested deeper than {MostNesting}");
    }

    private void Count(Token at)
    {
        if (++_parts > MostParts)
            throw new ExpressionException(at.Position, $"it has more than {MostParts} parts");
    }

    private ExpressionException Expected(string what) =>
        new(Next.Position, $"{what} was expected, not {Next.Told}");

    private static Condition Need(Condition condition, ValueKind kind, Token at, string what) =>
        condition.Kind == kind
            ? condition
            : throw new ExpressionException(
                at.Position,
                $"{what} was expected, and this is {Told(condition.Kind)}"
            );

    private static string Told(ValueKind kind) =>
        kind switch
        {
            ValueKind.Flag => "true or false",
            ValueKind.Number => "a number",
            ValueKind.Texts => "a list",
            _ => "a text",
        };
}
