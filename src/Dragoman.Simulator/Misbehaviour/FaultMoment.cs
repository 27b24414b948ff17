using System.Text.Json;
using Dragoman.Simulator.Dialects;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>What a fault may look at when it strikes.</summary>
internal sealed record FaultMoment(
    SimulatorOptions Options,
    int Port,
    string Model,
    Dialect Dialect,
    bool Stream,
    JsonElement Request
)
{
    public DateTimeOffset Now => Options.TimeProvider.GetUtcNow();
    public bool HasStreamOptions => Request.TryGetProperty("stream_options", out _);
}
