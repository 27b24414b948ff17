using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>What becomes of a sound plain answer, which is one piece.</summary>
internal static class PlainTwists
{
    public static Reply Nothing(Reply sound, FaultMoment moment) => Reply.Whole(200, default);

    public static Reply Silent(Reply sound, FaultMoment moment) => Refusals.Silent(moment);

    public static Reply Slow(Reply sound, FaultMoment moment) =>
        sound with
        {
            Pieces = [sound.Pieces[0] with { Wait = moment.Options.SlowPlain }],
        };

    public static Reply Short(Reply sound, FaultMoment moment) =>
        sound with
        {
            Pieces = [Half(sound)],
        };

    public static Reply Cut(Reply sound, FaultMoment moment) =>
        sound with
        {
            Pieces = [Half(sound), Piece.Reset],
        };

    public static Reply Stall(Reply sound, FaultMoment moment) =>
        sound with
        {
            Pieces = [Half(sound), Piece.Hang],
        };

    public static Reply TruncatedJson(Reply sound, FaultMoment moment)
    {
        var half = Half(sound);
        return sound with { ContentLength = half.Bytes.Length, Pieces = [half] };
    }

    private static Piece Half(Reply sound) =>
        sound.Pieces[0] with
        {
            Bytes = sound.Pieces[0].Bytes[..(sound.Pieces[0].Bytes.Length / 2)],
        };
}
