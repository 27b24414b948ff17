using System.Buffers;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>A request's body in pooled memory, whole; to be returned when nobody reads it any more.</summary>
internal struct RequestBody : IDisposable
{
    private const int FirstGuess = 16 * 1024;

    private byte[]? _buffer;
    private int _length;

    public readonly ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Set where the body is too large, or came so slowly or so wrongly that the server gave up on it.</summary>
    public GatewayError? Error { get; private init; }

    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, long limit)
    {
        var announced = request.ContentLength;
        if (announced > limit)
            return TooLarge(limit);
        var body = new RequestBody
        {
            _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(announced ?? FirstGuess, 1)),
        };
        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
                var tooLarge = body._length + read.Buffer.Length > limit;
                if (!tooLarge)
                    body.Append(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                if (tooLarge)
                {
                    body.Dispose();
                    return TooLarge(limit);
                }
                if (read.IsCompleted)
                    return body;
            }
        }
        catch (BadHttpRequestException wrong)
        {
            body.Dispose();
            return wrong.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(limit)
                : new RequestBody
                {
                    Error = new GatewayError(GatewayErrorKind.InvalidRequest, wrong.Message)
                    {
                        StatusOverride = wrong.StatusCode,
                    },
                };
        }
        catch (IOException)
        {
            // Chunk sizes past 32 bits, and a connection that broke: what the client did, in no class of its own.
            body.Dispose();
            return new RequestBody
            {
                Error = new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    "The request body could not be read: it was sent wrongly, or the connection broke."
                ),
            };
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Gives the memory back; the bytes must not be read after.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _length = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Append(in ReadOnlySequence<byte> part)
    {
        var needed = _length + (int)part.Length;
        if (needed > _buffer!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        part.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }

    private static RequestBody TooLarge(long limit) =>
        new()
        {
            Error = new GatewayError(
                GatewayErrorKind.RequestTooLarge,
                $"The request body is larger than the {limit >> 20} MB this server takes (DRAGOMAN_MAX_BODY_MB)."
            )
            {
                Code = "request_too_large",
            },
        };
}
