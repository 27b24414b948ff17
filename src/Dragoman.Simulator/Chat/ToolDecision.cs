using System.Text;
using Dragoman.Simulator.Schemas;

namespace Dragoman.Simulator.Chat;

/// <summary>Whether tools are called, and which.</summary>
internal static class ToolDecision
{
    private static readonly string[] WordsForTools = ["tool", "tools", "function", "functions"];
    private static readonly string[] WordsForSeveral =
    [
        "parallel",
        "both",
        "each",
        "several",
        "twice",
    ];

    /// <summary>
    /// The calls to make; none where the answer is text. An unforced tool is called when the prompt speaks of tools or holds a word
    /// of its name, once per such tool; "both", "each", "parallel" and their like make it at least two calls.
    /// A <see cref="PromptScript"/> goes before all that, as far as its tools are offered.
    /// </summary>
    public static IReadOnlyList<ToolCall> Decide(ChatCall call, string id)
    {
        var forced = call.Demand == ToolDemand.Required;
        if (call.Demand == ToolDemand.None || call.Tools.Count == 0)
            return [];
        if (call.Transcript.Script is { } script)
        {
            var orders = PromptScript.Of(script).After(call.Transcript.Results);
            var offered = orders.Where(order => call.Tools.Any(tool => tool.Name == order.Name));
            var calls = offered.Select(
                (order, index) => new ToolCall(IdOf(id, index), order.Name, order.Arguments)
            );
            if (!forced || calls.Any())
                return [.. calls];
        }
        if (!forced && (call.Transcript.ToolResult ?? call.Transcript.Prefill) is not null)
            return [];

        var words = Words(call.Transcript.Prompt);
        var chosen = call.DemandedTool is { } name
            ? call.Tools.Where(tool => tool.Name == name).ToList()
            : call.Tools.Where(tool => Words(tool.Name).Any(words.Contains)).ToList();
        if (chosen.Count == 0 && (forced || WordsForTools.Any(words.Contains)))
            chosen.Add(call.Tools[0]);
        if (chosen.Count == 1 && WordsForSeveral.Any(words.Contains))
            chosen.Add(chosen[0]);
        return
        [
            .. chosen
                .Take(call.ParallelTools ? chosen.Count : 1)
                .Select(
                    (tool, index) =>
                        new ToolCall(
                            IdOf(id, index),
                            tool.Name,
                            SchemaInstances.Of(tool.Schema, index)
                        )
                ),
        ];
    }

    private static string IdOf(string id, int index) =>
        "call_" + StableHash.Id(Encoding.UTF8.GetBytes($"{id} {index}"));

    /// <summary>Words of three letters and more, in lower case; parts of a name in snake_case or camelCase count as words.</summary>
    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var start = 0;
        for (var at = 1; at <= text.Length; at++)
        {
            var ends =
                at == text.Length
                || !char.IsLetterOrDigit(text[at])
                || (char.IsUpper(text[at]) && char.IsLower(text[at - 1]));
            if (!ends)
                continue;
            var word = text.AsSpan(start, at - start).TrimStart("_-. \n\t\"'([{:,;!?/");
            if (word.Length >= 3 && word is not "get" and not "the")
                words.Add(word.ToString().ToLowerInvariant());
            start = at;
        }
        return words;
    }
}
