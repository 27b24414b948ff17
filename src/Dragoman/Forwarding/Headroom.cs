using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Limits.Rates;

namespace Dragoman.Forwarding;

/// <summary>Whether a provider still takes a request, by what it said is left of its limits and what was sent since. Where a provider never said anything, nothing is reckoned.</summary>
internal static class Headroom
{
    /// <summary>Why it would likely refuse; null where it would not.</summary>
    public static string? Lack(Deployment deployment, Exchange exchange, DateTimeOffset now)
    {
        var figures = deployment.State.Figures;
        if (!figures.IsTold)
            return null;
        var need = ExpectedTokens.Of(exchange, deployment.State.Lengths, deployment);
        return figures.NoRoom(
            deployment.Provider.Keys,
            deployment.Model,
            need.Input,
            need.Output,
            now
        );
    }

    /// <summary>An attempt takes of it; no mark where nothing was ever said.</summary>
    public static AllowanceMark Take(
        Deployment deployment,
        KeyPool.PooledKey? key,
        Exchange exchange
    )
    {
        var figures = deployment.State.Figures;
        if (!figures.IsTold)
            return default;
        var need = ExpectedTokens.Of(exchange, deployment.State.Lengths, deployment);
        return figures.Take(key?.Index ?? 0, need.Input + need.Output);
    }

    /// <summary>The key whose turn it is, or one that has room where that has none.</summary>
    public static KeyPool.PooledKey Better(
        KeyPool.PooledKey key,
        Deployment deployment,
        Exchange exchange,
        DateTimeOffset now
    )
    {
        var figures = deployment.State.Figures;
        if (!figures.IsTold)
            return key;
        var need = ExpectedTokens.Of(exchange, deployment.State.Lengths, deployment);
        return figures.WithRoom(
            key,
            deployment.Provider.Keys,
            deployment.Model,
            need.Input,
            need.Output,
            now
        );
    }
}
