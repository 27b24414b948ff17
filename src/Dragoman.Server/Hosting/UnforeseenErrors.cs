using Dragoman.Canonical;
using Dragoman.Server.Inference;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Hosting;

/// <summary>The last net: a mistake of ours outside the pipeline is logged, and told as 500 where an answer can still be given.</summary>
internal sealed partial class UnforeseenErrors(ILogger<UnforeseenErrors> logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BrokenReplyException)
        {
            throw;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to answer.
        }
        catch (Exception mistake)
        {
            // The message is left out: it may quote the request.
            Log.Unforeseen(
                logger,
                context.Request.Path,
                context.Response.Headers["x-dragoman-request-id"],
                mistake.GetType().FullName,
                mistake.StackTrace
            );
            if (context.Response.HasStarted)
                throw new BrokenReplyException();
            await ErrorShape
                .Of(context.Request)
                .WriteAsync(
                    context.Response,
                    new GatewayError(
                        GatewayErrorKind.Internal,
                        "The server made a mistake; its log tells more."
                    )
                );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Path} {Id} failed: {ExceptionType}\n{StackTrace}")]
        public static partial void Unforeseen(
            ILogger logger,
            string path,
            string? id,
            string? exceptionType,
            string? stackTrace
        );
    }
}
