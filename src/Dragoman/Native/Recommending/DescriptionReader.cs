using System.Globalization;
using System.Text.RegularExpressions;
using Dragoman.Routing.Classification;

namespace Dragoman.Native.Recommending;

/// <summary>
/// Reads a description such as "fast answers for chat under $1 per million": by words it knows (<see cref="WishWords"/>), and where
/// none names a task, by the classifier. What a word was taken for is kept beside it.
/// </summary>
internal sealed class DescriptionReader
{
    /// <summary>Nobody describes a model at greater length.</summary>
    public const int Longest = 2_000;

    /// <summary>Below this a description is not taken for a prompt of such a task.</summary>
    private const double LeastConfidence = 0.6;

    /// <summary>So many words besides those that were understood say something of the task.</summary>
    private const int FewestWords = 4;

    private const decimal Largest = 1_000_000_000_000;

    private readonly string _text;
    private readonly List<(int At, int Length, HeardWords Heard)> _heard = [];

    private DescriptionReader(string text) => _text = text;

    /// <param name="text">The description.</param>
    /// <param name="providers">Every name by which providers can be asked for.</param>
    public static UnderstoodWish Read(string text, IEnumerable<string> providers) =>
        new DescriptionReader(text).Read(providers);

    private UnderstoodWish Read(IEnumerable<string> providers)
    {
        var wish = ReadNumbers(new UnderstoodWish());
        wish = wish with
        {
            Capabilities = Words(WishWords.Capabilities, "capability"),
            Prefer = Words(WishWords.Preferences, "prefer"),
            Languages = Words(WishWords.Languages, "language"),
            Local = Found(WishWords.Local, "local") ? true : null,
            Region = Found(WishWords.Europe, "region = eu") ? "eu" : null,
        };
        foreach (var (difficulty, words) in WishWords.Difficulties)
            if (wish.Difficulty is null && Found(words, Figure("difficulty", difficulty)))
                wish = wish with { Difficulty = difficulty };
        wish = ReadTask(ReadProviders(wish, providers));
        return wish with
        {
            Heard =
            [
                .. _heard.OrderBy(static heard => heard.At).Select(static heard => heard.Heard),
            ],
        };
    }

    private UnderstoodWish ReadNumbers(UnderstoodWish wish)
    {
        foreach (Match money in WishWords.Money().Matches(_text))
            wish = WithMoney(wish, money);
        foreach (Match time in WishWords.Time().Matches(_text))
        {
            var limit = (long)
                Math.Round(
                    Number(time) * (time.Groups["unit"].Value is [('m' or 'M'), ..] ? 1 : 1000)
                );
            var isFirst = time.Groups["first"].Success;
            Hear(time, Figure(isFirst ? "max_first_token_ms" : "max_latency_ms", limit));
            wish = isFirst
                ? wish with
                {
                    MaxFirstTokenMs = limit,
                }
                : wish with
                {
                    MaxLatencyMs = limit,
                };
        }
        foreach (Match context in WishWords.Context().Matches(_text))
        {
            if (IsHeard(context))
                continue;
            var times = context.Groups["unit"].Value switch
            {
                [('k' or 'K' or 't' or 'T'), ..] => 1_000,
                [('m' or 'M'), ..] => 1_000_000,
                _ => 1,
            };
            var size = (long)Math.Min(Number(context) * times, int.MaxValue);
            Hear(context, Figure("min_context", size));
            wish = wish with { MinContext = Math.Max(size, wish.MinContext ?? 0) };
        }
        return wish;
    }

    private UnderstoodWish WithMoney(UnderstoodWish wish, Match match)
    {
        var usd =
            Number(match) / (match.Groups["unit"].Value is [('c' or 'C' or '¢'), ..] ? 100 : 1);
        var per = match.Groups["per"].Value.Replace(",", "", StringComparison.Ordinal);
        var tokens = per.ToUpperInvariant() switch
        {
            "" => 0,
            "M" or "1M" or "MILLION" or "MIO" or "MTOK" or "MTOKENS" or "1000000" => 1_000_000,
            "K" or "1K" or "1000" or "THOUSAND" => 1_000,
            "TOKEN" or "TOKENS" => 1,
            _ => 0,
        };
        if (tokens == 0)
        {
            Hear(match, Figure("max_cost_usd", usd));
            return wish with { MaxCostUsd = usd };
        }
        var per1k = usd * 1_000 / tokens;
        switch (match.Groups["side"].Value.ToUpperInvariant())
        {
            case "INPUT" or "PROMPT":
                Hear(match, Figure("max_input_per_1k", per1k));
                return wish with { MaxInputPer1k = per1k };
            case "OUTPUT" or "COMPLETION":
                Hear(match, Figure("max_output_per_1k", per1k));
                return wish with { MaxOutputPer1k = per1k };
            default:
                Hear(match, Figure("max_cost_per_1k", per1k));
                return wish with { MaxCostPer1k = per1k };
        }
    }

