using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Exchanges;

namespace Dragoman.Tests.Routing.Bounds;

/// <summary>Somebody was asked.</summary>
/// <param name="Deployment">Who.</param>
/// <param name="Body">What.</param>
/// <param name="Spent">US dollars that the attempts before it cost by what was known then.</param>
internal sealed record Ask(Deployment Deployment, JsonElement Body, decimal Spent)
{
    /// <summary>US dollars that the reply told it cost; null where it told nothing.</summary>
    public decimal? Told { get; set; }
}

/// <summary>All providers of a house in memory: they fail in every way there is, by chance, and what they were asked is kept.</summary>
internal sealed class FailingUpstream(Random chance) : HttpMessageHandler
{
    private const string Answer = "The answer is a list of words that goes on for a while.";

    private static readonly string[] Words = [.. Answer.Split(' ').Select(static w => w + " ")];

    private readonly List<Ask> _asks = [];
    private RandomHouse _house = null!;
    private ExchangeLog _log = null!;

    public IReadOnlyList<Ask> Asks => _asks;

    /// <summary>From now on it serves this exchange.</summary>
    public void Serve(RandomHouse house, ExchangeLog log)
    {
        (_house, _log) = (house, log);
        _asks.Clear();
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var json = JsonDocument.Parse(
            await request.Content!.ReadAsByteArrayAsync(CancellationToken.None)
        );
        var body = json.RootElement.Clone();
        var model = body.GetProperty("model").GetString()!;
        var provider = request.RequestUri!.Host.Split('.')[0];
        var deployment = _house.Deployments.Single(one =>
            one.Provider.Name == provider && one.Model == model
        );
        var ask = new Ask(deployment, body, Spent());
        _asks.Add(ask);
        var streams = body.TryGetProperty("stream", out var stream) && stream.GetBoolean();
        return await ReplyAsync(ask, streams, cancellationToken);
    }

    /// <summary>By what the replies told, and where one told nothing by what was noted of it.</summary>
    private decimal Spent()
    {
        var sum = 0m;
        for (var i = 0; i < _asks.Count; i++)
            sum += _asks[i].Told ?? (_log.Attempts[i].CostNanoUsd ?? 0) / 1_000_000_000m;
        return sum;
    }

    private async Task<HttpResponseMessage> ReplyAsync(
        Ask ask,
        bool streams,
        CancellationToken cancelled
    )
    {
        switch (chance.Next(20))
        {
            case 0:
                return Refusal(HttpStatusCode.InternalServerError, "broken");
            case 1:
                return Refusal(HttpStatusCode.ServiceUnavailable, "overloaded");
            case 2:
                return Refusal(HttpStatusCode.TooManyRequests, "slow down");
            case 3:
                var limited = Refusal(HttpStatusCode.TooManyRequests, "slow down");
                limited.Headers.RetryAfter = new RetryConditionHeaderValue(
                    TimeSpan.FromSeconds(chance.Next(1, 90))
                );
                return limited;
            case 4:
                return Refusal(HttpStatusCode.NotFound, "no such model");
            case 5:
                return Refusal(HttpStatusCode.Unauthorized, "no such key");
            case 6 or 7:
                return Refusal(
                    HttpStatusCode.BadRequest,
                    "This model's maximum context length is exceeded.",
                    "context_length_exceeded"
                );
            case 8:
                return Refusal(HttpStatusCode.BadRequest, "filtered", "content_filter");
            case 9:
                throw new HttpRequestException(HttpRequestError.ConnectionError);
            case 10:
                await new TaskCompletionSource().Task.WaitAsync(cancelled);
                break;
            case 11:
                return Content("<html>not JSON</html>", "application/json");
            case 12:
                return Content(
                    $$$"""{"id":"x","object":"chat.completion","choices":[],"usage":{{{Usage(ask)}}}}""",
                    "application/json"
                );
        }
        return streams ? Stream(ask) : Content(Whole(ask), "application/json");
    }

    private string Whole(Ask ask) =>
        $$$"""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{Answer}}}"},"finish_reason":"stop"}],"usage":{{{Usage(ask)}}}}""";

    /// <summary>Whole, or broken off at any word: by its end, an error, a reset or silence.</summary>
    private HttpResponseMessage Stream(Ask ask)
    {
        var end = chance.Next(3) == 0 ? Words.Length : chance.Next(0, Words.Length);
        var tells = chance.Next(2) == 0;
        var text = new StringBuilder();
        for (var i = 0; i < end; i++)
        {
            var usage = tells ? $",\"usage\":{Usage(ask)}" : "";
            text.Append(
                $$$"""data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{Words[i]}}}"},"finish_reason":null}]{{{usage}}}}"""
                    + "\n\n"
            );
        }
        if (end == Words.Length)
        {
            text.Append(
                $$$"""data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{{{Usage(ask)}}}}"""
                    + "\n\ndata: [DONE]\n\n"
            );
            return Content(text.ToString(), "text/event-stream");
        }
        var how = chance.Next(4);
        if (how == 0)
            text.Append("data: {\"error\":{\"message\":\"broken\",\"code\":500}}\n\n");
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return Of(
            new StreamContent(
                new BreakingStream(
                    bytes,
                    how switch
                    {
                        1 => BreakingStream.End.Reset,
                        2 => BreakingStream.End.Silence,
                        _ => BreakingStream.End.Close,
                    }
                )
            ),
            "text/event-stream"
        );
    }

    private string Usage(Ask ask)
    {
        var (input, output) = (chance.Next(1, 3_000), chance.Next(0, 1_000));
        // Under a limit nobody without a price may be asked at all, so that what one costs is of no matter.
        if (ask.Deployment.Prices is { Input: { } of, Output: { } and })
            ask.Told = (input * of + output * and) / 1_000_000;
        return $$$"""{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}},"total_tokens":{{{input + output}}}}""";
    }

    private static HttpResponseMessage Refusal(
        HttpStatusCode status,
        string message,
        string code = "broken"
    )
    {
        var response = Content(
            $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":"{{{code}}}"}}""",
            "application/json"
        );
        response.StatusCode = status;
        return response;
    }

    private static HttpResponseMessage Content(string text, string type) =>
        Of(new ByteArrayContent(Encoding.UTF8.GetBytes(text)), type);

    private static HttpResponseMessage Of(HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    /// <summary>Gives its bytes, and then ends in one of several ways.</summary>
    private sealed class BreakingStream(byte[] bytes, BreakingStream.End end)
        : MemoryStream(bytes, writable: false)
    {
        public enum End
        {
            Close,
            Reset,
            Silence,
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (Position < Length || end == End.Close)
                return Read(buffer.Span);
            if (end == End.Reset)
                throw new IOException("reset");
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return 0;
        }
    }
}
