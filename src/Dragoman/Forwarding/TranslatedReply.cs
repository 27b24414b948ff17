using System.Buffers;
using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Guardrails;
using Dragoman.Guardrails.Text;

namespace Dragoman.Forwarding;

/// <summary>
/// The client's side of an answer that is translated: one writer of its stream over all attempts, since blocks and ids of most
/// dialects are counted from its start.
/// </summary>
internal sealed class TranslatedReply
{
    private readonly ArrayBufferWriter<byte> _written = new(4 * 1024);
    private readonly IChatEventSink _writer;
    private readonly GuardedSink? _guarded;
    private readonly string _client;

    private TranslatedReply(
        Exchange exchange,
        Deployment deployment,
        TimeProvider time,
        bool leavesOutPreamble,
        IReadOnlyList<TextRule> rules
    )
    {
        _client = exchange.Dialect.Name;
        _writer = exchange.Dialect.CreateStreamWriter(
            _written,
            new StreamWriting(
                Fallback(exchange, deployment, exchange.StartedAt.ToUnixTimeSeconds(), time)
            )
            {
                IncludeUsage = exchange.Envelope.IncludeUsage,
                LeavesOutPreamble = leavesOutPreamble,
                Observer = exchange.Get<IReplyObserver>(),
            }
        );
        if (rules.Count > 0)
            _writer = _guarded = new GuardedSink(_writer, rules, new FindingCounts());
    }

    /// <summary>Why a guardrail ended the answer; null where none did.</summary>
    public GatewayError? Stopped => _guarded?.Stopped;

    /// <summary>What guardrails found in the answer; null where none looks.</summary>
    public FindingCounts? Found => _guarded?.Counts;

    /// <summary>The writer of this exchange: the one that has begun, else a new one.</summary>
    public static TranslatedReply For(
        TranslatedReply? begun,
        Exchange exchange,
        Deployment deployment,
        StreamReply reply,
        TimeProvider time,
        IReadOnlyList<TextRule> rules
    ) =>
        reply.Committed && begun is not null
            ? begun
            : new TranslatedReply(exchange, deployment, time, reply.HasPreamble, rules);

    public TranslatingTap Tap(
        ChatStreamReader reader,
        ArrayBufferWriter<byte>? transcript,
        bool isMuted
    ) =>
        new(reader, _writer, _written)
        {
            Transcript = transcript,
            IsMuted = isMuted,
            Client = _client,
        };

    /// <summary>Names the parts of a whole answer that the client's dialect has no place for.</summary>
    public static void NameDropped(ChatReply reply, IDialect client, ExchangeLog log)
    {
        foreach (var choice in reply.Choices)
        foreach (var part in choice.Message.Parts)
        {
            if (part is RawPart raw && raw.Dialect != client.Name)
                log.Change($"dropped:answer ({raw.Type})");
            else if (part is ImagePart or AudioPart && !client.AnswersWithMedia)
                log.Change(part is ImagePart ? "dropped:answer (image)" : "dropped:answer (audio)");
        }
    }

    /// <summary>What stands in for what a provider does not say of its answer.</summary>
    public static ReplyFallback Fallback(
        Exchange exchange,
        Deployment deployment,
        long created,
        TimeProvider time
    ) =>
        new(
            JsonText.Of(exchange.Id.ToString(null, CultureInfo.InvariantCulture)),
            JsonText.Of(deployment.Model),
            created
        )
        {
            Elapsed = () => time.GetElapsedTime(exchange.StartTimestamp),
            Request = exchange.Body,
        };
}
