using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>Reads a stream in the provider's dialect and says it again in the client's; what went by is noted as in any tap.</summary>
/// <param name="reader">Reads the provider's stream.</param>
/// <param name="writer">Writes the client's, into <paramref name="written"/>.</param>
/// <param name="written">Where the writer writes; whole events of the client's dialect after each event of the provider's.</param>
public sealed class TranslatingTap(
    ChatStreamReader reader,
    IChatEventSink writer,
    ArrayBufferWriter<byte> written
) : EventTap(reader)
{
    private readonly IStoppingSink? _stopping = writer as IStoppingSink;
    private StopReason _mutedStop;
    private byte[]? _mutedWord;
    private TokenUsage? _mutedUsage;
    private bool _mutedEnd;
    private bool _isMuted;
    private List<string>? _dropped;

    /// <summary>Gives the client's dialect; parts of the answer that only another one knows are named in <see cref="Dropped"/>.</summary>
    public string? Client { get; init; }

    /// <summary>The kinds of parts that the client's dialect has no place for, each once.</summary>
    public IReadOnlyList<string> Dropped => _dropped ?? (IReadOnlyList<string>)[];

    /// <summary>Nothing is written until <see cref="WriteBeyond"/>: the answer repeats what the client already has.</summary>
    public bool IsMuted
    {
        get => _isMuted;
        init => _isMuted = value;
    }

    public override ReadOnlySpan<byte> Rendered(ReadOnlySpan<byte> rawEvent) => written.WrittenSpan;

    public override StreamPiece Inspect(ReadOnlySpan<byte> rawEvent)
    {
        written.ResetWrittenCount();
        var piece = base.Inspect(rawEvent);
        // What is held back is no content yet: until some goes out another attempt is free.
        return piece is StreamPiece.Content && _stopping is not null && written.WrittenCount == 0
            ? StreamPiece.Other
            : piece;
    }

    public override bool Complete()
    {
        written.ResetWrittenCount();
        return base.Complete();
    }

    public override void WriteBeyond(
        IBufferWriter<byte> output,
        ReadOnlySpan<byte> rawEvent,
        string text
    )
    {
        _isMuted = false;
        written.ResetWrittenCount();
        writer.Take(ChatEvent.OfText(0, JsonText.Of(text).Escaped.Span));
        if (_mutedWord is not null)
            writer.Take(ChatEvent.OfStop(0, _mutedStop, _mutedWord));
        if (_mutedUsage is not null)
            writer.Take(ChatEvent.OfUsage(_mutedUsage));
        if (_mutedEnd)
            writer.Take(ChatEvent.OfEnd());
        output.Write(written.WrittenSpan);
    }

    public override void Take(in ChatEvent chatEvent)
    {
        base.Take(chatEvent);
        // The client is told of a failure by whoever knows whether it is the last word.
        if (chatEvent.Kind is ChatEventKind.Error)
            return;
        if (chatEvent.Kind is ChatEventKind.RawPart && chatEvent.Dialect != Client)
            Drop(JsonUnescape.ToText(chatEvent.Name));
        if (!_isMuted)
            Tell(chatEvent);
        else if (chatEvent.Kind is ChatEventKind.Stop)
            (_mutedStop, _mutedWord) = (chatEvent.Stop, chatEvent.Text.ToArray());
        else if (chatEvent.Kind is ChatEventKind.Usage)
            _mutedUsage = chatEvent.Usage;
        else if (chatEvent.Kind is ChatEventKind.End)
            _mutedEnd = true;
    }

    private void Tell(in ChatEvent chatEvent)
    {
        writer.Take(chatEvent);
        if (_stopping?.Stopped is not { } stopped)
            return;
        Error = new UpstreamError { Message = stopped.Message };
        _piece = StreamPiece.Error;
    }

    private void Drop(string kind)
    {
        if (_dropped?.Contains(kind) is not true)
            (_dropped ??= []).Add(kind);
    }
}
