using System.Collections.Frozen;

namespace Dragoman.Catalog;

/// <summary>Who serves models: a vendor account, a server in the house, or this process. Immutable but for <see cref="Keys"/> and <see cref="State"/>.</summary>
public sealed class Provider
{
    private SpokenDialect[]? _speaks;
    private SpokenDialect[]? _others;

    /// <summary>The name in configuration and before the slash of <c>provider/model</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The known kind this provider is of (an entry of providers.json).</summary>
    public required ProviderType Type { get; init; }

    /// <summary>Name of the dialect it is spoken to in where the client's own is not among those it knows, e.g. <c>openai</c>.</summary>
    public required string Dialect { get; init; }

    /// <summary>Address with its path, without a trailing slash, e.g. <c>https://api.openai.com/v1</c>.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Nothing sent here leaves the house.</summary>
    public bool Local { get; init; }

    /// <summary>Where it works, in the operator's own words, e.g. <c>eu</c>; null is unknown.</summary>
    public string? Region { get; init; }

    /// <summary>Only models that configuration lists may be called here.</summary>
    public bool OnlyListed { get; init; }

    /// <summary>Fixed headers of this account, e.g. <c>OpenAI-Organization</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The credentials; empty for servers that ask for none.</summary>
    public required KeyPool Keys { get; init; }

    /// <summary>The account with the key of one deployment, which says nothing about the account's own keys.</summary>
    public bool HasKeyOfDeployment { get; init; }

    /// <summary>Answers in this process, in <see cref="Dialect"/>, instead of a server at <see cref="BaseUrl"/>; null for all others.</summary>
    public HttpMessageInvoker? InProcess { get; init; }

    /// <summary>Settings of this kind of account that are no headers: Azure's <c>api_version</c>, Vertex's <c>project</c> and <c>location</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } =
        FrozenDictionary<string, string>.Empty;

    /// <summary>How <paramref name="dialect"/> is spoken here to <paramref name="model"/>; null where it is not.</summary>
    public SpokenDialect? Speaks(string dialect, string model)
    {
        foreach (var spoken in SpokenTo(model))
        {
            if (spoken.Dialect == dialect)
                return spoken;
        }
        return null;
    }

    /// <summary>The dialect in which a request of another one is told to <paramref name="model"/>.</summary>
    public SpokenDialect MainDialect(string model) => Speaks(Dialect, model) ?? SpokenTo(model)[0];

    /// <summary>The address for a dialect: <see cref="BaseUrl"/> with that dialect's path in place of the usual one.</summary>
    public string AddressOf(SpokenDialect spoken)
    {
        var address = BaseUrl.AbsoluteUri.TrimEnd('/');
        if (spoken.Path == Type.DefaultPath)
            return address;
        if (
            Type.DefaultPath.Length > 0
            && address.EndsWith(Type.DefaultPath, StringComparison.Ordinal)
        )
            address = address[..^Type.DefaultPath.Length];
        return address + spoken.Path;
    }

    private SpokenDialect[] SpokenTo(string model)
    {
        if (_speaks is null)
            // One that configuration gives another dialect speaks that one alone.
            _speaks =
                Type.Speaks.Count > 0 && Type.Dialect == Dialect
                    ? [.. Type.Speaks]
                    : [new SpokenDialect(Dialect, Type.DefaultPath)];
        if (_speaks.Length == 1)
            return _speaks;
        var own = Find(model);
        return own ?? (_others ??= [.. _speaks.Where(static spoken => spoken.Models is null)]);
    }

    private SpokenDialect[]? Find(string model)
    {
        foreach (var spoken in _speaks!)
        {
            if (
                spoken.Models is { } prefix
                && model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            )
                return [spoken];
        }
        return null;
    }

    /// <summary>What was learnt about this provider while running.</summary>
    public ProviderState State { get; init; } = new();

    public override string ToString() => Name;
}

/// <summary>What is learnt about a provider while running; it survives configuration reloads.</summary>
public sealed class ProviderState
{
    /// <summary>It refused a request because of <c>stream_options</c>; we no longer ask it for usage in streams.</summary>
    public volatile bool RefusesStreamOptions;

    /// <summary>Whether it answers, as far as probes and traffic tell.</summary>
    public ProviderHealth Health { get; } = new();

    /// <summary>What holds of the same server for an account with other keys: its health is to be seen anew.</summary>
    internal ProviderState WithOtherKeys() => new() { RefusesStreamOptions = RefusesStreamOptions };
}
