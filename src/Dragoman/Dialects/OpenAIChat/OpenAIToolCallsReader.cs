using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>
/// Reads the tool calls of a streamed choice. Providers differ: whole calls in one delta, no index or always the same one, an empty
/// name repeated, an id repeated or anew in every delta.
/// </summary>
/// <param name="choice">The choice's index.</param>
internal sealed class OpenAIToolCallsReader(int choice)
{
    private readonly List<Call> _calls = [];

    public bool Any => _calls.Count > 0;

    /// <summary>Reads a delta's list of calls; an empty span has none.</summary>
    public void Read(ReadOnlySpan<byte> list, IChatEventSink sink)
    {
        var items = new JsonWalk(list);
        while (items.Next())
            ReadOne(items.Value, sink);
    }

    private void ReadOne(ReadOnlySpan<byte> item, IChatEventSink sink)
    {
        var delta = new Delta(item);
        if (!delta.IsFunction)
        {
            sink.Take(
                ChatEvent.OfRaw(
                    OpenAIChatDialect.DialectName,
                    RawScope.Delta,
                    choice,
                    "tool_calls"u8,
                    (byte[])[(byte)'[', .. item, (byte)']']
                )
            );
            return;
        }
        var place = Find(delta);
        if (place < 0)
        {
            place = _calls.Count;
            _calls.Add(new Call(delta.Index, delta.Id.ToArray()));
            TellSignature(item, sink);
            sink.Take(ChatEvent.OfToolCall(choice, place, delta.Id, delta.Name));
        }
        TellExtras(item, place, sink);
        if (!delta.Arguments.IsEmpty)
            sink.Take(ChatEvent.OfToolArguments(choice, place, delta.Arguments));
    }

    /// <summary>The call a delta goes on with; −1 where it begins another.</summary>
    private int Find(in Delta delta)
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var call = _calls[i];
            if (delta.Index is { } index && call.Index != index)
                continue;
            return delta.BeginsOtherThan(call) ? -1 : i;
        }
        return -1;
    }

    /// <summary>Google's signature over the call, told before it.</summary>
    private void TellSignature(ReadOnlySpan<byte> item, IChatEventSink sink)
    {
        var members = new JsonWalk(item);
        while (members.Next())
        {
            if (
                members.IsObject
                && members.Is("extra_content"u8)
                && OpenAIThoughtSignature.Read(members.Value) is { } vouching
            )
            {
                sink.Take(ChatEvent.OfPartEnd(choice));
                sink.Take(
                    ChatEvent.OfSignature(
                        choice,
                        vouching.Signature!.Value.Escaped.Span,
                        vouching.SignatureOf!
                    )
                );
            }
        }
    }

    /// <summary>What else a call carries, e.g. the thought signature that Gemini wants back in <c>extra_content</c>.</summary>
    private void TellExtras(ReadOnlySpan<byte> item, int place, IChatEventSink sink)
    {
        var members = new JsonWalk(item);
        while (members.Next())
        {
            if (!members.IsNull && !Delta.Knows(members))
                sink.Take(
                    ChatEvent.OfRaw(
                        OpenAIChatDialect.DialectName,
                        RawScope.ToolCall,
                        choice,
                        members.Name,
                        members.Value,
                        place
                    )
                );
        }
    }

    private sealed record Call(long? Index, byte[] Id);

    /// <summary>One item of a delta's list.</summary>
    private readonly ref struct Delta
    {
        public readonly long? Index;
        public readonly ReadOnlySpan<byte> Id;
        public readonly ReadOnlySpan<byte> Name;
        public readonly ReadOnlySpan<byte> Arguments;
        public readonly bool IsFunction;

        public Delta(ReadOnlySpan<byte> item)
        {
            IsFunction = true;
            var hasFunction = false;
            var members = new JsonWalk(item);
            while (members.Next())
            {
                if (members.Is("index"u8))
                    Index = members.Integer;
                else if (members.IsText && members.Is("id"u8))
                    Id = members.Text;
                else if (members.IsText && members.Is("type"u8))
                    IsFunction = members.Text.IsEmpty || members.Text.SequenceEqual("function"u8);
                else if (members.IsObject && members.Is("function"u8))
                {
                    hasFunction = true;
                    ReadFunction(members.Value, ref Name, ref Arguments);
                }
                else if (members.IsObject && members.Is("custom"u8))
                    IsFunction = false;
            }
            IsFunction |= hasFunction;
        }

        public static bool Knows(in JsonWalk member) =>
            member.Is("index"u8)
            || member.Is("id"u8)
            || member.Is("type"u8)
            || member.Is("function"u8);

        /// <summary>
        /// A new name under a new id is a new call, whatever the index says. An id alone is none: some servers invent one for every
        /// delta. Without index and id, only a name begins one.
        /// </summary>
        public bool BeginsOtherThan(Call call)
        {
            if (Name.IsEmpty)
                return false;
            if (Id.IsEmpty)
                return Index is null;
            return !Id.SequenceEqual(call.Id);
        }

        private static void ReadFunction(
            ReadOnlySpan<byte> function,
            ref ReadOnlySpan<byte> name,
            ref ReadOnlySpan<byte> arguments
        )
        {
            var members = new JsonWalk(function);
            while (members.Next())
            {
                if (members.IsText && members.Is("name"u8))
                    name = members.Text;
                else if (members.IsText && members.Is("arguments"u8))
                    arguments = members.Text;
                // Arguments in place rather than as text, where a server forgot to wrap them.
                else if (members.IsObject && members.Is("arguments"u8))
                    arguments = JsonText.Of(Encoding.UTF8.GetString(members.Value)).Escaped.Span;
            }
        }
    }
}
