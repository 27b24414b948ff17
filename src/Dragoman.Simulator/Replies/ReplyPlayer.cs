using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Simulator.Replies;

/// <summary>Sends a planned reply, piece by piece, at its pace.</summary>
internal static class ReplyPlayer
{
    /// <summary>Throws <see cref="OperationCanceledException"/> where the client goes away before the end.</summary>
    public static async Task PlayAsync(
        HttpContext http,
        Reply reply,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var response = http.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength = reply.ContentLength;
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;

        foreach (var piece in reply.Pieces)
        {
            if (piece.Wait > TimeSpan.Zero && piece.Kind == PieceKind.Bytes)
                await Task.Delay(piece.Wait, time, cancel);
            cancel.ThrowIfCancellationRequested();
            switch (piece.Kind)
            {
                case PieceKind.Bytes:
                    await response.BodyWriter.WriteAsync(piece.Bytes, cancel);
                    break;
                case PieceKind.Hang:
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
                    break;
                case PieceKind.KeepAlive:
                    await PingAsync(response, piece, time, cancel);
                    break;
                case PieceKind.Reset:
                    Reset(http);
                    return;
            }
        }
    }

    private static async Task PingAsync(
        HttpResponse response,
        Piece piece,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        while (true)
        {
            await response.BodyWriter.WriteAsync(piece.Bytes, cancel);
            await Task.Delay(piece.Wait, time, cancel);
        }
    }

    /// <summary>No lingering: the close then goes out as RST rather than FIN.</summary>
    private static void Reset(HttpContext http)
    {
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        http.Abort();
    }
}
