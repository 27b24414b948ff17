using System.IO.Pipelines;
using System.Text;
using Dragoman.Access;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Limits;
using Dragoman.Limits.Rates;

namespace Dragoman.TestKit;

/// <summary>The way past rate limits: with none in force, with three that hold the caller, and at an attempt that two hold.</summary>
public sealed class LimitWay
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"model":"openai/gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"""
    );

    private static readonly ExchangeDelegate Next = static _ => ValueTask.CompletedTask;

    private readonly Deployment _deployment = new()
    {
        Name = "openai/gpt-4o-mini",
        Model = "gpt-4o-mini",
        State = new DeploymentState("openai/gpt-4o-mini"),
        Provider = new Provider
        {
            Name = "openai",
            Type = ProviderTypes.Default.Find("openai")!,
            Dialect = "openai",
            BaseUrl = new Uri("http://upstream.invalid/v1"),
            Keys = KeyPool.None(),
        },
    };

    private readonly RateLimitStep _step;
    private readonly RateGate _gate;
    private readonly Exchange _unlimited = ExchangeOf(null);
    private readonly Exchange _limited = ExchangeOf(
        LimitBook.Of([
            Limit("each", (ScopeKind.Key, "*")),
            Limit("team", (ScopeKind.Team, "*")),
            Limit("all"),
            Limit("model", (ScopeKind.Model, "*")),
            Limit("team and provider", (ScopeKind.Team, "*"), (ScopeKind.Provider, "openai")),
        ])
    );

    public LimitWay()
    {
        var taker = new RateTaker(
            new InMemoryRateLimitStore(TimeProvider.System),
            TimeProvider.System
        );
        _step = new RateLimitStep(taker, new OutputLengths(), TimeProvider.System);
        _gate = new RateGate(taker);
    }

    public void PassUnlimited() => Done(_step.InvokeAsync(_unlimited, Next));

    public void PassLimited() => Done(_step.InvokeAsync(_limited, Next));

    public void PassAttempt()
    {
        var admitted = _gate.AdmitAsync(new AttemptPlan(_limited, _deployment, 0, false)).Result;
        admitted.Pass!.GiveBack();
    }

    private static void Done(ValueTask passing)
    {
        if (!passing.IsCompletedSuccessfully)
            throw new InvalidOperationException("It did not pass at once.");
    }

    private static RateLimit Limit(
        string name,
        params (ScopeKind Kind, string Pattern)[] members
    ) =>
        new(
            name,
            new Scope([
                .. members.Select(static member =>
                    KeyValuePair.Create(member.Kind, new NamePattern(member.Pattern))
                ),
            ]),
            [
                new RateMeter(RateKind.Requests, TimeSpan.FromMinutes(1), 1_000_000_000),
                new RateMeter(RateKind.Tokens, TimeSpan.FromMinutes(1), 1_000_000_000_000),
            ],
            concurrent: 100
        );

    private static Exchange ExchangeOf(LimitBook? book)
    {
        if (!RequestEnvelope.TryRead(Body, out var envelope, out _))
            throw new InvalidOperationException("The body is wrong.");
        var exchange = new Exchange
        {
            Id = new RequestId(1),
            Dialect = new OpenAIChatDialect(),
            Operation = Operation.Chat,
            Body = Body,
            Envelope = envelope!,
            Snapshot = book is null ? new SnapshotParts() : new SnapshotParts(book),
            Reply = new Silent(),
            StartTimestamp = 0,
            StartedAt = DateTimeOffset.UnixEpoch,
            ClientGone = CancellationToken.None,
        };
        exchange.Set(
            new Caller
            {
                Id = "key_1",
                Name = "a key",
                Role = Role.Inference,
                Teams = ["research"],
            }
        );
        return exchange;
    }

    private sealed class Silent : IReplyChannel
    {
        public bool HasStarted => false;
        public PipeWriter Body => throw new NotSupportedException();

        public void SetHeader(string name, string value) { }

        public void Start(int status, string contentType, long? contentLength) { }

        public void Abort() { }
    }
}
