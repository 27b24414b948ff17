using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// The ids of a request's tool calls as its target takes them. Calls that came without one (Gemini, Ollama) are given one, and
/// their results find it by the tool's name; a target that wants ids of one length gets them made from what they were, so that
/// the same id is the same in the next request too.
/// </summary>
internal sealed class OpenAIToolIds(OpenAITarget target)
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly List<(JsonText Name, JsonText Id)> _unanswered = [];
    private int _given;

    /// <summary>The id of a call.</summary>
    public JsonText Of(ToolCallPart call)
    {
        if (call.Id is { IsEmpty: false } own)
            return Fit(own);
        var given = Fit(
            JsonText.Of(string.Create(CultureInfo.InvariantCulture, $"call_{_given++}"))
        );
        _unanswered.Add((call.Name, given));
        return given;
    }

    /// <summary>As <see cref="Of(ToolResultPart)"/>, without taking the call for answered.</summary>
    public JsonText? Peek(ToolResultPart result) =>
        result.ToolCallId is { IsEmpty: false } own ? Fit(own)
        : Find(result) is >= 0 and var place ? _unanswered[place].Id
        : result.Name;

    /// <summary>The id of the call that a result answers; null where there is none.</summary>
    public JsonText? Of(ToolResultPart result)
    {
        if (result.ToolCallId is { IsEmpty: false } own)
            return Fit(own);
        var place = Find(result);
        if (place < 0)
            return result.ToolCallId;
        var id = _unanswered[place].Id;
        _unanswered.RemoveAt(place);
        return id;
    }

    private int Find(ToolResultPart result) =>
        _unanswered.FindIndex(call => result.Name is not { } name || call.Name == name);

    private JsonText Fit(JsonText id)
    {
        if (target.Habits.ToolIdLength is not { } length || IsFit(id.Escaped.Span, length))
            return id;
        target.Losses.Translated(
            "tool_call_id",
            string.Create(CultureInfo.InvariantCulture, $"{length} letters")
        );
        return JsonText.Of(Shorten(id.ToString(), length));
    }

    public static bool IsFit(ReadOnlySpan<byte> id, int length)
    {
        foreach (var letter in id)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter))
                return false;
        }
        return id.Length == length;
    }

    private static string Shorten(string id, int length)
    {
        var number = new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes(id)), isUnsigned: true);
        var letters = new char[length];
        for (var i = 0; i < length; i++)
        {
            number = BigInteger.DivRem(number, Letters.Length, out var letter);
            letters[i] = Letters[(int)letter];
        }
        return new string(letters);
    }
}
