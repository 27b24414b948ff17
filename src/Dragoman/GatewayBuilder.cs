using Dragoman.Canonical;
using Dragoman.Configuration;
using Dragoman.Conversations;
using Dragoman.Providers.ChatClients;
using Dragoman.Routing;
using Dragoman.Routing.Quality;
using Dragoman.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dragoman;

/// <summary>
/// What a gateway in this process is made of. Untouched, it reads <c>dragoman.yaml</c> in the working directory if there is one,
/// takes keys from the environment's usual variables, and looks for Ollama and LM Studio on this machine.
/// </summary>
public sealed class GatewayBuilder
{
    private GatewaySources _sources = new();
    private IUsageStore? _usage;
    private IFeedbackStore? _feedback;
    private ILoggerFactory _logs = NullLoggerFactory.Instance;
    private TimeProvider _time = TimeProvider.System;

    /// <summary>Reads this file rather than looking for one.</summary>
    public GatewayBuilder UseConfigFile(string path) => With(_sources with { ConfigFile = path });

    /// <summary>Takes this text for the configuration file's, and reads no file.</summary>
    /// <param name="yaml">YAML, or JSON, as <c>dragoman.yaml</c> holds it.</param>
    public GatewayBuilder UseConfiguration(string yaml) => With(_sources with { Text = yaml });

    /// <summary>Environment variables come from here: for tests, and for programs that keep their keys elsewhere.</summary>
    public GatewayBuilder UseEnvironment(Func<string, string?> environment) =>
        With(_sources with { Environment = environment });

    /// <summary>Adds a provider of a known kind, e.g. <c>openai</c> or <c>anthropic</c>, by its key.</summary>
    /// <param name="name">The provider's name: what stands before the slash of <c>provider/model</c>.</param>
    /// <param name="apiKey">Its key; null for one that needs none.</param>
    /// <param name="type">Its kind where the name is not one: <c>openai</c>, <c>ollama</c> …</param>
    /// <param name="dialect">What it speaks where it is of no known kind: <c>openai</c>, <c>anthropic</c> …; needs <paramref name="baseUrl"/>.</param>
    /// <param name="baseUrl">Where it is; null takes the kind's usual address.</param>
    public GatewayBuilder AddProvider(
        string name,
        string? apiKey = null,
        string? type = null,
        string? dialect = null,
        string? baseUrl = null
    ) =>
        With(
            _sources with
            {
                Providers =
                [
                    .. _sources.Providers,
                    new ProviderConfig
                    {
                        Name = name,
                        Type = type,
                        Dialect = dialect,
                        BaseUrl = baseUrl,
                        ApiKeys = apiKey is null ? [] : [new SecretText(apiKey)],
                    },
                ],
            }
        );

    /// <summary>Makes any chat client a provider. It stays the caller's: the gateway never disposes of it.</summary>
    /// <param name="name">The provider's name: what stands before the slash of <c>provider/model</c>.</param>
    /// <param name="client">The client.</param>
    /// <param name="models">Ids of the models it serves.</param>
    public GatewayBuilder AddProvider(
        string name,
        IChatClient client,
        params IReadOnlyList<string> models
    ) => AddProvider(new ChatClientProvider(name, client, models));

    /// <inheritdoc cref="AddProvider(string, IChatClient, IReadOnlyList{string})"/>
    public GatewayBuilder AddProvider(ChatClientProvider provider) =>
        With(_sources with { ChatClients = [.. _sources.ChatClients, provider] });

    /// <summary>Adds the provider <c>demo</c>, whose models are simulated: the gateway chooses them only where there is nothing real.</summary>
    /// <param name="baseUrl">Where the simulator listens, with its path.</param>
    /// <param name="models">Ids of the simulated models.</param>
    public GatewayBuilder AddDemo(string baseUrl, IReadOnlyList<string> models) =>
        With(_sources with { Demo = new DemoProvider(new Uri(baseUrl), models) });

    /// <summary>Whether only deployments whose data stay in the house are asked, whatever the file and the environment say of it.</summary>
    public GatewayBuilder LocalOnly(bool only = true) => With(_sources with { LocalOnly = only });

    /// <summary>Adds a routing strategy: configuration, <c>auto:name</c> and requests can ask for it by its name.</summary>
    public GatewayBuilder AddStrategy(IRoutingStrategy strategy) =>
        With(_sources with { Strategies = [.. _sources.Strategies, strategy] });

    /// <summary>Whether Ollama and LM Studio are looked for on this machine. Default: true.</summary>
    public GatewayBuilder LookForLocalServers(bool look) =>
        With(_sources with { LookForLocalServers = look });

    /// <summary>Keeps usage records here rather than the newest 10,000 in memory. The store stays the caller's.</summary>
    public GatewayBuilder UseUsageStore(IUsageStore store)
    {
        _usage = store;
        return this;
    }

    /// <summary>Keeps what people think of answers here rather than that of the newest 10,000 in memory. The store stays the caller's.</summary>
    public GatewayBuilder UseFeedbackStore(IFeedbackStore store)
    {
        _feedback = store;
        return this;
    }

    /// <summary>Where log lines go. Default: nowhere.</summary>
    public GatewayBuilder UseLogging(ILoggerFactory logs)
    {
        _logs = logs;
        return this;
    }

    /// <summary>The clock. Default: the system's.</summary>
    public GatewayBuilder UseTime(TimeProvider time)
    {
        _time = time;
        return this;
    }

    /// <summary>Makes the gateway; it looks for servers in the house meanwhile, which its first call waits for (0.3 s at most).</summary>
    /// <exception cref="GatewayConfigurationException">The configuration has mistakes; all of them are told.</exception>
    public Gateway Build()
    {
        var gateway = new Gateway(
            new GatewayParts
            {
                Sources = _sources,
                Usage = _usage ?? new InMemoryUsageStore(),
                Feedback = _feedback ?? new InMemoryFeedbackStore(),
                Responses = new InMemoryResponseStore(new ResponseStoreOptions(), _time),
                Logs = _logs,
                Time = _time,
            }
        );
        var report = gateway.Snapshots.Reload();
        if (!report.IsApplied)
        {
            _ = gateway.DisposeAsync().AsTask();
            throw new GatewayConfigurationException(report);
        }
        gateway.Follow();
        return gateway;
    }

    private GatewayBuilder With(GatewaySources sources)
    {
        _sources = sources;
        return this;
    }
}

/// <summary>The configuration has mistakes.</summary>
public sealed class GatewayConfigurationException(ConfigReport report)
    : Exception(
        "The configuration has mistakes:\n"
            + string.Join('\n', report.Mistakes.Where(static mistake => !mistake.IsWarning))
    )
{
    /// <summary>All that came of reading it.</summary>
    public ConfigReport Report { get; } = report;
}
