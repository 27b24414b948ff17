using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every dialect's readers and writers must do; a new one inherits this and names itself.</summary>
public abstract class DialectContract
{
    private static readonly ReplyFallback Fallback = new(JsonText.Of("1"), JsonText.Of("m"), 1);

    /// <summary>The dialect's folder in <c>test/fixtures</c>.</summary>
    protected abstract string Folder { get; }

    protected abstract IDialect Dialect { get; }

    /// <summary>Whom requests are written for; <see cref="Targets.Of"/> makes one.</summary>
    protected virtual Deployment Target => Targets.Of(Dialect.Name);

    /// <summary>The name of recorded streams: <c>stream.sse</c>, or <c>stream.ndjson</c> where events are lines.</summary>
    private string StreamFile =>
        Dialect.Framing == StreamFraming.Sse ? "stream.sse" : "stream.ndjson";

    /// <summary>What the address of the request in a case says; by default nothing.</summary>
    protected virtual RequestAddress AddressOf(string name) => default;

    /// <summary>How often at least a stream that is cut anywhere must be told from a whole one: of its bytes.</summary>
    protected virtual double CutsNoticed => 0.5;

    private ChatRequest? ReadRequest(string name, byte[] body, out GatewayError? error)
    {
        // What the envelope refuses (an escaped name) the reader may still read.
        Dialect.TryReadEnvelope(body, AddressOf(name), out var envelope, out _);
        envelope ??= new RequestEnvelope { Model = AddressOf(name).Model ?? "" };
        Dialect.TryReadRequest(body, envelope, out var request, out error);
        return request;
    }

