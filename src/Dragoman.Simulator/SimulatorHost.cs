using System.Net;
using Dragoman.Simulator.Journal;
using Dragoman.Simulator.Misbehaviour;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dragoman.Simulator;

/// <summary>A simulated provider on a loopback port: it speaks the dialects of <see cref="SimulatedDialect"/>, answers the same to the same, and misbehaves on request.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly FaultBook _faults;
    private readonly CancellationTokenSource _stopping;
    private readonly Simulation _simulation;

    private SimulatorHost(
        KestrelServer server,
        int port,
        FaultBook faults,
        RequestJournal requests,
        Simulation simulation,
        CancellationTokenSource stopping
    )
    {
        _server = server;
        _faults = faults;
        _stopping = stopping;
        Requests = requests;
        _simulation = simulation;
        Port = port;
        RootUrl = $"http://127.0.0.1:{port}";
        BaseUrl = RootUrl + "/v1";
    }

    /// <summary>The base URL as a client of OpenAI takes it, <c>/v1</c> included, without a slash at the end.</summary>
    public string BaseUrl { get; }

    /// <summary>The address without any path, as clients of Anthropic, Gemini, Ollama and Azure take it.</summary>
    public string RootUrl { get; }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The names of its models in OpenAI's dialect, the faulty ones last.</summary>
    public IReadOnlyList<string> Models => ModelsIn(SimulatedDialect.OpenAIChat);

    /// <summary>What was asked.</summary>
    public RequestJournal Requests { get; }

    /// <summary>How many clients went away before the end of their reply.</summary>
    public int Aborted => Requests.Aborted;

    /// <summary>The names of its models in a dialect, the faulty ones last: not every fault can be met in each.</summary>
    public IReadOnlyList<string> ModelsIn(SimulatedDialect dialect) =>
        [.. SimulatedModel.Names(_simulation.Options, dialect)];

    /// <summary>Starts listening.</summary>
    public static async Task<SimulatorHost> StartAsync(
        SimulatorOptions? options = null,
        CancellationToken cancel = default
    )
    {
        options ??= new();
        var stopping = new CancellationTokenSource();
        var journal = new RequestJournal(options.JournalLength);
        var faults = new FaultBook();
        var simulation = new Simulation(options, journal, faults);
        var application = new SimulatorApplication(simulation, journal, stopping.Token);
        var server = NewServer(options.Port);
        await server.StartAsync(application, cancel);
        var address = server
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First();
        simulation.Port = new Uri(address).Port;
        return new(server, simulation.Port, faults, journal, simulation, stopping);
    }

    /// <summary>From now on every call of this model misbehaves so; null lets it recover. A script goes first.</summary>
    public void SetFault(string model, Fault? fault) => _faults.Set(model, fault);

    /// <summary>The next calls of this model, one fault each; <c>none</c> stands for a sound answer. Then it recovers.</summary>
    public void Script(string model, params Fault[] faults) => _faults.Script(model, faults);

    /// <summary>From now on every call with this key misbehaves so, whatever the model; null lets it recover.</summary>
    public void SetKeyFault(string apiKey, Fault? fault) => _faults.SetForKey(apiKey, fault);

    /// <summary>From now on every reply of this model carries these headers too, such as what is left of its rate limits; none takes them back.</summary>
    public void SetHeaders(string model, params (string Name, string Value)[] headers) =>
        _simulation.Headers[model] = headers;

    /// <summary>From now on no access token that was handed out is good.</summary>
    public void RevokeTokens() => _simulation.Tokens.Revoke();

    /// <summary>Forgets what was set, scripted, counted and recorded.</summary>
    public void Reset()
    {
        _faults.Clear();
        _simulation.Forget();
        Requests.Clear();
    }

    /// <summary>Stops at once; replies under way are broken off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _stopping.Dispose();
    }

    private static KestrelServer NewServer(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        // A client that reads slowly, or a request that trickles in, is a test's business and not ours to end.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        // With the least buffer a write is over when the system has taken it, so a reset never overtakes what was sent before.
        var sockets = new SocketTransportOptions { MaxWriteBufferSize = 1 };
        return new(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance
        );
    }
}
