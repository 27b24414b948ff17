using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>A server in the house that answered, and the models it says it has.</summary>
public sealed record DiscoveredServer(string Name, Uri BaseUrl, IReadOnlyList<ServedModel> Models)
{
    internal bool IsLike(DiscoveredServer other) =>
        Name == other.Name
        && BaseUrl == other.BaseUrl
        && Models.Count == other.Models.Count
        && Models.Zip(other.Models).All(static pair => pair.First.IsLike(pair.Second));
}

/// <summary>How a server is asked what it has.</summary>
internal enum ModelListKind
{
    /// <summary><c>/models</c>: names, and nothing else.</summary>
    OpenAI,

    /// <summary><c>/api/tags</c>, and <c>/api/show</c> for each model.</summary>
    Ollama,

    /// <summary><c>/api/v0/models</c>, which also says what kind each is.</summary>
    LMStudio,
}

/// <summary>A place where a server in the house may be found; a guess is one that nobody told of.</summary>
internal sealed record DiscoveryTarget(
    string Name,
    Uri BaseUrl,
    SecretText? Key = null,
    ModelListKind Kind = ModelListKind.OpenAI,
    bool IsGuess = false
);
