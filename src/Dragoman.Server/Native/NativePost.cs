using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Native;

/// <summary>How the native API takes what is posted: the body whole, and failures told as problem documents.</summary>
internal sealed class NativePost(long maxBodyBytes)
{
    /// <summary>Reads a body: false where it is wrong, with what is wrong.</summary>
    public delegate bool Reading<T>(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out T? asked,
        out GatewayError? error
    )
        where T : class;

    /// <summary>Lets POST through, reads the body, and gives what it asks to <paramref name="answer"/>.</summary>
    public RequestDelegate For<T>(Reading<T> read, Func<HttpContext, T, Task> answer)
        where T : class =>
        context =>
            HttpMethods.IsPost(context.Request.Method)
                ? TakeAsync(context, read, answer)
                : WrongMethod.TellAsync(context, "POST", ErrorShape.Problem);

    /// <summary>The same for any method: which it is was looked at already.</summary>
    public RequestDelegate Taking<T>(Reading<T> read, Func<HttpContext, T, Task> answer)
        where T : class => context => TakeAsync(context, read, answer);

    /// <summary>Reads the body, whatever the method, and gives what it asks to <paramref name="answer"/>.</summary>
    public async Task TakeAsync<T>(
        HttpContext context,
        Reading<T> read,
        Func<HttpContext, T, Task> answer
    )
        where T : class
    {
        // What was read of the body may lean on its memory until the answer is there.
        using var body = await RequestBody.ReadAsync(context.Request, maxBodyBytes);
        if (body.Error is { } wrong || !read(context, body.Bytes, out var asked, out wrong))
        {
            await NativeAnswer.RefuseAsync(context, wrong!);
            return;
        }
        try
        {
            await answer(context, asked!);
        }
        catch (GatewayException failure) when (!context.Response.HasStarted)
        {
            await ErrorShape.Problem.WriteAsync(
                context.Response,
                failure.Error,
                document => ProblemDocument.Write(document, failure)
            );
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; records say so.
        }
    }
}
