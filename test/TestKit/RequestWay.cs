using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.Routing.Classification;

namespace Dragoman.TestKit;

/// <summary>The stations of a request's way over memory alone, each as one operation: what benchmarks time and allocation tests guard.</summary>
public sealed class RequestWay : IDisposable
{
    private const int ChunkCount = 64;

    private static readonly OpenAIChatDialect Dialect = new();
    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"system_fingerprint\":\"fp\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"
    );
    private static readonly byte[] Reply = Encoding.UTF8.GetBytes(
        "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + new string('x', 600)
            + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":10},\"completion_tokens_details\":{\"reasoning_tokens\":5}}}"
    );
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        "{\"model\":\"openai/gpt-4o-mini\",\"temperature\":0.2,\"messages\":[{\"role\":\"system\",\"content\":\"You help.\"},{\"role\":\"user\",\"content\":\""
            + new string('y', 700)
            + "\"}]}"
    );
    private static readonly byte[] StreamBody = Encoding.UTF8.GetBytes(
        "{\"stream\":true," + Encoding.UTF8.GetString(Body)[1..]
    );

    private static readonly ChatRequest Question = QuestionOf(2_000);
    private static readonly ChatRequest LongQuestion = QuestionOf(100_000);

    private readonly Deployment _deployment = new()
    {
        Name = "openai/gpt-4o-mini",
        Model = "gpt-4o-mini",
        State = new DeploymentState("openai/gpt-4o-mini"),
        Prices = new PriceSheet
        {
            Input = 0.15m,
            Output = 0.6m,
            CacheRead = 0.075m,
        },
        Provider = new Provider
        {
            Name = "openai",
            Type = ProviderTypes.Default.Find("openai")!,
            Dialect = "openai",
            BaseUrl = new Uri("http://upstream.invalid/v1"),
            Keys = new KeyPool([new SecretText("sk-upstream")]),
        },
    };
    private readonly RequestEnvelope _envelope = Envelope(Body);
    private readonly RequestEnvelope _streamEnvelope = Envelope(StreamBody);
    private readonly RoutingDecision _decision;
    private readonly HttpProvider _http = new(new AnsweringHandler());
    private readonly Forwarder _forwarder;
    private readonly StreamRelay _relay;
    private readonly Lazy<DecisionWay> _decisions = new();
    private readonly Lazy<KeyWay> _keys = new();
    private readonly Lazy<LimitWay> _limits = new();
    private BudgetWay? _budgets;
    private readonly RequestIds _ids = new(TimeProvider.System, new Random(1));

    public RequestWay()
    {
        _decision = new RoutingDecision
        {
            Route = "openai/gpt-4o-mini",
            Chain = [_deployment],
            Reason = "named",
            Pinned = true,
        };
        _forwarder = new Forwarder(_http, TimeProvider.System, Random.Shared);
        _relay = new StreamRelay(
            StreamFraming.Sse,
            Dialect.CreateTap(_deployment.Provider.Type, transcript: null),
            withholdUsage: true,
            new Sink(),
            new ExchangeLog()
        );
        RelayChunk();
        _relay.Commit();
    }

    /// <summary>The names the allocation limits are listed under.</summary>
    public IReadOnlyDictionary<string, Action> Stations =>
        new Dictionary<string, Action>(StringComparer.Ordinal)
        {
            ["envelope"] = PeekEnvelope,
            ["splice"] = SpliceBody,
            ["reply-tap"] = TapReply,
            ["relay-chunk"] = RelayChunk,
            ["exchange-plain"] = ForwardPlain,
            ["exchange-stream"] = ForwardStream,
            ["classify-2000"] = () => TaskClassifier.Default.Classify(Question),
            ["classify-100000"] = () => TaskClassifier.Default.Classify(LongQuestion),
            ["decide-auto-2000"] = () => _decisions.Value.DecideShort(),
            ["admit-budgets"] = () =>
                (_budgets ??= new BudgetWay(_deployment, Body, _envelope)).Admit(),
            ["check-key-10000"] = () => _keys.Value.Check(),
            ["rules-1000"] = () => _decisions.Value.PassRules(),
            ["limits-none"] = () => _limits.Value.PassUnlimited(),
            ["limits-caller"] = () => _limits.Value.PassLimited(),
            ["limits-attempt"] = () => _limits.Value.PassAttempt(),
        };

    public void PeekEnvelope() => Envelope(Body);

    public void SpliceBody() =>
        BodySplice.For(
            Body,
            _envelope,
            _deployment,
            _deployment.Provider.MainDialect(_deployment.Model),
            askUsage: false,
            prefill: null,
            PrefillStyle.None,
            new ExchangeLog()
        );

    public void TapReply() => Dialect.ReadReply(Reply, Operation.Chat, _deployment.Provider.Type);

    /// <summary>One chunk read, framed, inspected and written on, in a stream that has begun.</summary>
    public void RelayChunk()
    {
        Chunk.CopyTo(_relay.Room(Chunk.Length));
        _relay.Take(Chunk.Length);
    }

    /// <summary>One unstreamed exchange from the decision to the last byte; the provider answers from memory.</summary>
    public void ForwardPlain() => Forward(Body, _envelope);

    /// <summary>One exchange streamed in 64 chunks.</summary>
    public void ForwardStream() => Forward(StreamBody, _streamEnvelope);

    public void Dispose()
    {
        _relay.Dispose();
        _http.Dispose();
    }

    private void Forward(byte[] body, RequestEnvelope envelope)
    {
        var exchange = new Exchange
        {
            Id = _ids.Next(),
            Dialect = Dialect,
            Operation = Operation.Chat,
            Body = body,
            Envelope = envelope,
            Snapshot = Empty,
            Reply = new SinkReply(),
            StartTimestamp = TimeProvider.System.GetTimestamp(),
            StartedAt = DateTimeOffset.UnixEpoch,
            ClientGone = CancellationToken.None,
        };
        // In memory nothing waits, so this completes at once.
        var forwarding = _forwarder.ForwardAsync(exchange, _decision);
        if (
            !forwarding.IsCompletedSuccessfully
            || exchange.Log.Outcome != ExchangeOutcome.Succeeded
        )
            throw new InvalidOperationException("The exchange did not succeed at once.");
    }

    private static readonly SnapshotParts Empty = new();

    private static ChatRequest QuestionOf(int length) =>
        new()
        {
            Model = JsonText.Of("auto"),
            Messages =
            [
                Message.OfText(MessageRole.System, "You are a helpful assistant."),
                Message.OfText(
                    MessageRole.User,
                    (
                        "Summarize this: "
                        + string.Concat(
                            Enumerable.Repeat("Der \"alte\" Hafen, built in 1987.\n", length / 30)
                        )
                    )[..length]
                ),
            ],
        };

    private static RequestEnvelope Envelope(byte[] body) =>
        RequestEnvelope.TryRead(body, out var envelope, out var error)
            ? envelope!
            : throw new InvalidOperationException(error!.Message);

    /// <summary>A provider that answers from memory: a stream to those who ask for one.</summary>
    private sealed class AnsweringHandler : HttpMessageHandler
    {
        private static readonly MediaTypeHeaderValue Json = new("application/json");
        private static readonly MediaTypeHeaderValue EventStream = new("text/event-stream");
        private static readonly byte[] Stream =
        [
            .. Enumerable.Repeat(Chunk, ChunkCount).SelectMany(static chunk => chunk),
            .. "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"u8,
        ];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var streamed = request.Content!.Headers.ContentLength > Body.Length;
            var content = new StreamContent(
                streamed
                    ? new ChunkStream(Stream, Chunk.Length)
                    : new MemoryStream(Reply, writable: false)
            );
            content.Headers.ContentType = streamed ? EventStream : Json;
            if (!streamed)
                content.Headers.ContentLength = Reply.Length;
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = content }
            );
        }
    }

    /// <summary>Gives a fixed number of bytes a read, as a paced stream does.</summary>
    private sealed class ChunkStream(byte[] bytes, int each) : MemoryStream(bytes, writable: false)
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => base.ReadAsync(buffer.Length > each ? buffer[..each] : buffer, cancellationToken);
    }

    private sealed class SinkReply : IReplyChannel
    {
        public bool HasStarted { get; private set; }
        public PipeWriter Body { get; } = new Sink();

        public void SetHeader(string name, string value) { }

        public void Start(int status, string contentType, long? contentLength) => HasStarted = true;

        public void Abort() { }
    }

    /// <summary>Takes everything and keeps nothing.</summary>
    private sealed class Sink : PipeWriter
    {
        private static readonly byte[] Scratch = new byte[64 * 1024];

        public override void Advance(int bytes) { }

        public override Memory<byte> GetMemory(int sizeHint = 0) => Scratch;

        public override Span<byte> GetSpan(int sizeHint = 0) => Scratch;

        public override void CancelPendingFlush() { }

        public override void Complete(Exception? exception = null) { }

        public override ValueTask<FlushResult> FlushAsync(
            CancellationToken cancellationToken = default
        ) => default;
    }
}
