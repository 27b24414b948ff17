using System.Buffers;

namespace Dragoman.Dialects.AnthropicMessages;

/// <summary>
/// Tool calls of a stream whose turn has not come: a block must be whole before the next begins, and only OpenAI's dialect may
/// tell several calls in turns.
/// </summary>
internal sealed class AnthropicPendingCalls
{
    private readonly List<Waiting> _waiting = [];
    private int _open = -1;
    private int _depth;
    private bool _inText;
    private bool _escaped;
    private bool _hasArguments;

    public sealed record Waiting(int Call, byte[] Id, byte[] Name)
    {
        public ArrayBufferWriter<byte> Arguments { get; } = new();
    }

    /// <summary>The call that is open has had all of its arguments.</summary>
    public bool IsOpenWhole => _hasArguments && _depth <= 0 && !_inText;

    public bool IsOpen(int call) => _open == call;

    /// <summary>Whether a call that begins now must wait: another is open and may not be whole.</summary>
    public bool MustWait(bool isOpen) => _waiting.Count > 0 || (isOpen && !IsOpenWhole);

    public void Opened(int call)
    {
        _open = call;
        (_depth, _inText, _escaped, _hasArguments) = (0, false, false, false);
    }

    public void CloseOpen() => Opened(-1);

    public void Begin(int call, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name) =>
        _waiting.Add(new Waiting(call, id.ToArray(), name.ToArray()));

    public void Add(int call, ReadOnlySpan<byte> arguments) =>
        _waiting.FindLast(waiting => waiting.Call == call)?.Arguments.Write(arguments);

    /// <summary>The call whose turn it is: the open one is whole, or has no arguments while those of others already come.</summary>
    /// <param name="isLast">Nothing more comes for the open one.</param>
    public Waiting? TakeNext(bool isLast)
    {
        if (_waiting.Count == 0)
            return null;
        if (
            !isLast
            && !IsOpenWhole
            && (_hasArguments || !_waiting.Exists(waiting => waiting.Arguments.WrittenCount > 0))
        )
            return null;
        var next = _waiting[0];
        _waiting.RemoveAt(0);
        return next;
    }

    /// <summary>Follows the arguments of the open call, to know when they are whole. They are JSON within a JSON string, so quotes are escaped.</summary>
    public void Note(ReadOnlySpan<byte> escaped)
    {
        _hasArguments |= !escaped.IsEmpty;
        for (var i = 0; i < escaped.Length; i++)
        {
            var b = escaped[i];
            var isEscape = b == (byte)'\\' && i + 1 < escaped.Length;
            if (isEscape)
                b = escaped[++i];
            if (_escaped)
                _escaped = false;
            else if (isEscape && b == (byte)'\\')
                _escaped = _inText;
            else if (isEscape && b == (byte)'"')
                _inText = !_inText;
            else if (_inText || isEscape)
                continue;
            else if (b is (byte)'{' or (byte)'[')
                _depth++;
            else if (b is (byte)'}' or (byte)']')
                _depth--;
        }
    }
}
