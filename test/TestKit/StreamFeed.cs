using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.TestKit;

/// <summary>Feeds a recorded stream to a dialect's reader as a connection does: in pieces cut anywhere.</summary>
public static class StreamFeed
{
    /// <summary>Reads <paramref name="body"/> in pieces of <paramref name="pieces"/> bytes to its end; the reader is returned.</summary>
    public static ChatStreamReader Feed(
        IDialect dialect,
        ProviderType provider,
        ReadOnlySpan<byte> body,
        int pieces,
        IChatEventSink sink
    )
    {
        var reader = dialect.CreateStreamReader(provider);
        var framer = new EventFramer(dialect.Framing);
        var (start, filled) = (0, 0);
        while (filled < body.Length)
        {
            filled = Math.Min(filled + pieces, body.Length);
            int length;
            while ((length = framer.NextEvent(body[start..filled])) > 0)
            {
                reader.Read(body.Slice(start, length), sink);
                start += length;
            }
        }
        // As the relay does it: the last event may lack its end.
        if (start < body.Length)
            reader.Read([.. body[start..], .. "\n\n"u8], sink);
        if (!reader.HasEnded)
            reader.Complete(sink);
        return reader;
    }
}
