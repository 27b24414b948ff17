using System.Buffers;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Native;
using Dragoman.Server.Hosting;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Native;

/// <summary><c>POST /api/llm/query</c>: one question and its answer, plain or streamed, with how it came about.</summary>
internal sealed class QueryEndpoints(
    Gateway gateway,
    InstanceMark instance,
    ExchangeTraces traces,
    TimeProvider time,
    long maxBodyBytes
)
{
    /// <summary>How long a client of a stream hears nothing before it hears a comment, so that proxies keep the line.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private static ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(
            "/api/llm/query",
            context =>
                HttpMethods.IsPost(context.Request.Method)
                    ? AnswerAsync(context)
                    : WrongMethod.TellAsync(context, "POST", ErrorShape.Problem)
        );
    }

    private async Task AnswerAsync(HttpContext context)
    {
        traces.Begin(context.Request);
        if (instance.Check(context.Request) is { } loop)
        {
            await NativeAnswer.RefuseAsync(context, loop);
            return;
        }
        using var body = await RequestBody.ReadAsync(context.Request, maxBodyBytes);
        if (
            body.Error is { } wrong
            || !Dragoman.Native.QueryReader.TryRead(
                body.Bytes,
                ClientHeaders.Wishes(context.Request),
                out var query,
                out wrong
            )
        )
        {
            await NativeAnswer.RefuseAsync(context, wrong!);
            return;
        }
        try
        {
            await (
                query!.Input is not null ? EmbedAsync(context, query)
                : query.Stream ? StreamAsync(context, query)
                : CompleteAsync(context, query)
            );
        }
        catch (GatewayException failure) when (!context.Response.HasStarted)
        {
            await ErrorShape.Problem.WriteAsync(
                context.Response,
                failure.Error,
                body => ProblemDocument.Write(body, failure)
            );
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; the record says so.
        }
    }

    private async Task CompleteAsync(HttpContext context, Query query)
    {
        await using var call = gateway.Begin(
            GatewayRequest.Of(query.Chat, query.Wishes, isStream: false) with
            {
                Caller = context.Features.Get<Caller>(),
            },
            context.RequestAborted
        );
        try
        {
            var reply = await call.CompleteAsync();
            SetHeaders(context, call);
            await NativeAnswer.WriteAsync(context, reply, CompletionJson.Readable.CompletionReply);
        }
        catch (GatewayException)
        {
            SetHeaders(context, call);
            throw;
        }
    }

    private async Task EmbedAsync(HttpContext context, Query query)
    {
        var reply = await gateway.EmbedAsync(
            query.Input!,
            query.Chat.Model.ToString(),
            query.Dimensions,
            query.Wishes,
            context.Features.Get<Caller>(),
            context.RequestAborted
        );
        context.Response.Headers["x-dragoman-request-id"] = reply.Ids[0];
        context.Response.Headers["x-dragoman-model"] = reply.Provider + "/" + reply.Model;
        await NativeAnswer.WriteAsync(context, reply, CompletionJson.Readable.EmbeddingsReply);
    }

    private async Task StreamAsync(HttpContext context, Query query)
    {
        await using var call = gateway.Begin(
            GatewayRequest.Of(query.Chat, query.Wishes, isStream: true) with
            {
                Caller = context.Features.Get<Caller>(),
            },
            context.RequestAborted
        );
        try
        {
            await call.BeganAsync();
        }
        finally
        {
            SetHeaders(context, call);
        }
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        // nginx and its kin would otherwise collect the stream before they pass it on.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            var updates = call.UpdatesAsync().GetAsyncEnumerator(context.RequestAborted);
            await using var _ = updates;
            while (await NextAsync(context, updates))
                await SendAsync(context, updates.Current);
        }
        catch (GatewayException broken)
        {
            context.Response.BodyWriter.Write("event: error\ndata: "u8);
            ProblemDocument.Write(context.Response.BodyWriter, broken);
            context.Response.BodyWriter.Write("\n\n"u8);
            await context.Response.BodyWriter.FlushAsync();
            throw new BrokenReplyException();
        }
    }

    /// <summary>Waits for the next piece; where that takes long, the client hears a comment every now and then.</summary>
    private async ValueTask<bool> NextAsync(
        HttpContext context,
        IAsyncEnumerator<CompletionUpdate> updates
    )
    {
        var next = updates.MoveNextAsync();
        if (next.IsCompleted)
            return await next;
        // It is waited for in any case: where the client is gone, the exchange ends and with it the wait.
        var waited = next.AsTask();
        while (true)
        {
            try
            {
                return await waited.WaitAsync(Silence, time, CancellationToken.None);
            }
            catch (TimeoutException) when (!waited.IsCompleted)
            {
                context.Response.BodyWriter.Write(KeepAlive);
                await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
            }
        }
    }

    private static async Task SendAsync(HttpContext context, CompletionUpdate update)
    {
        var output = context.Response.BodyWriter;
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, CompletionJson.WriterOptions))
        {
            // The last event is the whole answer itself, as a plain call gives it.
            if (update.Reply is { } reply)
                JsonSerializer.Serialize(json, reply, CompletionJson.Readable.CompletionReply);
            else
                JsonSerializer.Serialize(json, update, CompletionJson.Readable.CompletionUpdate);
        }
        output.Write("\n\n"u8);
        await output.FlushAsync(context.RequestAborted);
    }

    private static void SetHeaders(HttpContext context, GatewayCall call)
    {
        foreach (var (name, value) in call.Headers)
            context.Response.Headers[name] = value;
        context.Response.Headers["x-request-id"] = call.Id.ToString(null, null);
    }
}
