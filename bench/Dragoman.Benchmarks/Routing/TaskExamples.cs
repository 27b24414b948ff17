using Dragoman.Routing.Classification;

namespace Dragoman.Benchmarks.Routing;

/// <summary>One prompt to learn from or to be judged by.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="Task">What it asks for.</param>
/// <param name="Source">Where it comes from; leaving one source out leaves all of it out.</param>
/// <param name="Group">What shares a template with it: the source, or the line of our own file.</param>
internal sealed record TaskExample(string Text, TaskKind Task, string Source, string Group)
{
    public const string Own = "own";

    public bool IsOwn => Source == Own;
}

/// <summary>Reads the labelled prompts, and fills our own templates.</summary>
internal static class TaskExamples
{
    private const int Fillings = 5;

    /// <summary>The labelled prompts of the shared data.</summary>
    public static List<TaskExample> Shared() =>
        [
            .. RoutingFiles
                .Lines<LabelledPrompt>(RoutingFiles.Shared("classification.jsonl"))
                .Select(row => new TaskExample(
                    row.Prompt,
                    TaskKinds.Find(row.Task)!.Value,
                    row.Source,
                    row.Source
                )),
        ];

    /// <summary>The prompts that nothing is trained on.</summary>
    public static List<TaskExample> HeldOut() => Unseen("held-out");

    /// <summary>Prompts as they come from people and from tests of other kinds; nothing is trained on them either.</summary>
    public static List<TaskExample> Wild() => Unseen("wild");

    private static List<TaskExample> Unseen(string name) =>
        [
            .. Rows(name + ".tsv")
                .Select(row => new TaskExample(
                    Unescape(row[1]),
                    TaskKinds.Find(row[0])!.Value,
                    name,
                    name
                )),
        ];

    /// <summary>Our own templates, each filled a few times.</summary>
    public static List<TaskExample> OwnPrompts()
    {
        var fillers = Rows("fillers.tsv")
            .GroupBy(row => row[0])
            .ToDictionary(
                group => group.Key,
                group =>
                    group.Key
                        is "topic"
                            or "thing"
                            or "person"
                            or "country"
                            or "language"
                            or "plang"
                            or "sentence"
                            or "word"
                            or "n"
                            or "m"
                            or "name"
                            or "error"
                        ? group.SelectMany(row => row[1].Split('|')).ToArray()
                        : [.. group.Select(row => Unescape(row[1]))]
            );
        var random = new Random(5);
        var examples = new List<TaskExample>();
        foreach (var (row, line) in Rows("prompts.tsv").Select((row, line) => (row, line)))
        {
            var task = TaskKinds.Find(row[0])!.Value;
            var times = row[2].Contains('{') ? Fillings : 1;
            for (var i = 0; i < times; i++)
            {
                var text = Fill(Unescape(row[2]), row[1], fillers, random);
                // People type as they like.
                if (i % 3 == 1 && !row[2].Contains("{code}"))
                    text = char.ToLowerInvariant(text[0]) + text[1..];
                examples.Add(new TaskExample(text, task, TaskExample.Own, $"own:{line}"));
            }
        }
        return examples;
    }

    private static string Fill(
        string template,
        string language,
        Dictionary<string, string[]> fillers,
        Random random
    )
    {
        var text = template;
        for (var open = text.IndexOf('{'); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var close = text.IndexOf('}', open);
            if (close < 0)
                break;
            var name = text[(open + 1)..close];
            var own = name.EndsWith(".en", StringComparison.Ordinal) ? name[..^3] : name;
            if (!fillers.TryGetValue(own, out var choices))
                continue;
            if (language != "en" && fillers.TryGetValue($"{own}.{language}", out var local))
                choices = local;
            // An English question about a text of another language is an everyday thing.
            else if (language == "en" && own is "text" or "review" && random.Next(4) == 0)
            {
                var others = fillers
                    .Keys.Where(key => key.StartsWith(own + ".", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
                    .ToArray();
                choices = fillers[others[random.Next(others.Length)]];
            }
            var choice = choices[random.Next(choices.Length)];
            text = text[..open] + choice + text[(close + 1)..];
            open += choice.Length - 1;
        }
        return text;
    }

    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(RoutingFiles.Own(file))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'));

    private static string Unescape(string text) =>
        text.Replace("\\\\", "\u0001", StringComparison.Ordinal)
            .Replace("\\n", "\n", StringComparison.Ordinal)
            .Replace('\u0001', '\\');
}
