using System.Text.Json;
using Dragoman.Simulator.Misbehaviour;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects;

/// <summary>What a request asks: of which model, in which dialect. An absent model is the client's mistake.</summary>
internal sealed record Asked(Dialect Dialect, string? Model, JsonElement Root, bool Stream);

/// <summary>A request whose model is known and whose fault, if any, leaves an answer to be made.</summary>
internal sealed record Call(
    SimulatedModel Model,
    Fault? Fault,
    FaultMoment Moment,
    ReadOnlyMemory<byte> Body
)
{
    public Dialect Dialect => Moment.Dialect;
    public JsonElement Root => Moment.Request;

    /// <summary>The id of the answer: the same for the same request.</summary>
    public string Id => StableHash.Id(Body.Span);

    /// <summary>A plain answer other than a chat's, with what the fault makes of it.</summary>
    public Reply Whole(byte[] body)
    {
        var sound = Reply.Whole(200, body, Moment.Options.FirstDelay * Model.Slowness);
        return Fault?.Plain is { } twist ? twist(sound, Moment) : sound;
    }
}
