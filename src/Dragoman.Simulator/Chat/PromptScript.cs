using System.Text;
using System.Text.Json;

namespace Dragoman.Simulator.Chat;

/// <summary>
/// What a prompt itself prescribes: <c>[[call name {"an":"argument"}]]</c> calls a tool, <c>[[say words]]</c> is the answer when no
/// calls are left. The calls of one line are one turn, and each turn waits for the results of those before.
/// </summary>
internal sealed class PromptScript
{
    private const string Call = "[[call ";
    private const string Say = "[[say ";
    private const string End = "]]";

    private readonly List<List<ToolOrder>> _turns = [];

    /// <summary>The last words; null where none are prescribed.</summary>
    public string? Words { get; private set; }

    /// <summary>A call as it was prescribed; the arguments are JSON.</summary>
    internal sealed record ToolOrder(string Name, string Arguments);

    public static bool IsIn(string prompt) =>
        prompt.Contains(Call, StringComparison.Ordinal)
        || prompt.Contains(Say, StringComparison.Ordinal);

    public static PromptScript Of(string prompt)
    {
        var script = new PromptScript();
        foreach (var line in prompt.Split('\n'))
        {
            var turn = new List<ToolOrder>();
            for (var at = 0; Next(line, at) is >= 0 and var start; )
                at = script.Take(line, start, turn);
            if (turn.Count > 0)
                script._turns.Add(turn);
        }
        return script;
    }

    /// <summary>The calls of the turn that comes after so many results; none where no turn is left.</summary>
    public IReadOnlyList<ToolOrder> After(int results)
    {
        foreach (var turn in _turns)
        {
            if (results <= 0)
                return turn;
            results -= turn.Count;
        }
        return [];
    }

    private static int Next(string line, int from)
    {
        var call = line.IndexOf(Call, from, StringComparison.Ordinal);
        var say = line.IndexOf(Say, from, StringComparison.Ordinal);
        return call < 0 || say < 0 ? Math.Max(call, say) : Math.Min(call, say);
    }

    /// <summary>Takes the mark at a place, if it is whole, and says where to look on.</summary>
    private int Take(string line, int start, List<ToolOrder> turn)
    {
        if (line.AsSpan(start).StartsWith(Say, StringComparison.Ordinal))
        {
            var from = start + Say.Length;
            var end = line.IndexOf(End, from, StringComparison.Ordinal);
            if (end < 0)
                return from;
            Words = line[from..end];
            return end + End.Length;
        }
        var name = start + Call.Length;
        var brace = line.IndexOf('{', name);
        if (brace < 0 || Length(line[brace..]) is not { } length)
            return name;
        if (!line.AsSpan(brace + length).TrimStart().StartsWith(End, StringComparison.Ordinal))
            return name;
        turn.Add(new(line[name..brace].Trim(), line.Substring(brace, length)));
        return brace + length;
    }

    /// <summary>How long the JSON object is that a text begins with; null where there is none.</summary>
    private static int? Length(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            return reader.Read() && reader.TrySkip()
                ? Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
