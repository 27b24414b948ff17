using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Misbehaviour;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator;

/// <summary>One way for a provider to misbehave; <see cref="Faults"/> lists them all.</summary>
public sealed class Fault
{
    internal Fault(string name, string description)
    {
        Name = name;
        Description = description;
    }

    /// <summary>The name; the model <c>fault-&lt;name&gt;</c> misbehaves so.</summary>
    public string Name { get; }

    /// <summary>What it does, in one line.</summary>
    public string Description { get; }

    /// <summary>
    /// The model of this name fails only the first time for the same <c>user</c> field or, without one, the same last message or
    /// input. Set or scripted for another model, the fault comes on every call it is set for.
    /// </summary>
    public bool Once { get; internal init; }

    /// <summary>The dialects in which it can be met; in another its model is not known.</summary>
    public SimulatedDialect In { get; internal init; } = SimulatedDialect.All;

    /// <summary>The reply in place of an answer; null (or a null reply) where there is an answer.</summary>
    internal Func<FaultMoment, Reply?>? Instead { get; init; }

    /// <summary>How the answer is put.</summary>
    internal ReplyStyle Style { get; init; } = ReplyStyle.Usual;

    /// <summary>What becomes of a sound plain answer, embeddings included.</summary>
    internal Func<Reply, FaultMoment, Reply>? Plain { get; init; }

    /// <summary>What becomes of the events of a sound stream.</summary>
    internal Func<List<StreamEvent>, List<StreamEvent>>? Events { get; init; }

    /// <summary>What becomes of a stream's writes.</summary>
    internal Func<IReadOnlyList<Piece>, FaultMoment, IReadOnlyList<Piece>>? Writes { get; init; }

    /// <summary>The fault of a name; an unknown name throws.</summary>
    public static implicit operator Fault(string name) => Faults.Named(name);

    public override string ToString() => Name;
}
