using Dragoman.Configuration;

namespace Dragoman.Simulator;

/// <summary>A simulator as a gateway's provider.</summary>
public static class SimulatedModels
{
    /// <summary>Adds <c>demo/swift</c>, <c>demo/sage</c>, <c>demo/coder</c> and <c>demo/embed</c>, with made-up prices: for what is to run without a key.</summary>
    public static GatewayBuilder AddDemo(this GatewayBuilder builder, SimulatorHost simulator) =>
        builder.AddDemo(new DemoProvider(new Uri(simulator.BaseUrl), simulator.Models));
}
