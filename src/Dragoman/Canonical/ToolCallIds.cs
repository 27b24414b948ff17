using System.Globalization;

namespace Dragoman.Canonical;

/// <summary>
/// Makes a history from a dialect without ids (Ollama, mostly Gemini) one that a dialect with ids can tell: a call gets an id, and a
/// result that of its call, found by the tool's name, else by the order.
/// </summary>
public static class ToolCallIds
{
    /// <summary>The request with an id on every call and result; the same where none was missing.</summary>
    public static ChatRequest Given(ChatRequest request)
    {
        Message[]? messages = null;
        var open = new List<(JsonText Id, JsonText Name)>();
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (Given(message, i, open) is not { } parts)
                continue;
            messages ??= [.. request.Messages];
            messages[i] = message with { Parts = parts };
        }
        return messages is null ? request : request with { Messages = messages };
    }

    /// <summary>The message's parts where one of them was given an id; null otherwise.</summary>
    private static Part[]? Given(
        Message message,
        int place,
        List<(JsonText Id, JsonText Name)> open
    )
    {
        Part[]? given = null;
        var calls = 0;
        for (var i = 0; i < message.Parts.Count; i++)
        {
            Part? changed = message.Parts[i] switch
            {
                ToolCallPart call => Open(call, place, calls++, open),
                ToolResultPart result => Close(result, open),
                _ => null,
            };
            if (changed is null)
                continue;
            given ??= [.. message.Parts];
            given[i] = changed;
        }
        return given;
    }

    private static ToolCallPart? Open(
        ToolCallPart call,
        int message,
        int place,
        List<(JsonText Id, JsonText Name)> open
    )
    {
        var id =
            call.Id
            ?? JsonText.Of(string.Create(CultureInfo.InvariantCulture, $"call_{message}_{place}"));
        open.Add((id, call.Name));
        return call.Id is null ? call with { Id = id } : null;
    }

    private static ToolResultPart? Close(
        ToolResultPart result,
        List<(JsonText Id, JsonText Name)> open
    )
    {
        var found = open.FindIndex(call =>
            result.ToolCallId is { } id ? call.Id == id
            : result.Name is { } name ? call.Name == name
            : true
        );
        // A name that no call has is a slip of the client's; there is still an order.
        if (found < 0 && result.ToolCallId is null && open.Count > 0)
            found = 0;
        if (found < 0)
            return null;
        var (callId, callName) = open[found];
        open.RemoveAt(found);
        return result.ToolCallId is null
            ? result with
            {
                ToolCallId = callId,
                Name = result.Name ?? callName,
            }
            : null;
    }
}
