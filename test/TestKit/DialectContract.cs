using Dragoman.Canonical;
using Shouldly;
using Xunit;

namespace Dragoman.TestKit;

/// <summary>What every dialect's readers and writers must do; a new one inherits this and says how they are called.</summary>
public abstract class DialectContract
{
    /// <summary>The dialect's folder in <c>test/fixtures</c>.</summary>
    protected abstract string Folder { get; }

    /// <summary>Reads a request; null and an error where it is wrong.</summary>
    protected abstract ChatRequest? ReadRequest(byte[] body, out GatewayError? error);
    protected abstract byte[] WriteRequest(ChatRequest request, ICollection<string> losses);

    /// <summary>Reads a reply; null and an error where it is none.</summary>
    protected abstract ChatReply? ReadReply(byte[] body, out GatewayError? error);
    protected abstract byte[] WriteReply(ChatReply reply);

    /// <summary>Reads a stream that arrives in pieces of that many bytes, to the end of the body.</summary>
    protected abstract void ReadStream(byte[] body, int pieces, IChatEventSink sink);

    /// <summary>Writes a stream: what is put into the sink ends up in the bytes.</summary>
    protected abstract byte[] WriteStream(Action<IChatEventSink> events);

    [Fact]
    public void Request_ReadThenWritten_IsEqualJson()
    {
        foreach (var (name, body) in Of("request.json"))
        {
            var request = ReadRequest(body, out var error)
                .ShouldNotBeNull($"{name}: {error?.Message}");
            var losses = new List<string>();
            var written = WriteRequest(request, losses);

            losses.ShouldBeEmpty(name);
            JsonEquality.ShouldBeEqual(body, written, name);
        }
    }

    [Fact]
    public void Reply_ReadThenWritten_IsEqualJson()
    {
        foreach (var (name, body) in Of("reply.json"))
        {
            var reply = ReadReply(body, out var error).ShouldNotBeNull($"{name}: {error?.Message}");

            JsonEquality.ShouldBeEqual(body, WriteReply(reply), name);
        }
    }

    [Fact]
    public void Stream_ReadInPieces_TellsTheSameWhateverTheirSize()
    {
        foreach (var (name, body) in Of("stream.sse"))
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
        foreach (var (name, body) in Of("stream.sse"))
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
        foreach (var (name, body) in Of("stream.sse"))
        {
            var reply = ReadReply(replies[name.Split('/')[0]].Body, out _)!;
            var streamed = Gather(body, 10);

            Words(streamed).ShouldBe(Words(reply), name);
            streamed.Citations.ShouldBe(reply.Citations, name);
        }
    }

    [Fact]
    public void Stream_CutBeforeItsEnd_EndsInAnErrorOrSoundly_AndOnlyOnce()
    {
        foreach (var (name, body) in Of("stream.sse"))
        {
            var errors = 0;
            for (var length = 0; length < body.Length; length++)
            {
                var ends = new EndCounter();
                ReadStream(body[..length], length + 1, ends);
                ends.Count.ShouldBe(1, $"{name} cut at {length}");
                errors += ends.Errors;
            }
            errors.ShouldBeGreaterThan(body.Length / 2, name);
        }
    }

    [Fact]
    public void Request_NearlyRight_IsReadOrRefusedWithAMessage()
    {
        var refused = 0;
        foreach (var (name, body) in Mutated("request.json"))
        {
            var request = ReadRequest(body, out var error);
            (request is null).ShouldBe(error is not null, name);
            if (error is not null)
                refused++;
            else
                WriteRequest(request!, []);
            error?.Message.ShouldNotBeNullOrWhiteSpace(name);
        }
        refused.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Reply_NearlyRight_IsReadOrAnError()
    {
        foreach (var (name, body) in Mutated("reply.json"))
        {
            var reply = ReadReply(body, out var error);
            (reply is null).ShouldBe(error is not null, name);
            if (reply is not null)
                WriteReply(reply);
        }
    }

    [Fact]
    public void Stream_NearlyRight_EndsOnce()
    {
        foreach (var (name, body) in Mutated("stream.sse"))
        {
            var ends = new EndCounter();
            ReadStream(body, 50, ends);
            ends.Count.ShouldBe(1, name);
            WriteStream(sink => ReadStream(body, body.Length + 1, sink)).ShouldNotBeEmpty(name);
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
