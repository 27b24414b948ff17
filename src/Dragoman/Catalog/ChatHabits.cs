using System.Collections.Frozen;

namespace Dragoman.Catalog;

/// <summary>
/// How a vendor bends OpenAI's chat dialect: the object <c>chat</c> of its entry in <c>providers.json</c>. What is not said is as
/// OpenAI's reference has it. The dialect reads these facts; it knows no vendor by name.
/// </summary>
public sealed record ChatHabits
{
    /// <summary>A server about which nothing is known.</summary>
    public static readonly ChatHabits Usual = new();

    /// <summary>Members of a request that it answers with an error; they are left out and named.</summary>
    public IReadOnlyList<string> Refuses { get; init; } = [];

    /// <summary>Members that its reasoning models answer with an error.</summary>
    public IReadOnlyList<string> ReasoningRefuses { get; init; } = [];

    /// <summary>Members it calls otherwise: OpenAI's name to its own (<c>seed</c> to <c>random_seed</c>).</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } =
        FrozenDictionary<string, string>.Empty;

    /// <summary>Kinds of content parts it cannot take, by their type: a request with one cannot go there.</summary>
    public IReadOnlyList<string> RefusesParts { get; init; } = [];

    /// <summary>The most stop texts; null is no limit known.</summary>
    public int? MaxStop { get; init; }

    /// <summary>How it is asked to reason.</summary>
    public ReasoningWish Reasoning { get; init; }

    /// <summary>Whether and how it wants the reasoning of earlier turns back.</summary>
    public ReasoningReturn ReasoningReturn { get; init; }

    /// <summary>Ids of tool calls must be this many letters and digits (Mistral: 9); null takes any.</summary>
    public int? ToolIdLength { get; init; }

    /// <summary>Takes Anthropic's <c>cache_control</c> on content parts and acts on it.</summary>
    public bool CacheControl { get; init; }

    /// <summary>What it takes as the shape of an answer.</summary>
    public SchemaSupport Schemas { get; init; }

    /// <summary>A message of only text goes as one string, since a list of parts is not understood.</summary>
    public bool TextAsString { get; init; }
}

/// <summary>How a vendor of OpenAI's chat dialect is asked to reason.</summary>
public enum ReasoningWish
{
    /// <summary><c>reasoning_effort</c>, OpenAI's own.</summary>
    Effort,

    /// <summary><c>thinking: {type}</c> as the switch, with <c>reasoning_effort</c> beside it (DeepSeek).</summary>
    Thinking,

    /// <summary><c>enable_thinking</c> and <c>thinking_budget</c> (Qwen).</summary>
    Enable,

    /// <summary><c>reasoning: {effort | max_tokens | enabled, exclude}</c> (OpenRouter).</summary>
    Object,

    /// <summary>It cannot be asked.</summary>
    None,
}

/// <summary>How a vendor of OpenAI's chat dialect wants the reasoning of earlier turns back.</summary>
public enum ReasoningReturn
{
    /// <summary>Nobody says: as the client sent it, and none of other dialects.</summary>
    AsCame,

    /// <summary>Not at all: it refuses it, or has no place for it.</summary>
    None,

    /// <summary><c>reasoning_content</c> on every turn that called tools, be it empty (DeepSeek answers 400 without).</summary>
    ContentOfToolTurns,

    /// <summary><c>reasoning</c> beside the content (Groq).</summary>
    Reasoning,

    /// <summary>Parts of type <c>thinking</c> in the content (Mistral).</summary>
    Parts,

    /// <summary><c>reasoning_details</c> with signatures (OpenRouter).</summary>
    Details,

    /// <summary>As its clients were shown it: the text, and signatures wrapped, whosever they are (a gateway like this one).</summary>
    Wrapped,
}

/// <summary>What a vendor of OpenAI's chat dialect takes as the shape of an answer.</summary>
public enum SchemaSupport
{
    /// <summary>Any JSON schema, enforced as far as the server can.</summary>
    Any,

    /// <summary>OpenAI's subset where <c>strict</c> is set, any schema as a hint where not.</summary>
    Strict,

    /// <summary>Only <c>json_object</c>: the schema goes into the prompt.</summary>
    ObjectOnly,
}
