using System.IO.Pipelines;
using Dragoman.Exchanges;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>An HTTP response as the place an exchange's answer goes.</summary>
internal sealed class HttpReplyChannel(HttpContext context) : IReplyChannel
{
    public bool HasStarted { get; private set; }

    public PipeWriter Body => context.Response.BodyWriter;

    public void SetHeader(string name, string value) => context.Response.Headers[name] = value;

    public void Start(int status, string contentType, long? contentLength)
    {
        HasStarted = true;
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = contentLength;
    }

    /// <summary>The answer is not whole; see <see cref="BrokenReplyException"/>.</summary>
    public bool IsBroken { get; private set; }

    public void Abort() => IsBroken = true;
}
