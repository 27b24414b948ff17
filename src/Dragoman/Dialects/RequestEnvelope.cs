using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>What is peeked from a request body without a full parse: enough to route it and to splice it.</summary>
public sealed class RequestEnvelope
{
    /// <summary>The model name the client asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Where the model's value stands in the body, quotes included; null where the address says it.</summary>
    public BodyRange? ModelValue { get; init; }

    /// <summary>What to cut so that the model's member is gone, a comma included; null where the body does not say it.</summary>
    public BodyRange? ModelMember { get; init; }

    /// <summary>The client wants a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>The body's <c>dragoman</c> object as it came; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Dragoman { get; init; }

    /// <summary>What to cut so that the <c>dragoman</c> member is gone, a comma included.</summary>
    public BodyRange? DragomanMember { get; init; }

    /// <summary>Behind the body's first brace: where members can be put in.</summary>
    public int FirstMember { get; init; }

    /// <summary>Where the value of <c>stream_options</c> stands.</summary>
    public BodyRange? StreamOptions { get; init; }

    /// <summary>What to cut so that <c>stream_options</c> is gone, a comma included.</summary>
    public BodyRange? StreamOptionsMember { get; init; }

    /// <summary>Where the value of <c>stream_options.include_usage</c> stands.</summary>
    public BodyRange? IncludeUsageValue { get; init; }

    /// <summary>The client asked for usage in its stream.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary><c>stream_options</c> holds more than <c>include_usage</c>.</summary>
    public bool HasOtherStreamOptions { get; init; }

    /// <summary>Behind the opening bracket of <c>messages</c>; 0 where there are none.</summary>
    public int MessagesStart { get; init; }

    /// <summary>Before the closing bracket of <c>messages</c>.</summary>
    public int MessagesEnd { get; init; }

    /// <summary>How many messages there are.</summary>
    public int MessageCount { get; init; }

    /// <summary>A message of the role system or developer is among them.</summary>
    public bool HasSystemMessage { get; init; }

    /// <summary>Where messages name the role <c>developer</c>, quotes included.</summary>
    public IReadOnlyList<BodyRange> DeveloperRoles { get; init; } = [];

    /// <summary>How embeddings are to be encoded; null where the client did not say.</summary>
    public EmbeddingEncoding? EmbeddingEncoding { get; init; }

    /// <summary>What the request needs from a model.</summary>
    public RequestNeeds Needs { get; init; }

    /// <summary>Parameters the client set itself, so that defaults leave them alone.</summary>
    public SetParameters Parameters { get; init; }

    /// <summary>One answer is asked for, not several (<c>n</c>).</summary>
    public bool IsSingleChoice { get; init; }

    /// <summary>How many answers are asked for.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The longest answer the client allows, in tokens; 0 where it does not say.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Bytes of text in the prompt, without images and other data.</summary>
    public int PromptBytes { get; init; }

    /// <summary>Reads the envelope of a body in any dialect, checking that the whole body is JSON.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        in RequestAddress address,
        out RequestEnvelope? envelope,
        out GatewayError? error
    ) => new EnvelopeReader(body, address).TryRead(out envelope, out error);

    /// <inheritdoc cref="TryRead(ReadOnlyMemory{byte}, in RequestAddress, out RequestEnvelope?, out GatewayError?)"/>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out RequestEnvelope? envelope,
        out GatewayError? error
    ) => TryRead(body, default, out envelope, out error);
}

/// <summary>A stretch of the body, in bytes.</summary>
public readonly record struct BodyRange(int Start, int End)
{
    public int Length => End - Start;
}

/// <summary>What a request needs from the model that serves it.</summary>
[Flags]
public enum RequestNeeds
{
    None = 0,
    Tools = 1,
    Vision = 2,
    Audio = 4,
    Files = 8,
    StructuredOutput = 16,
}

/// <summary>Parameters that a client set.</summary>
[Flags]
public enum SetParameters
{
    None = 0,
    Temperature = 1,
    TopP = 2,
    PresencePenalty = 4,
    FrequencyPenalty = 8,
    MaxTokens = 16,
}
