using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>A part that the newest model of some families plays, e.g. "anthropic sonnet".</summary>
/// <param name="Type">The provider type's name.</param>
/// <param name="Label">What the role is called where nobody can play it.</param>
/// <param name="Plays">True of models that can play it.</param>
internal sealed record ModelRole(string Type, string Label, Func<string, ModelEntry?, bool> Plays)
{
    /// <summary>Names of OpenAI's smaller or special models within the main families.</summary>
    private static readonly string[] NotFlagship = ["mini", "nano", "luna", "chat", "codex", "pro"];

    public static readonly ModelRole OpenAIFlagship = new(
        "openai",
        "openai flagship",
        static (id, entry) =>
            entry?.Family is "gpt" or "gpt-sol"
            && !Array.Exists(NotFlagship, part => id.Contains(part, StringComparison.Ordinal))
    );

    public static readonly ModelRole OpenAIMini = Family("openai", "openai mini", "gpt-mini");
    public static readonly ModelRole OpenAINano = Family("openai", "openai nano", "gpt-nano");
    public static readonly ModelRole Opus = Family("anthropic", "anthropic opus", "claude-opus");
    public static readonly ModelRole Sonnet = Family(
        "anthropic",
        "anthropic sonnet",
        "claude-sonnet"
    );
    public static readonly ModelRole Haiku = Family("anthropic", "anthropic haiku", "claude-haiku");
    public static readonly ModelRole MistralLarge = Family(
        "mistral",
        "mistral large",
        "mistral-large"
    );
    public static readonly ModelRole MistralSmall = Family(
        "mistral",
        "mistral small",
        "mistral-small"
    );
    public static readonly ModelRole TogetherCoder = new("together", "together coder", IsCoder);
    public static readonly ModelRole OllamaCoder = new("ollama", "ollama coder", IsCoder);
    public static readonly ModelRole Ollama = new(
        "ollama",
        "ollama",
        static (id, _) => !id.EndsWith("cloud", StringComparison.Ordinal)
    );

    /// <summary>The newest model at <paramref name="provider"/> that plays the role; null where there is none.</summary>
    public string? Newest(Provider provider, DeploymentShelf shelf) =>
        shelf
            .Offered(provider)
            .Where(offer =>
                ChatModels.IsChat(offer.Model, offer.Entry) && Plays(offer.Model, offer.Entry)
            )
            .OrderByDescending(static offer => offer.Entry?.Released, StringComparer.Ordinal)
            .ThenByDescending(static offer => ChatModels.Billions(offer.Model))
            .ThenBy(static offer => offer.Model.Length)
            .ThenBy(static offer => offer.Model, StringComparer.Ordinal)
            .Select(static offer => offer.Model)
            .FirstOrDefault();

    private static ModelRole Family(string type, string label, string family) =>
        new(type, label, (_, entry) => entry?.Family == family);

    private static bool IsCoder(string id, ModelEntry? entry) =>
        id.Contains("coder", StringComparison.OrdinalIgnoreCase)
        || id.EndsWith("-code", StringComparison.OrdinalIgnoreCase);
}
