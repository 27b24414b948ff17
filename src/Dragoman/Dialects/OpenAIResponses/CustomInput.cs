using System.Buffers;
using System.Buffers.Text;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>
/// Finds the text of <c>{"input":"…"}</c> in arguments that come in pieces cut anywhere, and hands on what there is of it. The
/// text stands escaped in the arguments, as a delta wants it; only an escape that is not whole yet waits.
/// </summary>
internal sealed class CustomInput
{
    private readonly byte[] _escape = new byte[12];
    private int _escapeLength;
    private int _matched;
    private State _state;

    private enum State
    {
        Key,
        Colon,
        Quote,
        Text,
        Over,
    }

    /// <summary>The text was found.</summary>
    public bool HasText { get; private set; }

    private static ReadOnlySpan<byte> Name => "\"input\""u8;

    /// <summary>Takes more of the arguments, escaped once more as they are in an event; writes the text in it.</summary>
    public void Feed(ReadOnlySpan<byte> arguments, IBufferWriter<byte> text)
    {
        while (!arguments.IsEmpty && _state is not State.Over)
        {
            var plain = arguments.IndexOf((byte)'\\');
            if (plain != 0)
            {
                var run = plain < 0 ? arguments : arguments[..plain];
                FeedPlain(run, text);
                arguments = arguments[run.Length..];
                continue;
            }
            arguments = arguments[FeedEscape(arguments, text)..];
        }
    }

    private void FeedPlain(ReadOnlySpan<byte> run, IBufferWriter<byte> text)
    {
        if (_state is State.Text && _escapeLength == 0)
        {
            // Without a backslash before it no quote can stand in an event's text.
            text.Write(run);
            return;
        }
        foreach (var b in run)
            Step(b, text);
    }

    /// <summary>An escape of the event's own; its length is returned.</summary>
    private int FeedEscape(ReadOnlySpan<byte> arguments, IBufferWriter<byte> text)
    {
        if (arguments.Length < 2)
            return arguments.Length;
        switch (arguments[1])
        {
            case (byte)'u':
                var length = Math.Min(6, arguments.Length);
                if (Utf8Parser.TryParse(arguments[2..length], out ushort unit, out _, 'x'))
                    StepUnit(unit, arguments[..length], text);
                return length;
            case (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f':
                // A control character as such: between tokens it is nothing, in the text it is told as it was meant.
                if (_state is State.Text)
                    text.Write(arguments[..2]);
                return 2;
            default:
                Step(arguments[1], text);
                return 2;
        }
    }

    private void StepUnit(ushort unit, ReadOnlySpan<byte> escape, IBufferWriter<byte> text)
    {
        if (unit is >= 0x20 and < 0x80)
            Step((byte)unit, text);
        else if (_state is State.Text)
            text.Write(escape);
        else
            _matched = 0;
    }

    private void Step(byte b, IBufferWriter<byte> text)
    {
        switch (_state)
        {
            case State.Key:
                _matched =
                    b == Name[_matched] ? _matched + 1
                    : b == Name[0] ? 1
                    : 0;
                if (_matched == Name.Length)
                    _state = State.Colon;
                break;
            case State.Colon:
                _state =
                    b == (byte)':' ? State.Quote
                    : IsSpace(b) ? State.Colon
                    : Restart();
                break;
            case State.Quote:
                HasText = b == (byte)'"';
                _state =
                    HasText ? State.Text
                    : IsSpace(b) ? State.Quote
                    : State.Over;
                break;
            case State.Text:
                StepInText(b, text);
                break;
        }
    }

    private void StepInText(byte b, IBufferWriter<byte> text)
    {
        if (_escapeLength == 0 && b is not ((byte)'"' or (byte)'\\'))
        {
            text.Write([b]);
            return;
        }
        if (_escapeLength == 0 && b == (byte)'"')
        {
            _state = State.Over;
            return;
        }
        if (_escapeLength == 6 && b != (byte)'\\')
        {
            // Half a pair whose other half does not come.
            Flush(text);
            StepInText(b, text);
            return;
        }
        _escape[_escapeLength++] = b;
        if (_escapeLength == Length)
            Flush(text);
    }

    /// <summary>How long the escape is that has begun; one more than there is where that is not known yet.</summary>
    private int Length
    {
        get
        {
            if (_escapeLength < 2 || _escape[1] != (byte)'u')
                return 2;
            if (_escapeLength <= 6)
                return _escapeLength == 6 && IsHighSurrogate ? 7 : 6;
            // The second of a pair goes out with the first: half a pair in a delta is more than some clients bear.
            return _escapeLength == 7 || _escape[7] == (byte)'u' ? 12 : 8;
        }
    }

    private bool IsHighSurrogate =>
        Utf8Parser.TryParse(_escape.AsSpan(2, 4), out ushort unit, out _, 'x')
        && char.IsHighSurrogate((char)unit);

    private void Flush(IBufferWriter<byte> text)
    {
        text.Write(_escape.AsSpan(0, _escapeLength));
        _escapeLength = 0;
    }

    private State Restart()
    {
        _matched = 0;
        return State.Key;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
