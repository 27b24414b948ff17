using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Providers;
using Dragoman.Providers.ChatClients;

namespace Dragoman.Configuration;

/// <summary>Makes providers of what the file, the environment, this machine and the command line say, keeping what was learnt about them.</summary>
internal sealed class ProviderBuilder(
    ProviderTypes types,
    EnvironmentConfig environment,
    IReadOnlyCollection<int> ownPorts,
    IReadOnlyDictionary<string, Provider> former,
    ConfigMistakes mistakes
)
{
    private readonly ProviderFactory _factory = new(environment, former, mistakes);
    private readonly List<Provider> _providers = [];
    private readonly List<ProviderFinding> _findings = [];
    private readonly Dictionary<string, string> _unavailable = new(
        StringComparer.OrdinalIgnoreCase
    );

    public IReadOnlyList<Provider> Providers => _providers;
    public IReadOnlyList<ProviderFinding> Findings => _findings;

    /// <summary>Why a known provider cannot be called, by each of its names.</summary>
    public IReadOnlyDictionary<string, string> Unavailable => _unavailable;

    /// <summary>The provider that configuration calls by that name or by its type's.</summary>
    public Provider? Find(string name) =>
        _providers.Find(provider => Is(provider.Name, name))
        ?? _providers.Find(provider => GoesBy(provider, name));

    /// <summary>The providers of the file, in its order.</summary>
    public void AddDeclared(IReadOnlyList<ProviderConfig> declared)
    {
        foreach (var config in declared)
        {
            var path = "providers." + ConfigSection.Shown(config.Name);
            if (config.Name.Contains('/') || config.Name.Contains(':') || config.Name.Length == 0)
                mistakes.Add(path, "A provider's name must hold no slash and no colon.");
            else if (_providers.Exists(provider => Is(provider.Name, config.Name)))
                mistakes.Add(path, "There is another provider of this name.");
            else if (Declared(config, path) is { } provider)
            {
                _providers.Add(provider);
                _findings.Add(new ProviderFinding(provider.Name, "configuration", true, null));
            }
            else
                // Told once, here, and not again wherever its name is used.
                _unavailable.TryAdd(config.Name, $"what is said about {config.Name} has mistakes");
        }
    }

    /// <summary>Accounts whose key or address is in the environment, unless the file declares them.</summary>
    public void AddFromEnvironment()
    {
        foreach (var type in types.All)
        {
            if (IsDeclared(type) || environment.Account(type) is not { } account)
                continue;
            var source = environment.Evidence(type)!;
            if (account.BaseUrl is null && type.BaseUrl is null)
            {
                if (type.BaseUrlVariables.Count > 0)
                    Refuse(
                        type,
                        source,
                        $"{type.Name} needs an address of its own: set {string.Join(" or ", type.BaseUrlVariables)}"
                    );
                continue;
            }
            var address = BaseAddress.Read(account.BaseUrl ?? type.BaseUrl!, type, out var whyNot);
            if (address is null)
            {
                mistakes.Environment(
                    environment.First(type.BaseUrlVariables)!.Value.Variable,
                    $"It {whyNot}."
                );
                Refuse(type, source, "its base URL cannot be used");
            }
            else if (HouseAddress.LeadsBack(address, ownPorts))
                Refuse(type, source, "its base URL leads back to this server");
            else
            {
                _providers.Add(_factory.Make(account, type, address));
                _findings.Add(new ProviderFinding(type.Name, source, true, null));
            }
        }
    }

    /// <summary>Servers that answered on this machine, unless they are known already.</summary>
    public void AddDiscovered(IReadOnlyList<DiscoveredServer> servers)
    {
        foreach (var server in servers)
        {
            var note = $"{server.Models.Count} models at {server.BaseUrl}";
            if (Find(server.Name) is not null)
                continue;
            if (types.Find(server.Name) is not { } type)
                continue;
            if (HouseAddress.LeadsBack(server.BaseUrl, ownPorts))
                continue;
            _providers.Add(
                _factory.Make(new ProviderConfig { Name = type.Name }, type, server.BaseUrl)
            );
            _findings.Add(new ProviderFinding(type.Name, "answering on this machine", true, note));
        }
    }

    /// <summary>Chat clients of this process. A file's provider of the same name is the one that counts.</summary>
    public void AddChatClients(IReadOnlyList<ChatClientProvider> clients)
    {
        foreach (var client in clients)
        {
            if (Find(client.Name) is not null)
                continue;
            // Made once: what is learnt about it lives on over reloads.
            _providers.Add(former.GetValueOrDefault(client.Name) ?? client.ToProvider());
            _findings.Add(
                new ProviderFinding(client.Name, "a chat client of this process", true, null)
            );
        }
    }

    public void AddDemo(DemoProvider demo)
    {
        if (types.Find(DemoProvider.Name) is not { } type || Find(DemoProvider.Name) is not null)
            return;
        _providers.Add(
            _factory.Make(
                new ProviderConfig { Name = DemoProvider.Name, Local = true },
                type,
                demo.BaseUrl
            )
        );
        _findings.Add(new ProviderFinding(DemoProvider.Name, "--demo", true, "simulated answers"));
    }

    /// <summary>Says of every known type that is not there what would bring it.</summary>
    public void ExplainMissing()
    {
        foreach (var type in types.All)
        {
            if (Find(type.Name) is not null)
                continue;
            var why = type.KeyOptional
                ? $"{type.Name} is not configured and does not answer on this machine"
                : $"{type.Name} is not configured: set {string.Join(" or ", type.KeyVariables)}";
            foreach (var name in type.Aliases.Append(type.Name))
                _unavailable.TryAdd(name, why);
        }
    }

    /// <summary>An account that only a deployment's own key sets up; null where that is not enough.</summary>
    public Provider? AddForDeployment(string name, SecretText? key)
    {
        if (
            types.Find(name) is not { BaseUrl: { } vendor } type
            || (key is null && !type.KeyOptional)
        )
            return null;
        var address = BaseAddress.Read(vendor, type, out _)!;
        var config = new ProviderConfig { Name = type.Name, ApiKeys = key is null ? [] : [key] };
        var provider = _factory.Make(config, type, address);
        _providers.Add(provider);
        _findings.Add(new ProviderFinding(type.Name, "configuration", true, null));
        return provider;
    }

    private Provider? Declared(ProviderConfig config, string path)
    {
        var known = types.Find(config.Type ?? config.Name);
        if (known is null && config.Type is not null)
            return null; // told by the reader
        if (known is null && config.Dialect is null)
        {
            mistakes.Add(
                path,
                "This is no known provider: say its type, or its dialect and base_url.",
                NearestName.Of(
                    config.Name,
                    types.All.SelectMany(static t => t.Aliases.Append(t.Name))
                )
            );
            return null;
        }
        var type = ProviderFactory.TypeOf(config, known);
        // A vendor's own address speaks the vendor's dialect, so another dialect needs another address.
        var vendor = known is not null && known.Dialect == type.Dialect ? known.BaseUrl : null;
        if ((config.BaseUrl ?? EnvironmentAddress(config, known) ?? vendor) is not { } text)
        {
            mistakes.Add(path, "Needs a base_url.");
            return null;
        }
        if (BaseAddress.Read(text, type, out var whyNot) is not { } address)
        {
            mistakes.Add(path + ".base_url", $"It {whyNot}.");
            return null;
        }
        if (HouseAddress.LeadsBack(address, ownPorts))
        {
            mistakes.Add(path + ".base_url", "This address leads back to this server.");
            return null;
        }
        if (config.ApiKeyEnv is { } variable && environment.Value(variable) is null)
        {
            mistakes.Add(
                path + ".api_key_env",
                $"The environment variable {Substitution.Shown(variable)} is not set."
            );
            return null;
        }
        var provider = _factory.Make(config, type, address);
        if (provider.Keys.IsEmpty && !type.KeyOptional && config.BaseUrl is null)
        {
            mistakes.Add(
                path,
                $"Has no key: say api_keys or api_key_env{(ProviderFactory.IsOwn(type, config) ? ", or set " + string.Join(" or ", type.KeyVariables) : "")}."
            );
            return null;
        }
        return provider;
    }

    private void Refuse(ProviderType type, string source, string why)
    {
        _findings.Add(new ProviderFinding(type.Name, source, false, why));
        foreach (var name in type.Aliases.Append(type.Name))
            _unavailable.TryAdd(name, $"{source} is set, but {why}");
    }

    private string? EnvironmentAddress(ProviderConfig config, ProviderType? type) =>
        type is not null && ProviderFactory.IsOwn(type, config)
            ? environment.First(type.BaseUrlVariables)?.Value
            : null;

    private bool IsDeclared(ProviderType type) =>
        _providers.Exists(provider =>
            Is(provider.Name, type.Name)
            || (GoesBy(provider, type.Name) && GoesBy(provider, provider.Name))
        );

    private static bool GoesBy(Provider provider, string name) =>
        ProviderFactory.IsName(provider.Type, name);

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
