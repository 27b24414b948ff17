namespace Dragoman.Catalog;

/// <summary>A known kind of provider: an entry of <c>Catalog/providers.json</c>. A vendor's quirks live here, never in the dialect.</summary>
public sealed record ProviderType
{
    public required string Name { get; init; }

    /// <summary>Other names people use for it, e.g. <c>grok</c> for xai.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The dialect it is spoken to in where the client's own is not among <see cref="Speaks"/>.</summary>
    public required string Dialect { get; init; }

    /// <summary>Every dialect it speaks, and where; empty is <see cref="Dialect"/> alone, at <see cref="DefaultPath"/>.</summary>
    public IReadOnlyList<SpokenDialect> Speaks { get; init; } = [];

    /// <summary>How its key is sent; null takes the usual way of the dialect that is spoken.</summary>
    public KeyPlace? KeyPlace { get; init; }

    /// <summary>Where the vendor is found; null where every account has an address of its own.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The path that a base URL without one gets.</summary>
    public string DefaultPath { get; init; } = "/v1";

    /// <summary>Path of the free model list below the base URL, which health probes call; null where there is none.</summary>
    public string? ModelsPath { get; init; }

    /// <summary>Environment variables that may hold the key, the first set one wins.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>Environment variables that may hold the base URL, the first set one wins.</summary>
    public IReadOnlyList<string> BaseUrlVariables { get; init; } = [];

    /// <summary>Headers that an account may want to send.</summary>
    public IReadOnlyList<ProviderHeader> Headers { get; init; } = [];

    /// <summary>Settings that an account of this kind may have beside those of all, and that are no headers.</summary>
    public IReadOnlyList<ProviderSetting> Settings { get; init; } = [];

    /// <summary>What this kind of account calls its key in configuration, beside <c>api_key</c>, e.g. <c>credentials</c>; null where it has no other word.</summary>
    public string? KeySetting { get; init; }

    /// <summary>Answers without a key (servers in the house).</summary>
    public bool KeyOptional { get; init; }

    /// <summary>The provider's name in the price catalog; null takes <see cref="Name"/>.</summary>
    public string? CatalogName { get; init; }

    /// <summary>Accepts <c>stream_options.include_usage</c>; false means that asking would fail, or is needless since usage always comes.</summary>
    public bool StreamOptions { get; init; } = true;

    /// <summary>Knows the role <c>developer</c>; others are sent <c>system</c>, which it replaced at OpenAI.</summary>
    public bool DeveloperRole { get; init; }

    /// <summary>Its <c>reasoning_tokens</c> are not part of its <c>completion_tokens</c> (xAI).</summary>
    public bool ReasoningOutsideCompletion { get; init; }

    /// <summary>The provider bills each request on top of its tokens or reports its own cost in <c>usage</c>.</summary>
    public bool ReportsCost { get; init; }

    /// <summary>Keeps answers of OpenAI's responses by itself, so that a later request can carry on from one by its id; others must be told the whole conversation.</summary>
    public bool KeepsResponses { get; init; }

    /// <summary>The most texts that one call for embeddings takes; a careful figure where nobody says.</summary>
    public int EmbeddingBatch { get; init; } = 96;

    /// <summary>How a last assistant message is marked so that the model carries on from it.</summary>
    public PrefillStyle Prefill { get; init; }

    /// <summary>How it bends OpenAI's chat dialect, where it speaks that.</summary>
    public ChatHabits Chat { get; init; } = ChatHabits.Usual;

    /// <summary>Where these facts come from, and the date seen.</summary>
    public string Source { get; init; } = "";
}

/// <summary>A header of a provider account: its name on the wire, the setting that fills it, and the environment variable that may.</summary>
public sealed record ProviderHeader(string Name, string Setting, string? Variable);

/// <summary>A setting of a provider account, e.g. Azure's <c>api_version</c>, and the environment variables that may say it, the first set one wins.</summary>
public sealed record ProviderSetting(string Name, IReadOnlyList<string> Variables);

/// <summary>How a provider is told to carry on from a last assistant message.</summary>
public enum PrefillStyle
{
    /// <summary>It would answer the message instead, or nobody says.</summary>
    None,

    /// <summary>The last message being the assistant's is enough (Groq).</summary>
    LastMessage,

    /// <summary>The message carries <c>prefix: true</c>; the answer may repeat it (Mistral).</summary>
    Prefix,

    /// <summary>The request carries <c>continue_final_message: true, add_generation_prompt: false</c> (vLLM).</summary>
    ContinueFinalMessage,
}

/// <summary>A dialect that a provider speaks beside others.</summary>
/// <param name="Dialect">Its name.</param>
/// <param name="Path">The path that stands in place of <see cref="ProviderType.DefaultPath"/> for it, e.g. <c>/v1</c> or nothing.</param>
public sealed record SpokenDialect(string Dialect, string Path)
{
    /// <summary>Only models whose names begin so are spoken to in it, and they in no other (Claude at Vertex); null is all others.</summary>
    public string? Models { get; init; }

    /// <summary>The address names the model, and the body must not.</summary>
    public bool OmitsModel { get; init; }

    /// <summary>Of the tools that clients run it knows functions alone there: requests with others are told in <see cref="ProviderType.Dialect"/>.</summary>
    public bool FunctionsOnly { get; init; }

    /// <summary>Members that every body needs there, as JSON with a comma behind each.</summary>
    public string? BodyMembers { get; init; }
}

/// <summary>Where a provider wants its key.</summary>
public enum KeyPlace
{
    /// <summary><c>Authorization: Bearer …</c></summary>
    Bearer,

    /// <summary><c>x-api-key</c> (Anthropic).</summary>
    XApiKey,

    /// <summary><c>x-goog-api-key</c> (Gemini).</summary>
    XGoogApiKey,

    /// <summary><c>api-key</c> (Azure).</summary>
    ApiKey,
}
