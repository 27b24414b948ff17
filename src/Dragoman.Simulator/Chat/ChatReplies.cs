using Dragoman.Simulator.Dialects;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Chat;

/// <summary>From a chat call to its planned reply, a fault's twists included.</summary>
internal static class ChatReplies
{
    public static Reply Plan(ChatCall asked, Call call)
    {
        var style = call.Fault?.Style ?? ReplyStyle.Usual;
        var answer = ChatAnswers.Compose(
            asked,
            call.Model,
            call.Dialect.IdPrefix,
            call.Id,
            call.Moment.Now,
            style
        );
        return asked.Stream
            ? Streamed(answer, asked, style, call)
            : Plain(answer, asked, style, call);
    }

    private static Reply Plain(ChatAnswer answer, ChatCall asked, ReplyStyle style, Call call)
    {
        var options = call.Moment.Options;
        var deltas = answer.Choices.Sum(choice => choice.Reasoning.Count + choice.Text.Count);
        var wait = (options.FirstDelay + options.ChunkDelay * deltas) * call.Model.Slowness;
        var sound = Reply.Whole(200, call.Dialect.Write(answer, asked, style), wait);
        return call.Fault?.Plain is { } twist ? twist(sound, call.Moment) : sound;
    }

    private static Reply Streamed(ChatAnswer answer, ChatCall asked, ReplyStyle style, Call call)
    {
        var usage = asked.IncludeUsage && style.Placement == UsagePlacement.OwnChunk;
        var events = StreamScript.Of(answer, usage);
        if (call.Fault?.Events is { } twist)
            events = twist(events);

        var options = call.Moment.Options;
        var first = options.FirstDelay * call.Model.Slowness;
        var next = options.ChunkDelay * call.Model.Slowness;
        var writer = call.Dialect.Stream(answer, asked, style);
        IReadOnlyList<Piece> pieces = Pieces(events, writer, call, first, next);
        if (call.Fault?.Writes is { } writes && pieces.Count > 0)
            pieces = writes(pieces, call.Moment);
        return Reply.Events(pieces, call.Dialect.StreamType);
    }

    private static List<Piece> Pieces(
        List<StreamEvent> events,
        EventWriter writer,
        Call call,
        TimeSpan first,
        TimeSpan next
    )
    {
        var pieces = new List<Piece>(events.Count);
        foreach (var item in events)
        {
            switch (item.Kind)
            {
                case EventKind.Hang:
                    pieces.Add(Piece.Hang);
                    break;
                case EventKind.Comments:
                    pieces.Add(
                        Piece.KeepAlive(call.Dialect.KeepAlive, call.Moment.Options.PingInterval)
                    );
                    break;
                case EventKind.Reset:
                    pieces.Add(Piece.Reset);
                    break;
                default:
                    if (writer.Write(item) is { IsEmpty: false } bytes)
                        pieces.Add(
                            Piece.Of(
                                bytes,
                                pieces.Count == 0 ? first
                                    : item.IsDelta ? next
                                    : default
                            )
                        );
                    break;
            }
        }
        return pieces;
    }
}
