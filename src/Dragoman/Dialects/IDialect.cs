using System.Buffers;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>A wire format: how its errors look, plain and in the middle of a stream.</summary>
public interface IDialect
{
    /// <summary>Its name in configuration, e.g. <c>openai</c>.</summary>
    string Name { get; }

    /// <summary>Writes the body of an error answer.</summary>
    void WriteError(IBufferWriter<byte> output, GatewayError error);

    /// <summary>Writes an error into a stream that has begun. What follows is the end of the body, never a normal terminator.</summary>
    void WriteStreamError(IBufferWriter<byte> output, GatewayError error);
}
