using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.Exchanges;
using Dragoman.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>Makes an HTTP request an exchange and walks it down the pipeline: what every inference endpoint shares.</summary>
internal sealed class InferenceCall(
    Gateway gateway,
    TimeProvider time,
    InstanceMark instance,
    ExchangeTraces traces,
    long maxBodyBytes
)
{
    private int _inFlight;

    /// <summary>Exchanges that are being answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Returns when no exchange is being answered any more, or when <paramref name="patience"/> ends.</summary>
    public async Task WaitUntilIdleAsync(TimeSpan patience)
    {
        var since = time.GetTimestamp();
        while (InFlight > 0 && time.GetElapsedTime(since) < patience)
            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
    }

    /// <summary>Answers the request, whatever comes of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="dialect">The dialect its address speaks.</param>
    /// <param name="operation">What is asked.</param>
    /// <param name="address">What the address says of it.</param>
    public async Task AnswerAsync(
        HttpContext context,
        IDialect dialect,
        Operation operation,
        RequestAddress address = default
    )
    {
        var started = time.GetTimestamp();
        var startedAt = time.GetUtcNow();
        var id = gateway.Ids.Next();
        Interlocked.Increment(ref _inFlight);
        HttpReplyChannel? reply = null;
        traces.Begin(context.Request);
        try
        {
            var told = id.ToString(null, null);
            context.Response.Headers["x-dragoman-request-id"] = told;
            // Where OpenAI's and Anthropic's own libraries look for it.
            context.Response.Headers[
                dialect.Name == AnthropicDialect.DialectName ? "request-id" : "x-request-id"
            ] = told;
            if (instance.Check(context.Request) is { } loop)
            {
                await RefuseAsync(context, loop);
                return;
            }
            var body = await RequestBody.ReadAsync(context.Request, maxBodyBytes);
            Exchange? exchange = null;
            try
            {
                if (body.Error is { } unreadable)
                {
                    await RefuseAsync(context, unreadable);
                    return;
                }
                if (
                    !dialect.TryReadEnvelope(body.Bytes, address, out var envelope, out var error)
                    || !WishesReader.TryRead(
                        ClientHeaders.Wishes(context.Request),
                        envelope!.Dragoman,
                        out var wishes,
                        out error
                    )
                )
                {
                    await RefuseAsync(context, error!);
                    return;
                }
                var caller = context.Features.Get<Caller>();
                if (FixedWishes.WhyNot(caller, wishes) is { } otherwise)
                {
                    await RefuseAsync(context, otherwise);
                    return;
                }
                exchange = new Exchange
                {
                    Id = id,
                    Dialect = dialect,
                    Operation = operation,
                    Body = body.Bytes,
                    Envelope = envelope,
                    Snapshot = gateway.Snapshots.Current.Parts,
                    Reply = reply = new HttpReplyChannel(context),
                    Wishes = FixedWishes.Bind(caller, wishes),
                    Caller = caller?.Id,
                    ForwardedHeaders = ClientHeaders.Forwarded(context.Request, dialect.Name),
                    TranslatedHeaders = ClientHeaders.Forwarded(context.Request, dialect: null),
                    ClientHeaders = name => HeaderOf(context, name),
                    StartTimestamp = started,
                    StartedAt = startedAt,
                    ClientGone = context.RequestAborted,
                };
                if (caller is not null)
                    exchange.Set(caller);
                await gateway.Pipeline.InvokeAsync(exchange);
            }
            finally
            {
                if (exchange is not { BodyStillRead: true })
                    body.Dispose();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
        if (reply is { IsBroken: true })
            throw new BrokenReplyException();
    }

    private static string? HeaderOf(HttpContext context, string name) =>
        context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private static Task RefuseAsync(HttpContext context, GatewayError error) =>
        ErrorShape.Of(context.Request).WriteAsync(context.Response, error);
}
