using System.Buffers;
using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>Watches a stream through its dialect's reader: what the events say is noted, the bytes are left as they are.</summary>
/// <param name="reader">Reads the stream; of this stream alone.</param>
public class EventTap(ChatStreamReader reader) : StreamTap, IChatEventSink
{
    private ulong _open;
    private bool _anyFinished;
    private protected StreamPiece _piece;
    private bool _wasCut;

    public override StreamPiece Inspect(ReadOnlySpan<byte> rawEvent)
    {
        var malformed = reader.MalformedEvents;
        _piece = StreamPiece.Other;
        reader.Read(rawEvent, this);
        return reader.MalformedEvents > malformed ? StreamPiece.Malformed : _piece;
    }

    public override bool Complete()
    {
        if (!reader.HasEnded)
            reader.Complete(this);
        return Done && !_wasCut;
    }

    /// <summary>Notes one event; what derives from this tells it on.</summary>
    public virtual void Take(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.TextDelta:
                Content(chatEvent);
                if (Transcript is not null)
                    Gather(chatEvent.Text);
                break;
            case ChatEventKind.ReasoningDelta or ChatEventKind.RefusalDelta:
                Content(chatEvent);
                break;
            case ChatEventKind.ToolCallStart
            or ChatEventKind.ToolArgumentDelta
            or ChatEventKind.RawPart:
                Content(chatEvent);
                TextOnly = false;
                break;
            case ChatEventKind.Stop:
                _open &= ~Bit(chatEvent.Choice);
                _anyFinished = true;
                Finished = _open == 0;
                _piece = StreamPiece.Content;
                break;
            case ChatEventKind.Usage:
                Usage = chatEvent.Usage ?? Usage;
                ServiceTier = chatEvent.Usage?.ServiceTier ?? ServiceTier;
                break;
            case ChatEventKind.Error when chatEvent.Error!.Code == ChatStreamReader.CutCode:
                _wasCut = true;
                break;
            case ChatEventKind.Error:
                Error = new UpstreamError
                {
                    Message = chatEvent.Error!.Message,
                    Code = chatEvent.Error.Code,
                    Type = chatEvent.Error.Type,
                    Param = chatEvent.Error.Param,
                    RetryAfter = chatEvent.Error.RetryAfter,
                };
                _piece = StreamPiece.Error;
                break;
            case ChatEventKind.End:
                Done = true;
                // One event may hold all there is (Ollama's short answers).
                if (_piece != StreamPiece.Content)
                    _piece = StreamPiece.Done;
                break;
        }
    }

    private void Content(in ChatEvent chatEvent)
    {
        Estimate.Add(chatEvent.Text);
        _open |= Bit(chatEvent.Choice);
        Finished = _anyFinished && _open == 0;
        if (chatEvent.Choice > 0)
            TextOnly = false;
        _piece = StreamPiece.Content;
    }

    /// <summary>One bit a choice; those past the last bit share it.</summary>
    private static ulong Bit(int choice) => 1UL << Math.Clamp(choice, 0, 63);

    private void Gather(ReadOnlySpan<byte> escaped)
    {
        if (!escaped.Contains((byte)'\\'))
        {
            Transcript!.Write(escaped);
            return;
        }
        var text = JsonUnescape.ToText(escaped);
        foreach (var rune in text.AsSpan().EnumerateRunes())
        {
            // Half a surrogate pair: what was sent cannot be told to another deployment as it was.
            if (rune == Rune.ReplacementChar && !text.Contains('\uFFFD'))
                TextOnly = false;
        }
        Encoding.UTF8.GetBytes(text, Transcript!);
    }
}