    private UnderstoodWish ReadTask(UnderstoodWish wish)
    {
        var said = WishWords
            .Tasks.Select(task => (task.Task, Matches: Meant(task.Words)))
            .Where(static task => task.Matches.Count > 0)
            .OrderByDescending(static task => task.Matches.Count)
            .ThenBy(static task => task.Matches[0].Index)
            .ToList();
        if (said is [var (task, matches), ..])
        {
            foreach (var match in matches)
                Hear(match, $"task = {task}");
            return wish with { Task = task, TaskFrom = "words" };
        }
        var rest = Rest();
        if (rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length < FewestWords)
            return wish;
        var read = TaskClassifier.Default.Classify(rest);
        // Chat is what is left when nothing tells: that is no task to choose by.
        return read.Task is TaskKind.Chat || read.Confidence < LeastConfidence
            ? wish
            : wish with
            {
                Task = read.Task.Name(),
                TaskFrom = "classifier",
                TaskConfidence = Math.Round(read.Confidence, 3),
            };
    }

    /// <summary>The description without the words that were understood.</summary>
    private string Rest()
    {
        var rest = _text.ToCharArray();
        foreach (var (at, length, _) in _heard)
            rest.AsSpan(at, length).Fill(' ');
        return new string(rest);
    }

    /// <summary>A provider is named beside a word that makes it one: some are called as other things are.</summary>
    private UnderstoodWish ReadProviders(UnderstoodWish wish, IEnumerable<string> providers)
    {
        List<string> with = [];
        List<string> without = [];
        foreach (var name in providers)
        {
            var beside = new Regex(
                $@"\b(?:from|by|at|via|on|using|use|with|only|without|except|not|no|avoid)\s+(?<name>{Regex.Escape(name)})\b|\b(?<name>{Regex.Escape(name)})(?:'s)?\s+(?:models?|only)\b",
                RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1)
            ).Match(_text);
            if (!beside.Success)
                continue;
            var isDenied = WishWords.Denied().IsMatch(_text[..beside.Groups["name"].Index]);
            (isDenied ? without : with).Add(name);
            Hear(beside, isDenied ? $"without provider {name}" : $"provider {name}");
        }
        return wish with { Providers = with, WithoutProviders = without };
    }

    /// <summary>What is said of a list, each once.</summary>
    private IReadOnlyList<string> Words(
        IReadOnlyList<(string Name, Regex Words)> list,
        string kind
    ) =>
        [
            .. list.Where(one => Found(one.Words, $"{kind} = {one.Name}"))
                .Select(static one => one.Name),
        ];

    private bool Found(Regex words, string meaning)
    {
        var meant = Meant(words);
        if (meant.Count == 0)
            return false;
        Hear(meant[0], meaning);
        return true;
    }

    /// <summary>Where the words stand, but for those that a "no" goes before.</summary>
    private List<Match> Meant(Regex words) =>
        [.. words.Matches(_text).Where(match => !WishWords.Denied().IsMatch(_text[..match.Index]))];

    private void Hear(Match match, string meaning) =>
        _heard.Add((match.Index, match.Length, new HeardWords(match.Value.Trim(), meaning)));

    private bool IsHeard(Match match) =>
        _heard.Exists(heard =>
            heard.At < match.Index + match.Length && match.Index < heard.At + heard.Length
        );

    /// <summary>The number of a match; one beyond all prices and sizes is the largest of these.</summary>
    private static decimal Number(Match match) =>
        decimal.TryParse(
            match.Groups["n"].Value.Replace(",", "", StringComparison.Ordinal),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? Math.Min(number, Largest)
            : Largest;

    private static string Figure(string name, IFormattable value) =>
        $"{name} = {value.ToString(value is decimal ? "0.#########" : null, CultureInfo.InvariantCulture)}";
}
