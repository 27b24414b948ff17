using Dragoman.Simulator.Misbehaviour;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Chat;

/// <summary>From a chat call to its planned reply, a fault's twists included.</summary>
internal static class ChatReplies
{
    public static Reply Plan(
        ChatCall call,
        SimulatedModel model,
        Fault? fault,
        FaultMoment moment,
        string id
    )
    {
        var style = fault?.Style ?? ReplyStyle.OpenAI;
        var answer = ChatAnswers.Compose(call, model, id, moment.Now, style);
        return call.Stream
            ? Streamed(answer, call, model, fault, moment)
            : Plain(answer, call, model, fault, moment);
    }

    private static Reply Plain(
        ChatAnswer answer,
        ChatCall call,
        SimulatedModel model,
        Fault? fault,
        FaultMoment moment
    )
    {
        var deltas = answer.Choices.Sum(choice => choice.Reasoning.Count + choice.Text.Count);
        var wait =
            (moment.Options.FirstDelay + moment.Options.ChunkDelay * deltas) * model.Slowness;
        var style = fault?.Style ?? ReplyStyle.OpenAI;
        var sound = Reply.Whole(200, ChatWriter.Write(answer, call, style), wait);
        return fault?.Plain is { } twist ? twist(sound, moment) : sound;
    }

    private static Reply Streamed(
        ChatAnswer answer,
        ChatCall call,
        SimulatedModel model,
        Fault? fault,
        FaultMoment moment
    )
    {
        var style = fault?.Style ?? ReplyStyle.OpenAI;
        var usage = call.IncludeUsage && style.Placement == UsagePlacement.OwnChunk;
        var events = StreamScript.Of(answer, usage);
        if (fault?.Events is { } twist)
            events = twist(events);

        var first = moment.Options.FirstDelay * model.Slowness;
        var next = moment.Options.ChunkDelay * model.Slowness;
        var writer = new ChunkWriter(answer, call, style);
        var pieces = new List<Piece>(events.Count);
        foreach (var item in events)
        {
            switch (item.Kind)
            {
                case EventKind.Hang:
                    pieces.Add(Piece.Hang);
                    break;
                case EventKind.Comments:
                    pieces.Add(Piece.Comments(moment.Options.PingInterval));
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
        return Reply.Events(fault?.Writes is { } writes ? writes(pieces, moment) : pieces);
    }
}
