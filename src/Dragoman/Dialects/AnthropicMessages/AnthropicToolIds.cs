using Dragoman.Canonical;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// Gives tool calls and their results ids that Anthropic takes (letters, digits, <c>_</c> and <c>-</c>) and that match: a call
/// without an id is matched to the first result that fits, by name where that is said, else in order.
/// </summary>
internal sealed class AnthropicToolIds
{
    private readonly List<(JsonText Name, JsonText Id)> _open = [];
    private int _given;

    /// <summary>The id a call is written with.</summary>
    public JsonText Of(ToolCallPart call)
    {
        var id = call.Id is { IsEmpty: false } own
            ? Fitting(own)
            : JsonText.Of(AnthropicBlockWriter.GivenId("call", _given++));
        if (call.Id is not { IsEmpty: false })
            _open.Add((call.Name, id));
        return id;
    }

    /// <summary>The id of the call that a result answers.</summary>
    public JsonText Of(ToolResultPart result)
    {
        if (result.ToolCallId is { IsEmpty: false } own)
            return Fitting(own);
        var at = result.Name is { } name ? _open.FindIndex(open => open.Name == name) : -1;
        if (at < 0 && _open.Count > 0)
            at = 0;
        if (at < 0)
            return JsonText.Of(AnthropicBlockWriter.GivenId("call", _given++));
        var id = _open[at].Id;
        _open.RemoveAt(at);
        return id;
    }

    private static JsonText Fitting(JsonText id)
    {
        foreach (var b in id.Escaped.Span)
        {
            if (!Fits((char)b))
                return JsonText.Of(
                    string.Concat(id.ToString().Select(letter => Fits(letter) ? letter : '_'))
                );
        }
        return id;
    }

    private static bool Fits(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';
}
