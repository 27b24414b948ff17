using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Routing.Conditions;
using Dragoman.Routing.Rules;

namespace Dragoman.TestKit;

/// <summary>The decision who is asked, from the peeked request on, in a house with the whole catalogs of six vendors: what benchmarks time and allocation tests guard.</summary>
public sealed class DecisionWay
{
    private const string House = """
        providers:
          openai: { api_keys: [k] }
          anthropic: { api_keys: [k] }
          google: { api_keys: [k] }
          mistral: { api_keys: [k] }
          deepseek: { api_keys: [k] }
          xai: { api_keys: [k] }
        """;

    private static readonly OpenAIChatDialect Dialect = new();
    private static readonly SnapshotParts Empty = new();

    private readonly NameResolver _names;
    private readonly NameResolver _ruled;
    private readonly (byte[] Body, RequestEnvelope Envelope) _short = RequestOf("auto", 2_000);
    private readonly (byte[] Body, RequestEnvelope Envelope) _long = RequestOf("auto", 100_000);
    private readonly (byte[] Body, RequestEnvelope Envelope) _named = RequestOf(
        "gpt-4o-mini",
        2_000
    );

    public DecisionWay()
    {
        using var snapshots = new GatewaySnapshots(
            new GatewaySources
            {
                Text = House,
                Environment = static _ => null,
                LookForLocalServers = false,
            },
            new DeploymentStates(),
            TimeProvider.System
        );
        if (!snapshots.Reload().IsApplied)
            throw new InvalidOperationException("The house has mistakes.");
        _names = snapshots.Current.Names;
        _ruled = new NameResolver(
            _names.Table with
            {
                Rules = new RuleBook(Enumerable.Range(0, 1_000).Select(RuleOf)),
            }
        );
    }

    /// <summary><c>auto</c> for a prompt of 2,000 characters: it is read, classified and weighed.</summary>
    public void DecideShort() => Decide(_names, _short);

    /// <summary>The same for 100,000 characters.</summary>
    public void DecideLong() => Decide(_names, _long);

    /// <summary>A model's name before a thousand rules of which none holds.</summary>
    public void PassRules() => Decide(_ruled, _named);

    private static void Decide(
        NameResolver names,
        in (byte[] Body, RequestEnvelope Envelope) request
    )
    {
        var exchange = new Exchange
        {
            Id = new RequestId(1),
            Dialect = Dialect,
            Operation = Operation.Chat,
            Body = request.Body,
            Envelope = request.Envelope,
            Snapshot = Empty,
            Reply = NoReply.Instance,
            StartTimestamp = 0,
            StartedAt = DateTimeOffset.UnixEpoch,
            ClientGone = CancellationToken.None,
        };
        if (names.Resolve(exchange).Decision is null)
            throw new InvalidOperationException("Nobody was chosen.");
    }

    private static RoutingRule RuleOf(int i) =>
        new()
        {
            Name = FormattableString.Invariant($"rule {i}"),
            When = ExpressionParser.Parse(
                (i % 4) switch
                {
                    // What costs nothing is looked at first, and what the prompt holds then never.
                    0 => "contains_code and streaming",
                    1 => FormattableString.Invariant($"\"tag {i}\" in tags"),
                    2 => FormattableString.Invariant($"user_tier == \"tier {i}\""),
                    _ => FormattableString.Invariant($"workspace == \"workspace {i}\""),
                }
            ),
            Target = "gpt-4o",
        };

    private static (byte[], RequestEnvelope) RequestOf(string model, int length)
    {
        var text = new StringBuilder("Write a function for this, please.\n\n");
        while (text.Length < length)
            text.Append("The harbour was rebuilt in 1987, and nobody asked the 240 fishermen.\n");
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                model,
                messages = new[] { new { role = "user", content = text.ToString()[..length] } },
            }
        );
        return RequestEnvelope.TryRead(body, out var envelope, out var error)
            ? (body, envelope!)
            : throw new InvalidOperationException(error!.Message);
    }

    private sealed class NoReply : IReplyChannel
    {
        public static readonly NoReply Instance = new();

        public bool HasStarted => false;
        public System.IO.Pipelines.PipeWriter Body => throw new NotSupportedException();

        public void SetHeader(string name, string value) { }

        public void Start(int status, string contentType, long? contentLength) { }

        public void Abort() { }
    }
}
