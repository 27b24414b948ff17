namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Watches a stream that is relayed as it is, and hands the whole answer on where somebody wants it.</summary>
internal sealed class ResponsesTap(ResponsesStreamReader reader) : EventTap(reader)
{
    public override StreamPiece Inspect(ReadOnlySpan<byte> rawEvent)
    {
        reader.Observer = Observer;
        return base.Inspect(rawEvent);
    }
}
