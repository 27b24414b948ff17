namespace Dragoman.Simulator.Misbehaviour;

/// <summary>What a fault may look at when it strikes.</summary>
internal sealed record FaultMoment(
    SimulatorOptions Options,
    int Port,
    string Model,
    bool Stream,
    bool HasStreamOptions
)
{
    public DateTimeOffset Now => Options.TimeProvider.GetUtcNow();
}
