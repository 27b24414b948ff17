using Dragoman.Canonical;

namespace Dragoman.Routing.Classification;

/// <summary>Puts the text of a message into a reading: all of it where it is short, its beginning and its end where it is long.</summary>
internal static class PromptSource
{
    private const int Room = PromptReading.HeadChars + PromptReading.TailChars;

    /// <summary>Reads a message; false where there is no text in it.</summary>
    public static bool Read(Message message, PromptReading reading)
    {
        var room = reading.Room[..Room];
        var parts = message.Parts;
        var length = 0;
        var bytes = 0;
        var complete = true;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not TextPart { Text: { IsEmpty: false } text })
                continue;
            bytes += text.Escaped.Length;
            if (!complete)
                continue;
            if (length > 0 && length < Room)
                room[length++] = '\n';
            length += EscapedText.Head(text.Escaped.Span, room[length..], out complete);
        }
        if (bytes == 0)
            return false;
        if (!complete)
            length = KeepEnds(parts, room);
        reading.Read(length, complete ? length : bytes);
        return true;
    }

    private static int KeepEnds(IReadOnlyList<Part> parts, Span<char> room)
    {
        const int head = PromptReading.HeadChars;
        room[head] = '\n';
        // From the last part backwards, until the room for the end is full.
        var start = room.Length;
        for (var i = parts.Count - 1; i >= 0 && start > head + 1; i--)
        {
            if (parts[i] is not TextPart { Text: { IsEmpty: false } text })
                continue;
            if (start < room.Length)
                room[--start] = '\n';
            var free = room[(head + 1)..start];
            var length = EscapedText.Tail(text.Escaped.Span, free);
            free[..length].CopyTo(room[(start - length)..]);
            start -= length;
            // A part that did not fit is the one that is cut.
            if (text.Escaped.Length > free.Length)
                break;
        }
        room[start..].CopyTo(room[(head + 1)..]);
        return head + 1 + room.Length - start;
    }
}