    private byte[] WriteRequest(ChatRequest request, Losses losses)
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteRequest(output, request, Target, losses);
        return output.WrittenSpan.ToArray();
    }

    private ChatReply? ReadReply(byte[] body)
    {
        Dialect.TryReadReply(body, Target.Provider.Type, out var reply, out _);
        return reply;
    }

    private byte[] WriteReply(ChatReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteReply(output, reply, Fallback);
        return output.WrittenSpan.ToArray();
    }

    private void ReadStream(byte[] body, int pieces, IChatEventSink sink) =>
        StreamFeed.Feed(Dialect, Target.Provider.Type, body, pieces, sink);

    private byte[] WriteStream(Action<IChatEventSink> events)
    {
        var output = new ArrayBufferWriter<byte>();
        events(
            Dialect.CreateStreamWriter(output, new StreamWriting(Fallback) { IncludeUsage = true })
        );
        return output.WrittenSpan.ToArray();
    }

    [Fact]
    public void Request_ReadThenWritten_IsEqualJson()
    {
        foreach (var (name, body) in Of("request.json"))
        {
            var request = ReadRequest(name, body, out var error)
                .ShouldNotBeNull($"{name}: {error?.Message}");
            var losses = new Losses();
            var written = WriteRequest(request, losses);

            losses.Changes.ShouldBeEmpty(name);
            JsonEquality.ShouldBeEqual(body, written, name);
        }
    }

    [Fact]
    public void Reply_ReadThenWritten_IsEqualJson()
    {
        foreach (var (name, body) in Of("reply.json"))
        {
            var reply = ReadReply(body).ShouldNotBeNull(name);

            JsonEquality.ShouldBeEqual(body, WriteReply(reply), name);
        }
    }

    [Fact]
    public void Stream_ReadInPieces_TellsTheSameWhateverTheirSize()
    {
        foreach (var (name, body) in Of(StreamFile))
        {
            var whole = WriteReply(Gather(body, body.Length));
            foreach (var pieces in (int[])[1, 2, 3, 7, 64, 1000])
                JsonEquality.ShouldBeEqual(
                    whole,
                    WriteReply(Gather(body, pieces)),
                    $"{name} by {pieces}"
                );
        }
    }

    [Fact]
    public void Stream_ReadThenWritten_TellsTheSame()
    {
        foreach (var (name, body) in Of(StreamFile))
        {
            var again = WriteStream(sink => ReadStream(body, 100, sink));

            JsonEquality.ShouldBeEqual(
                WriteReply(Gather(body, 100)),
                WriteReply(Gather(again, 100)),
                name
            );
        }
    }

    [Fact]
    public void Stream_OfACase_SaysWhatItsReplySays()
    {
        var replies = Of("reply.json").ToDictionary(fixture => fixture.Case.Split('/')[0]);
        foreach (var (name, body) in Of(StreamFile))
        {
            var reply = ReadReply(replies[name.Split('/')[0]].Body)!;
            var streamed = Gather(body, 10);

            Words(streamed).ShouldBe(Words(reply), name);
            streamed.Citations.ShouldBe(reply.Citations, name);
        }
    }

    [Fact]
    public void Stream_CutBeforeItsEnd_EndsInAnErrorOrSoundly_AndOnlyOnce()
    {
        foreach (var (name, body) in Of(StreamFile))
        {
            var errors = 0;
            for (var length = 0; length < body.Length; length++)
            {
                var ends = new EndCounter();
                ReadStream(body[..length], length + 1, ends);
                ends.Count.ShouldBe(1, $"{name} cut at {length}");
                errors += ends.Errors;
            }
            errors.ShouldBeGreaterThan((int)(body.Length * CutsNoticed), name);
        }
    }

    [Fact]
    public void Request_NearlyRight_IsReadOrRefusedWithAMessage()
    {
        var refused = 0;
        foreach (var (name, body) in Mutated("request.json"))
        {
            var request = ReadRequest(name, body, out var error);
            (request is null).ShouldBe(error is not null, name);
            if (error is not null)
                refused++;
            else
                WriteRequest(request!, new Losses());
            error?.Message.ShouldNotBeNullOrWhiteSpace(name);
        }
        refused.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Reply_NearlyRight_IsReadOrNone()
    {
        foreach (var (name, body) in Mutated("reply.json"))
        {
            var reply = ReadReply(body);
            if (reply is not null)
                WriteReply(reply);
        }
    }

    [Fact]
    public void Stream_NearlyRight_EndsOnce()
    {
        foreach (var (name, body) in Mutated(StreamFile))
        {
            var ends = new EndCounter();
            ReadStream(body, 50, ends);
            ends.Count.ShouldBe(1, name);
            WriteStream(sink => ReadStream(body, body.Length + 1, sink));
        }
    }

    private ChatReply Gather(byte[] body, int pieces)
    {
        var builder = new ChatReplyBuilder();
        ReadStream(body, pieces, builder);
        builder.Error.ShouldBeNull();
        builder.IsComplete.ShouldBeTrue();
        return builder.Build();
    }

    /// <summary>Per choice: what was said, thought, refused, called, and why it stopped.</summary>
    private static List<string> Words(ChatReply reply) =>
        [
            .. reply
                .Choices.OrderBy(choice => choice.Index)
                .Select(choice =>
                    string.Join(
                        '|',
                        choice.Index,
                        string.Concat(
                            choice.Message.Parts.OfType<ReasoningPart>().Select(part => part.Text)
                        ),
                        string.Concat(
                            choice.Message.Parts.OfType<TextPart>().Select(part => part.Text)
                        ),
                        string.Concat(
                            choice.Message.Parts.OfType<RefusalPart>().Select(part => part.Text)
                        ),
                        string.Concat(
                            choice
                                .Message.Parts.OfType<ToolCallPart>()
                                .Select(call => $"{call.Id} {call.Name}({call.Arguments})")
                        ),
                        choice.Stop
                    )
                ),
        ];

    private IReadOnlyList<(string Case, byte[] Body)> Of(string file)
    {
        var fixtures = Fixtures.Of(Folder, file);
        fixtures.ShouldNotBeEmpty();
        return fixtures;
    }

    private IEnumerable<(string Name, byte[] Body)> Mutated(string file) =>
        Of(file)
            .SelectMany(fixture =>
                Mutations
                    .Of(fixture.Body, count: 400, seed: 20)
                    .Select((body, i) => ($"{fixture.Case} mutation {i}", body))
            );

    private sealed class EndCounter : IChatEventSink
    {
        public int Count { get; private set; }
        public int Errors { get; private set; }

        public void Take(in ChatEvent chatEvent)
        {
            Count.ShouldBe(0, "an event after the end");
            if (chatEvent.Kind is ChatEventKind.Error)
                Errors++;
            if (chatEvent.Kind is ChatEventKind.Error or ChatEventKind.End)
                Count++;
        }
    }
}
