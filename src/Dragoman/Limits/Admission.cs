using Dragoman.Exchanges;

namespace Dragoman.Limits;

/// <summary>
/// The one place where limits and budgets stand in the way: every attempt of every exchange asks here, whatever its dialect,
/// also a retry, and nothing is sent before all gates let it pass.
/// </summary>
/// <param name="gates">In the order they are asked: those that never wait in front, so that nobody holds money while waiting for a turn.</param>
internal sealed class Admission(params IReadOnlyList<IAdmissionGate> gates)
{
    /// <summary>Lets everything pass.</summary>
    public static readonly Admission Open = new([]);

    /// <summary>Some gate may have something to say of the exchange's attempts; where none has, no attempt asks.</summary>
    public bool Concerns(Exchange exchange)
    {
        for (var i = 0; i < gates.Count; i++)
            if (gates[i].Concerns(exchange))
                return true;
        return false;
    }

    /// <summary>Asks every gate. What the first ones gave is given back where a later one refuses.</summary>
    public ValueTask<Admitted> AdmitAsync(AttemptPlan plan) => AskFrom(0, plan, held: null);

    /// <summary>Gates nearly always answer at once: then nothing is awaited.</summary>
    private ValueTask<Admitted> AskFrom(int first, in AttemptPlan plan, AttemptPass? held)
    {
        for (var i = first; i < gates.Count; i++)
        {
            if (!gates[i].Concerns(plan.Exchange))
                continue;
            ValueTask<Admitted> asking;
            try
            {
                asking = gates[i].AdmitAsync(plan);
            }
            catch
            {
                held?.GiveBack();
                throw;
            }
            if (!asking.IsCompletedSuccessfully)
                return WaitAsync(asking, i + 1, plan, held);
            var admitted = asking.Result;
            if (admitted.Refusal is not null)
            {
                held?.GiveBack();
                return new(admitted);
            }
            held = Together(held, admitted.Pass);
        }
        return new(new Admitted(held, null));
    }

    private async ValueTask<Admitted> WaitAsync(
        ValueTask<Admitted> asking,
        int next,
        AttemptPlan plan,
        AttemptPass? held
    )
    {
        Admitted admitted;
        try
        {
            admitted = await asking;
        }
        catch
        {
            held?.GiveBack();
            throw;
        }
        if (admitted.Refusal is not null)
        {
            held?.GiveBack();
            return admitted;
        }
        return await AskFrom(next, plan, Together(held, admitted.Pass));
    }

    private static AttemptPass? Together(AttemptPass? held, AttemptPass? pass) =>
        held is null ? pass
        : pass is null ? held
        : new SeveralPasses(held, pass);
}

/// <summary>One kind of limit that attempts must pass.</summary>
internal interface IAdmissionGate
{
    /// <summary>Whether anything of it could bear on the exchange, whoever is asked. Called for every exchange: it must cost next to nothing.</summary>
    bool Concerns(Exchange exchange);

    /// <summary>Whether the attempt may be made. Completes at once, unless what it needs will soon be free.</summary>
    /// <exception cref="OperationCanceledException">The client went away meanwhile.</exception>
    ValueTask<Admitted> AdmitAsync(AttemptPlan plan);
}

/// <summary>An attempt that is about to be made.</summary>
/// <param name="Exchange">Whose.</param>
/// <param name="Deployment">Whom it asks.</param>
/// <param name="Due">When the whole exchange must be over, as a timestamp.</param>
/// <param name="IsStream">The answer is to be a stream.</param>
internal readonly record struct AttemptPlan(
    Exchange Exchange,
    Catalog.Deployment Deployment,
    long Due,
    bool IsStream
);

/// <summary>A refusal, or leave to go on, with a pass where something must be given back or settled afterwards.</summary>
internal readonly record struct Admitted(AttemptPass? Pass, AdmissionRefusal? Refusal);
