using Dragoman.Access;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Native.Recommending;

namespace Dragoman;

/// <content>Models for what somebody describes.</content>
public sealed partial class Gateway
{
    /// <summary>Models that fit a description such as "fast answers for chat under $1 per million", the best first. Nobody is called.</summary>
    /// <param name="taskDescription">In English chiefly; which words are understood is told in <c>docs/guides/which-model.md</c>.</param>
    /// <param name="constraints">What wins over its words; null says nothing.</param>
    /// <exception cref="GatewayException">The description is empty, or a constraint is none.</exception>
    public RecommendationReply Recommend(
        string taskDescription,
        RecommendationConstraints? constraints = null
    )
    {
        constraints ??= new RecommendationConstraints();
        if (RecommendationReader.WhyNot(taskDescription) is { } wrong)
            throw GatewayRequest.Wrong("task_description", wrong);
        if (constraints.Limit is < 1 or > RecommendationReader.MostModels)
            throw GatewayRequest.Wrong(
                "limit",
                $"'limit' must be a whole number from 1 to {RecommendationReader.MostModels}."
            );
        foreach (var word in constraints.Capabilities)
            if (Capabilities.Find(word) is null)
                throw GatewayRequest.Wrong(
                    "capabilities",
                    $"'{word}' is not a known capability. Known are: {string.Join(", ", Capabilities.Words)}."
                );
        return Recommend(
            new RecommendationQuery(
                taskDescription,
                constraints with
                {
                    Capabilities =
                    [
                        .. constraints.Capabilities.Select(static word => Capabilities.Find(word)!),
                    ],
                }
            )
        );
    }

    internal RecommendationReply Recommend(RecommendationQuery query, ModelAccess? access = null)
    {
        var models = Snapshots.Current.Models.For(access);
        if (
            query.Constraints.Provider is { } provider
            && !models.ProviderNames.Contains(provider, StringComparer.OrdinalIgnoreCase)
        )
            throw GatewayRequest.Wrong(
                "constraints.provider",
                $"'{provider}' is no provider. Known are: {string.Join(", ", models.ProviderNames)}."
            );
        return new Recommender(
            models,
            Quality,
            DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime)
        ).Recommend(query);
    }
}
