using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>What becomes of the writes of a stream.</summary>
internal static class WriteTwists
{
    private const byte Continuation = 0b1000_0000;
    private const byte ContinuationMask = 0b1100_0000;

    public static IReadOnlyList<Piece> Slow(IReadOnlyList<Piece> sound, FaultMoment moment) =>
        [sound[0] with { Wait = moment.Options.SlowPlain }, .. sound.Skip(1)];

    /// <summary>A write ends before each byte that goes on with a sequence.</summary>
    public static IReadOnlyList<Piece> SplitUtf8(IReadOnlyList<Piece> sound, FaultMoment moment)
    {
        var split = new List<Piece>();
        foreach (var piece in sound)
        {
            var start = 0;
            for (var at = 0; at < piece.Bytes.Length; at++)
            {
                if ((piece.Bytes.Span[at] & ContinuationMask) != Continuation)
                    continue;
                split.Add(Piece.Of(piece.Bytes[start..at], start == 0 ? piece.Wait : default));
                start = at;
            }
            split.Add(piece with { Bytes = piece.Bytes[start..] });
        }
        return split;
    }
}
