using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>What is peeked from a request body without a full parse: enough to route it and to splice it.</summary>
public sealed class RequestEnvelope
{
    /// <summary>The model name the client asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The client wants a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>The body's <c>dragoman</c> object as it came; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Dragoman { get; init; }

    /// <summary>Reads the envelope of an OpenAI-shaped body, checking that the whole body is JSON.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out RequestEnvelope? envelope,
        out GatewayError? error
    ) => throw new NotSupportedException();
}
