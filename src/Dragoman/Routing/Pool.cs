using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Routing;

/// <summary>A deployment that the gateway may choose by itself.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Special">Made for one kind of task, or given away: nobody is given it unasked.</param>
internal readonly record struct Pooled(Deployment Deployment, bool Special);

/// <summary>
/// Everything the gateway may choose from where nobody named a model. A provider whose models configuration lists is asked for
/// those alone, one in the house for all it has, a vendor for what it offers now; simulated ones only where there is nothing real.
/// </summary>
internal static class Pool
{
    public static IReadOnlyList<Pooled> Of(
        RoutingTable table,
        IEnumerable<Provider> providers,
        Operation operation
    )
    {
        var anyReal = table.Providers.Any(static provider => !IsSimulated(provider));
        return
        [
            .. providers
                .Where(provider => !anyReal || !IsSimulated(provider))
                .SelectMany(provider =>
                    operation is Operation.Embeddings
                        ? Embeddings(provider, table.Deployments)
                        : Chat(provider, table.Deployments)
                ),
        ];
    }

    public static bool IsSimulated(Provider provider) => provider.Type.Name == "demo";

    /// <summary>A simulated model that shows how a failure is survived.</summary>
    public static bool OnlyMisbehaves(Deployment deployment) =>
        IsSimulated(deployment.Provider)
        && deployment.Model.StartsWith("fault-", StringComparison.Ordinal);

    private static IEnumerable<Pooled> Chat(Provider provider, DeploymentShelf shelf)
    {
        var offers = shelf
            .Offered(provider)
            .Where(static offer => ChatModels.IsChat(offer.Model, offer.Entry))
            .ToList();
        var listed = shelf
            .Listed.Where(deployment =>
                deployment.Provider.Name == provider.Name
                && offers.Exists(offer => offer.Model == deployment.Model)
                && !OnlyMisbehaves(deployment)
            )
            .Select(static deployment => new Pooled(deployment, Special: false))
            .ToList();
        if (listed.Count > 0)
            return listed;
        return offers
            .Where(offer =>
                provider.Type.KeyOptional || offer.Entry is { Status: ModelStatus.Active }
            )
            .Select(offer => new Pooled(
                shelf.Find(provider, offer.Model, out _)!,
                !provider.Type.KeyOptional
                    && (ChatModels.IsSpecial(offer.Model) || IsGivenAway(offer.Entry))
            ));
    }

    /// <summary>What a vendor takes no money for it limits, and may learn from: nobody is sent there who did not name it.</summary>
    private static bool IsGivenAway(ModelEntry? entry) => entry?.Prices is { Input: 0, Output: 0 };

    /// <summary>Vectors of different models cannot be compared: of each provider the one model that it is best asked for.</summary>
    private static IEnumerable<Pooled> Embeddings(Provider provider, DeploymentShelf shelf)
    {
        if (
            ChatModels.Best(provider, shelf, embeddings: true) is { } model
            && shelf.Find(provider, model, out _) is { } deployment
        )
            yield return new Pooled(deployment, Special: false);
    }
}
