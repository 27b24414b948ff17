using Dragoman.Simulator;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>A simulated provider without delays, shared by the tests of a class; <c>Host.Reset()</c> makes it sound and empty again.</summary>
public sealed class SimulatedProvider : IAsyncLifetime
{
    private SimulatorHost? _host;

    /// <summary>The running provider.</summary>
    public SimulatorHost Host =>
        _host ?? throw new InvalidOperationException("the fixture has not started yet");

    /// <summary>Where it listens, <c>/v1</c> included.</summary>
    public string BaseUrl => Host.BaseUrl;

    /// <summary>Where it listens, without any path: what clients of the other dialects begin with.</summary>
    public string RootUrl => Host.RootUrl;

    public async ValueTask InitializeAsync() =>
        _host = await SimulatorHost.StartAsync(
            new SimulatorOptions { PingInterval = TimeSpan.FromMilliseconds(20) }
        );

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
