using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Providers.ChatClients;
using Dragoman.Routing;

namespace Dragoman.Configuration;

/// <summary>Where configuration comes from: a file, the environment, this machine, and what the process was told at its start.</summary>
public sealed record GatewaySources
{
    /// <summary>The file that was named on the command line; null looks at <c>DRAGOMAN_CONFIG</c>, then in <see cref="WorkingDirectory"/>.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>What the file would say, for who has no file; null reads one.</summary>
    public string? Text { get; init; }
    public string WorkingDirectory { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Gives an environment variable's value, or null.</summary>
    public Func<string, string?> Environment { get; init; } =
        System.Environment.GetEnvironmentVariable;

    /// <summary>Gives the secret of an id, as <c>${secret:…}</c> names it; null where there is none.</summary>
    internal Func<string, SecretText?> Secret { get; init; } = static _ => null;

    /// <summary>Ports that this server listens on: a provider there would be ourselves.</summary>
    public IReadOnlyCollection<int> OwnPorts { get; init; } = [];

    /// <summary>The simulated provider; null without <c>--demo</c>.</summary>
    public DemoProvider? Demo { get; init; }

    /// <summary>Providers that the program itself declares, behind those of the file.</summary>
    public IReadOnlyList<ProviderConfig> Providers { get; init; } = [];

    /// <summary>Clients in this process that are to be providers.</summary>
    public IReadOnlyList<ChatClientProvider> ChatClients { get; init; } = [];

    /// <summary>Routing strategies that the program adds.</summary>
    public IReadOnlyList<IRoutingStrategy> Strategies { get; init; } = [];

    /// <summary>Look for Ollama and LM Studio on this machine.</summary>
    public bool LookForLocalServers { get; init; } = true;

    /// <summary>How often servers in the house are asked again what they have; looked at once a second.</summary>
    public TimeSpan AskLocalServersEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Nothing leaves the house; null leaves it to the environment and the file.</summary>
    public bool? LocalOnly { get; init; }

    /// <summary>The known kinds of providers.</summary>
    public ProviderTypes Types { get; init; } = ProviderTypes.Default;

    /// <summary>What is publicly known about models.</summary>
    public ModelCatalog Catalog { get; init; } = ModelCatalog.Default;
}
