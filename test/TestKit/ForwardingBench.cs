using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.Simulator;

namespace Dragoman.TestKit;

/// <summary>
/// A forwarder between clients in memory and a simulated provider. Unless a test brings its own, chance is fixed: jitter is 0 and
/// the first of equals is taken, so the backoff of a retry is 125 ms and that of a silent rate limit 250 ms.
/// </summary>
public sealed class ForwardingBench : IAsyncDisposable
{
    private readonly HttpProvider _http;

    private ForwardingBench(
        SimulatorHost upstream,
        TimeProvider time,
        HttpProvider http,
        Random chance
    )
    {
        (Upstream, Time, _http) = (upstream, time, http);
        Forwarder = new Forwarder(http, time, chance);
    }

    public SimulatorHost Upstream { get; }
    public TimeProvider Time { get; }
    public Forwarder Forwarder { get; }
    public string InstanceId => _http.InstanceId;

    public static async Task<ForwardingBench> StartAsync(
        TimeProvider? time = null,
        SimulatorOptions? options = null,
        Random? chance = null,
        HttpProvider? http = null
    ) =>
        new(
            await SimulatorHost.StartAsync(options ?? new SimulatorOptions()),
            time ?? TimeProvider.System,
            http ?? new HttpProvider(),
            chance ?? new NoChance()
        );

    /// <summary>A provider at the simulator, or elsewhere.</summary>
    public Provider Provider(
        string name = "demo",
        string[]? keys = null,
        ProviderType? type = null,
        string? baseUrl = null,
        params KeyValuePair<string, string>[] headers
    ) =>
        new()
        {
            Name = name,
            Type =
                type
                ?? new ProviderType
                {
                    Name = "demo",
                    Dialect = "openai",
                    DeveloperRole = true,
                },
            Dialect = "openai",
            BaseUrl = new Uri(baseUrl ?? Upstream.BaseUrl),
            Headers = headers,
            Keys = new KeyPool((keys ?? []).Select(key => new SecretText(key))),
        };

    /// <summary>A deployment with a state of its own.</summary>
    public Deployment Deployment(
        string model,
        Provider? provider = null,
        long? context = null,
        ModelCapabilities? can = null,
        DeploymentParameters? parameters = null,
        bool local = false,
        PriceSheet? prices = null
    )
    {
        provider ??= Provider();
        return new Deployment
        {
            Name = $"{provider.Name}/{model}",
            Provider = provider,
            Model = model,
            ContextWindow = context,
            Capabilities = can ?? ModelCapabilities.Unknown,
            Parameters = parameters,
            Local = local,
            Prices = prices,
            State = new DeploymentState($"{provider.Name}/{model}"),
        };
    }

    public static RoutingDecision Chain(
        ForwardingSettings? settings,
        params Deployment[] deployments
    ) =>
        new()
        {
            Route = "a-route",
            Chain = deployments,
            Reason = "said so",
            Settings = settings ?? ForwardingSettings.Default,
        };

    /// <summary>Begins an exchange and does not wait for its end.</summary>
    public RunningExchange Begin(
        string body,
        RoutingDecision decision,
        Operation operation = Operation.Chat
    )
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        if (!RequestEnvelope.TryRead(bytes, out var envelope, out var error))
            throw new ArgumentException(error!.Message, nameof(body));
        var gone = new CancellationTokenSource();
        var exchange = new Exchange
        {
            Id = new RequestId(1),
            Dialect = new OpenAIChatDialect(),
            Operation = operation,
            Body = bytes,
            Envelope = envelope!,
            Snapshot = new SnapshotParts(),
            Reply = new MemoryReply(),
            StartTimestamp = Time.GetTimestamp(),
            StartedAt = Time.GetUtcNow(),
            ClientGone = gone.Token,
        };
        return new RunningExchange(exchange, gone, RunAsync(exchange, decision));
    }

    /// <summary>Runs an exchange to its end.</summary>
    public async Task<FinishedExchange> AskAsync(
        string body,
        RoutingDecision decision,
        Operation operation = Operation.Chat
    ) => await Begin(body, decision, operation).EndAsync();

    /// <summary>Runs an exchange over a chain of these deployments.</summary>
    public Task<FinishedExchange> AskAsync(string body, params Deployment[] deployments) =>
        AskAsync(body, Chain(null, deployments));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Upstream.DisposeAsync();
    }

    private async Task RunAsync(Exchange exchange, RoutingDecision decision)
    {
        try
        {
            await Forwarder.ForwardAsync(exchange, decision);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            // As the recording step takes it.
            exchange.Log.Outcome = ExchangeOutcome.Cancelled;
        }
    }

    private sealed class NoChance : Random
    {
        protected override double Sample() => 0;

        public override double NextDouble() => 0;

        public override int Next(int maxValue) => 0;
    }
}

/// <summary>An exchange that is under way.</summary>
public sealed class RunningExchange(
    Exchange exchange,
    CancellationTokenSource gone,
    Task forwarding
)
{
    public MemoryReply Reply => (MemoryReply)exchange.Reply;
    public ExchangeLog Log => exchange.Log;
    public bool IsOver => forwarding.IsCompleted;

    /// <summary>Completes with the exchange.</summary>
    public Task Over => forwarding;

    /// <summary>The client goes away.</summary>
    public Task LeaveAsync() => gone.CancelAsync();

    /// <summary>Waits for the end, a minute at most.</summary>
    public async Task<FinishedExchange> EndAsync()
    {
        await forwarding.WaitAsync(TimeSpan.FromMinutes(1));
        return new FinishedExchange(Reply, Log);
    }
}

/// <summary>What the client got, and what was noted.</summary>
public sealed record FinishedExchange(MemoryReply Reply, ExchangeLog Log)
{
    public int Status => Reply.Status;
    public string Text => Reply.Text;

    /// <summary>The outcome words of all attempts, in order.</summary>
    public IEnumerable<string> Words => Log.Attempts.Select(attempt => attempt.Outcome);

    /// <summary>Deployment and outcome word of all attempts, in order.</summary>
    public IEnumerable<string> Walk =>
        Log.Attempts.Select(attempt => $"{attempt.Deployment} {attempt.Outcome}");

    public string? Header(string name) => Reply.Headers.GetValueOrDefault(name);
}
