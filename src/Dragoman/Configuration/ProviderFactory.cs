using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Providers;

namespace Dragoman.Configuration;

/// <summary>Makes one provider account: its type, keys, headers, and what was learnt about it before a reload.</summary>
internal sealed class ProviderFactory(
    EnvironmentConfig environment,
    IReadOnlyDictionary<string, Provider> former,
    ConfigMistakes mistakes
)
{
    /// <summary>The kind of provider: a known one, a known one that speaks another dialect here, or one of its own.</summary>
    public static ProviderType TypeOf(ProviderConfig config, ProviderType? known)
    {
        if (known is null)
            return new ProviderType
            {
                Name = config.Name,
                Dialect = config.Dialect!,
                DefaultPath = PathOf(config.Dialect!),
                ModelsPath = ListOf(config.Dialect!),
                KeyOptional = true,
                Source = "configuration",
            };
        return config.Dialect is { } dialect && dialect != known.Dialect
            ? known with
            {
                Dialect = dialect,
                DefaultPath = PathOf(dialect),
                ModelsPath = ListOf(dialect),
                Speaks = [],
            }
            : known;
    }

    /// <summary>The path that an address without one gets: that of the dialect's own vendor; an Ollama server's API begins at its root.</summary>
    private static string PathOf(string dialect) =>
        dialect switch
        {
            "ollama" => "",
            "gemini" => "/v1beta",
            _ => "/v1",
        };

    private static string ListOf(string dialect) => dialect == "ollama" ? "/api/tags" : "/models";

    public Provider Make(ProviderConfig config, ProviderType type, Uri address)
    {
        var keys = config.ApiKeys.ToList();
        if (config.ApiKeyEnv is { } named && environment.Value(named) is { } value)
            keys.Add(new SecretText(value));
        // Only the account that bears the vendor's own name gets the vendor's key: a second one is another account.
        if (
            keys.Count == 0
            && IsOwn(type, config)
            && environment.First(type.KeyVariables) is var (_, found)
        )
            keys.Add(new SecretText(found));

        var pool = new KeyPool(keys.Distinct());
        former.TryGetValue(config.Name, out var before);
        if (before is not null)
            pool.Inherit(before.Keys);
        return new Provider
        {
            Name = config.Name,
            Type = type,
            Dialect = type.Dialect,
            BaseUrl = address,
            Local = config.Local ?? HouseAddress.IsLocal(address),
            Region = config.Region,
            OnlyListed = config.OnlyListed ?? false,
            Headers = Headers(type, config),
            Settings = Settings(type, config),
            Keys = pool,
            State =
                before?.BaseUrl != address ? new ProviderState()
                : pool.IsLike(before.Keys) ? before.State
                : before.State.WithOtherKeys(),
        };
    }

    private List<KeyValuePair<string, string>> Headers(ProviderType type, ProviderConfig config)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var header in type.Headers)
        {
            var said = config
                .Settings.FirstOrDefault(setting => setting.Key == header.Setting)
                .Value;
            if (said is null && header.Variable is not null && IsOwn(type, config))
                said = environment.Value(header.Variable);
            if (said is null)
                continue;
            if (said.All(static letter => letter is >= ' ' and <= '~'))
                headers.Add(new(header.Name, said));
            else
                mistakes.Add(
                    $"providers.{ConfigSection.Shown(config.Name)}.{header.Setting}",
                    "It becomes a header: only printable ASCII can be sent."
                );
        }
        return headers;
    }

    private Dictionary<string, string> Settings(ProviderType type, ProviderConfig config)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, variables) in type.Settings)
        {
            var said = config.Settings.FirstOrDefault(setting => setting.Key == name).Value;
            if (said is null && IsOwn(type, config))
                said = environment.First(variables)?.Value;
            if (said is not null)
                settings[name] = said;
        }
        return settings;
    }

    /// <summary>The same account with a key of its own, for one deployment.</summary>
    /// <param name="provider">The account.</param>
    /// <param name="key">The deployment's key.</param>
    /// <param name="former">The deployment's account before a reload; null where there was none.</param>
    public static Provider WithKey(Provider provider, SecretText key, Provider? former)
    {
        var keys = new KeyPool([key]);
        if (former is not null)
            keys.Inherit(former.Keys);
        return new Provider
        {
            Name = provider.Name,
            Type = provider.Type,
            Dialect = provider.Dialect,
            BaseUrl = provider.BaseUrl,
            Local = provider.Local,
            Region = provider.Region,
            OnlyListed = provider.OnlyListed,
            Headers = provider.Headers,
            Settings = provider.Settings,
            Keys = keys,
            HasKeyOfDeployment = true,
            State = provider.State,
        };
    }

    /// <summary>The account goes by the type's own name.</summary>
    public static bool IsOwn(ProviderType type, ProviderConfig config) => IsName(type, config.Name);

    public static bool IsName(ProviderType type, string name) =>
        Is(type.Name, name) || type.Aliases.Any(alias => Is(alias, name));

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
