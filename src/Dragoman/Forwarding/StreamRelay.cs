using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Dragoman.Dialects;
using Dragoman.Dialects.Sse;
using Dragoman.Exchanges;

namespace Dragoman.Forwarding;

/// <summary>
/// Relays a stream event by event, bytes untouched. What comes before the first content (the role) is held back while another
/// deployment could still take over, so that its answer has its own headers; else it goes out at once, and a further attempt
/// leaves its own out. From the first content on every read goes out at once. Allocates nothing per event.
/// </summary>
internal sealed class StreamRelay(
    StreamFraming framing,
    StreamTap tap,
    bool withholdUsage,
    PipeWriter output,
    ExchangeLog log
) : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _filled;
    private EventFramer _framer = new(framing);
    private ArrayBufferWriter<byte>? _held;
    private Progress _afterCommit;
    private Replay? _replay;

    /// <summary>What reading on would mean.</summary>
    public enum Progress
    {
        /// <summary>Nothing to send, the stream goes on.</summary>
        Waiting,

        /// <summary>Content is here: the answer must be started, then <see cref="Commit"/> be called.</summary>
        FirstContent,

        /// <summary>What precedes the content may go out: the answer must be started, then <see cref="Release"/> be called.</summary>
        Preamble,

        /// <summary>Bytes were written and want to be flushed.</summary>
        Wrote,

        /// <summary>The stream came to a sound end.</summary>
        Ended,

        /// <summary>It ended without content or finish.</summary>
        Empty,

        /// <summary>It broke off.</summary>
        Cut,

        /// <summary>The provider told an error.</summary>
        Error,

        /// <summary>An event is longer than is taken.</summary>
        TooLong,

        /// <summary>A second start does not repeat what the client already has.</summary>
        Diverged,
    }

    /// <summary>Content went out.</summary>
    public bool Committed { get; private set; }

    /// <summary>This stream starts an answer again of which the client has <paramref name="alreadySent"/>: that much is swallowed.</summary>
    public void Expect(ReadOnlyMemory<byte> alreadySent) => _replay = new Replay(alreadySent);

    /// <summary>The client already has what comes before the first content (the role): it is not told twice.</summary>
    public bool LeavesOutPreamble { get; init; }

    /// <summary>What comes before the first content goes out as it comes.</summary>
    public bool ReleasesPreamble { get; init; }

    /// <summary>Where the next read goes.</summary>
    public Memory<byte> Room(int atLeast = 1)
    {
        if (_start == _filled)
            (_start, _filled) = (0, 0);
        if (_buffer.Length - _filled < atLeast)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
                (_start, _filled) = (0, _filled - _start);
            }
            else
            {
                var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
                _buffer.AsSpan(0, _filled).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
        }
        return _buffer.AsMemory(_filled);
    }

    /// <summary>Takes in what was read into <see cref="Room"/>; 0 is the end of the stream.</summary>
    public Progress Take(int read)
    {
        _filled += read;
        return read == 0 ? End() : Scan();
    }

    /// <summary>Lets go what was held back, now that the answer has been started; says how it went on.</summary>
    public Progress Commit()
    {
        Committed = true;
        Release();
        return _afterCommit;
    }

    /// <summary>Lets go what was held back.</summary>
    public void Release()
    {
        if (_held is null)
            return;
        output.Write(_held.WrittenSpan);
        _held = null;
    }

    /// <summary>The stream's normal end, where the provider left it out.</summary>
    public void WriteTerminator(ReadOnlySpan<byte> terminator)
    {
        if (!tap.Done)
            output.Write(terminator);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Passes on every whole event that is there.</summary>
    private Progress Scan()
    {
        var (wrote, content) = (false, false);
        Progress? end = null;
        while (end is null)
        {
            var pending = _buffer.AsSpan(_start, _filled - _start);
            var length = _framer.NextEvent(pending);
            if (
                Math.Max(length, pending.Length) > SseFramer.MaxEventBytes
                && (length == 0 || length > SseFramer.MaxEventBytes)
            )
                return Progress.TooLong;
            if (length == 0)
                break;
            end = Pass(pending[..length], ref wrote, ref content);
            _start += length;
        }
        if (Committed || !content || end is Progress.Error)
            return end
                ?? (
                    wrote ? Progress.Wrote
                    : ReleasesPreamble && _held is not null ? Progress.Preamble
                    : Progress.Waiting
                );
        _afterCommit = end ?? Progress.Wrote;
        return Progress.FirstContent;
    }

    /// <summary>One event; null where the stream goes on.</summary>
    private Progress? Pass(ReadOnlySpan<byte> raw, ref bool wrote, ref bool content)
    {
        var piece = tap.Inspect(raw);
        switch (piece)
        {
            case StreamPiece.UsageOnly when withholdUsage:
                return null;
            case StreamPiece.Malformed:
                log.Change("skipped:malformed_chunk");
                return null;
            case StreamPiece.Error:
                return Progress.Error;
            // A terminator alone does not make an answer whole: every provider on record says first why it ended.
            case StreamPiece.Done when !tap.Finished:
                return Committed || content ? Progress.Cut : Progress.Empty;
            case StreamPiece.Content:
                content |= _replay is null;
                break;
        }
        if (_replay is { } replay)
            return CatchUp(replay, raw, ref content);
        var rendered = tap.Rendered(raw);
        if (Committed)
        {
            output.Write(rendered);
            wrote |= !rendered.IsEmpty;
        }
        else if ((content || !LeavesOutPreamble) && piece != StreamPiece.Comment)
        {
            if (_held?.WrittenCount > SseFramer.MaxEventBytes)
                return Progress.TooLong;
            Hold(rendered);
        }
        return tap.Done ? Progress.Ended : null;
    }

    /// <summary>One event of an answer that was started again: swallowed while it repeats, spliced where it goes beyond.</summary>
    private Progress? CatchUp(Replay replay, ReadOnlySpan<byte> raw, ref bool content)
    {
        var text = tap.Transcript!.WrittenSpan;
        var verdict = tap.TextOnly ? replay.Judge(text) : Replay.Verdict.Diverges;
        if (verdict == Replay.Verdict.Repeats && !tap.Finished)
            return null;
        // A second answer that is over before the first one's end is another answer.
        if (
            verdict == Replay.Verdict.Diverges
            || (verdict == Replay.Verdict.Repeats && !replay.IsWhole(text))
        )
            return Progress.Diverged;
        _replay = null;
        content = true;
        tap.WriteBeyond(
            _held ??= new ArrayBufferWriter<byte>(raw.Length),
            raw,
            Encoding.UTF8.GetString(replay.Beyond(text))
        );
        return null;
    }

    private void Hold(ReadOnlySpan<byte> rendered)
    {
        if (!rendered.IsEmpty)
            (_held ??= new ArrayBufferWriter<byte>(rendered.Length)).Write(rendered);
    }

    private Progress End()
    {
        if (!_buffer.AsSpan(_start, _filled - _start).IsEmpty)
        {
            // The last event lacks its blank line; it is given one, so that the client sees it.
            "\n\n"u8.CopyTo(Room(2).Span);
            _filled += 2;
            var last = Scan();
            if (last is not (Progress.Waiting or Progress.Wrote))
                return last;
        }
        if (!tap.Complete())
            return tap.Error is not null ? Progress.Error
                : Committed ? Progress.Cut
                : Progress.Empty;
        if (Committed)
            output.Write(tap.Rendered(default));
        return Progress.Ended;
    }
}
