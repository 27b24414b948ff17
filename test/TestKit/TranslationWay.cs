using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Forwarding;

namespace Dragoman.TestKit;

/// <summary>A streamed answer that has begun, from a provider of one dialect to a client of another: each operation is one more text delta.</summary>
public sealed class TranslationWay : IDisposable
{
    private static readonly ReplyFallback Fallback = new(JsonText.Of("1"), JsonText.Of("m"), 1);

    /// <summary>How each dialect begins an answer of text, and how it goes on.</summary>
    private static readonly (string Dialect, string[] Head, string Delta)[] Streams =
    [
        (
            "openai",
            [
                """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            ],
            """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}],"usage":null}"""
        ),
        (
            "openai-responses",
            [
                """data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}""",
                """data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}""",
                """data: {"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""",
            ],
            """data: {"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":" word","logprobs":[]}"""
        ),
        (
            "anthropic",
            [
                """data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}}}""",
                """data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            ],
            """data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word"}}"""
        ),
        (
            "gemini",
            [],
            """data: {"candidates":[{"content":{"parts":[{"text":" word"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":15},"modelVersion":"m","responseId":"r1"}"""
        ),
        (
            "ollama",
            [],
            """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":" word"},"done":false}"""
        ),
    ];

    private readonly StreamRelay _relay;
    private readonly byte[] _delta;

    public TranslationWay(string provider, string client)
    {
        var (_, head, delta) = Array.Find(Streams, stream => stream.Dialect == provider);
        var (from, to) = (DialectSlice.Find(provider)!, DialectSlice.Find(client)!);
        var written = new ArrayBufferWriter<byte>(4096);
        var type = new ProviderType { Name = "p", Dialect = provider };
        StreamTap tap =
            provider == client
                ? from.CreateTap(type, transcript: null)
                : new TranslatingTap(
                    from.CreateStreamReader(type),
                    to.CreateStreamWriter(written, new StreamWriting(Fallback)),
                    written
                );
        _relay = new StreamRelay(
            from.Framing,
            tap,
            withholdUsage: true,
            new EndlessPipe(),
            new ExchangeLog()
        );
        var end = from.Framing == StreamFraming.Sse ? "\n\n" : "\n";
        _delta = Encoding.UTF8.GetBytes(delta + end);
        foreach (var chunk in head)
            Relay(Encoding.UTF8.GetBytes(chunk + end));
        RelayDelta();
        _relay.Commit();
    }

    /// <summary>Every pair of dialects, a provider's and a client's; the pass-throughs are among them.</summary>
    public static IEnumerable<(string Provider, string Client)> Pairs =>
        from provider in DialectSlice.All
        from client in DialectSlice.All
        select (provider.Name, client.Name);

    /// <summary>One text delta read, framed, translated and written on.</summary>
    public void RelayDelta() => Relay(_delta);

    public void Dispose() => _relay.Dispose();

    private void Relay(byte[] bytes)
    {
        bytes.CopyTo(_relay.Room(bytes.Length));
        _relay.Take(bytes.Length);
    }

    /// <summary>Takes everything and keeps nothing.</summary>
    private sealed class EndlessPipe : PipeWriter
    {
        private readonly byte[] _scratch = new byte[64 * 1024];

        public override void Advance(int bytes) { }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _scratch;

        public override Span<byte> GetSpan(int sizeHint = 0) => _scratch;

        public override void CancelPendingFlush() { }

        public override void Complete(Exception? exception = null) { }

        public override ValueTask<FlushResult> FlushAsync(
            CancellationToken cancellationToken = default
        ) => default;
    }
}
