using Dragoman.Catalog;
using Dragoman.Dialects.OpenAIResponses;

namespace Dragoman.Conversations;

/// <summary>The request has tools that the client runs though they are no functions (custom ones, its shell): not every provider knows them.</summary>
public sealed record OwnTools;

/// <summary>The answer an exchange carries on from is known to a provider by the id the client sent: there it can be relayed as it is.</summary>
/// <param name="Provider">The provider's name.</param>
public sealed record KeptAnswer(string Provider)
{
    /// <summary>Whether the provider of <paramref name="deployment"/> is the one.</summary>
    public bool IsAt(Deployment deployment) =>
        deployment.Provider.Name == Provider && IsKeptAt(deployment);

    /// <summary>Whether a deployment's provider keeps answers of OpenAI's responses by itself.</summary>
    public static bool IsKeptAt(Deployment deployment) =>
        deployment.Provider.Type.KeepsResponses
        && deployment.Provider.Speaks(OpenAIResponsesDialect.DialectName, deployment.Model)
            is not null;
}
