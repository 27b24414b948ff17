namespace Dragoman.Catalog;

/// <summary>Who serves models: a vendor account, a server in the house, or this process. Immutable but for <see cref="Keys"/> and <see cref="State"/>.</summary>
public sealed class Provider
{
    /// <summary>The name in configuration and before the slash of <c>provider/model</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The known kind this provider is of (an entry of providers.json).</summary>
    public required ProviderType Type { get; init; }

    /// <summary>Name of the dialect it speaks, e.g. <c>openai</c>.</summary>
    public required string Dialect { get; init; }

    /// <summary>Address with its path, without a trailing slash, e.g. <c>https://api.openai.com/v1</c>.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Nothing sent here leaves the house.</summary>
    public bool Local { get; init; }

    /// <summary>Only models that configuration lists may be called here.</summary>
    public bool OnlyListed { get; init; }

    /// <summary>Fixed headers of this account, e.g. <c>OpenAI-Organization</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The credentials; empty for servers that ask for none.</summary>
    public required KeyPool Keys { get; init; }

    /// <summary>What was learnt about this provider while running.</summary>
    public ProviderState State { get; init; } = new();

    public override string ToString() => Name;
}

/// <summary>What is learnt about a provider while running; it survives configuration reloads.</summary>
public sealed class ProviderState
{
    /// <summary>It refused a request because of <c>stream_options</c>; we no longer ask it for usage in streams.</summary>
    public volatile bool RefusesStreamOptions;
}
