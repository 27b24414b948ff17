using System.Globalization;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Gives calls and results of a request ids where its client sends none, as most clients of this dialect do: a result belongs to the
/// first unanswered call of its name. Other dialects cannot do without; this one leaves them out again.
/// </summary>
internal sealed class GeminiCallIds
{
    private const string Prefix = "gemini_call_";
    private readonly List<(JsonText Id, JsonText Name)> _open = [];
    private int _count;

    /// <summary>The id of a call that comes next.</summary>
    public JsonText OfCall(JsonText? said, JsonText name)
    {
        var id = said ?? Made();
        _open.Add((id, name));
        return id;
    }

    /// <summary>The id of the call that a result answers.</summary>
    public JsonText OfResult(JsonText? said, JsonText? name)
    {
        var at =
            said is { } known ? _open.FindIndex(call => call.Id == known)
            : name is { } called ? _open.FindIndex(call => call.Name == called)
            : -1;
        var id = said ?? (at >= 0 ? _open[at].Id : Made());
        if (at >= 0)
            _open.RemoveAt(at);
        return id;
    }

    /// <summary>The id was made here, and the client never saw it.</summary>
    public static bool IsMade(JsonText id) => id.Escaped.Span.StartsWith("gemini_call_"u8);

    private JsonText Made() =>
        JsonText.Of(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_count++}"));
}
