using System.Buffers;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

/// <summary>Every recorded response is read back to its expected facts, also after it was written again.</summary>
public class ResponsesRecordingsTests
{
    private static readonly OpenAIResponsesDialect Dialect = new();
    private static readonly ProviderType Type = new()
    {
        Name = "p",
        Dialect = OpenAIResponsesDialect.DialectName,
    };
    private static readonly ReplyFallback Fallback = new(
        JsonText.Of("fallback"),
        JsonText.Of("m"),
        1
    );

    [Fact]
    public void Read_EachPlainAnswer_FindsTheFacts()
    {
        foreach (var recording in Answers(isStream: false))
            Check(recording, ReadPlain(recording.Body));
    }

    [Fact]
    public void Read_EachStreamInAnyPieces_FindsTheFacts()
    {
        foreach (var recording in Answers(isStream: true))
        {
            foreach (var size in (int[])[5, 4096, int.MaxValue])
                Check(recording, ReadStream(recording.Body, size));
        }
    }

    [Fact]
    public void Write_EachPlainAnswerAgain_KeepsTheFactsAndIsEqualJson()
    {
        foreach (var recording in Answers(isStream: false))
        {
            var output = new ArrayBufferWriter<byte>();
            Dialect.WriteReply(output, ReadPlain(recording.Body), Fallback);

            Check(recording, ReadPlain(output.WrittenMemory));
            JsonEquality.ShouldBeEqual(recording.Body, output.WrittenMemory, recording.Id);
        }
    }

    [Fact]
    public void Write_EachStreamAgain_KeepsTheFactsAndTheRules()
    {
        foreach (var recording in Answers(isStream: true))
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = Dialect.CreateStreamWriter(output, new StreamWriting(Fallback));
            StreamFeed.Feed(Dialect, Type, recording.Body, 512, writer);
            var again = output.WrittenSpan.ToArray();

            Check(recording, ReadStream(again, 512));
            ResponsesStreamRules.ShouldHold(again, recording.Id);
        }
    }

    [Fact]
    public void Watch_EachStreamThatIsRelayed_FindsItsEndItsUsageAndTheWholeAnswer()
    {
        foreach (var recording in Answers(isStream: true))
        {
            var whole = new WholeReply();
            var tap = Dialect.CreateTap(Type, transcript: null);
            tap.Observer = whole;
            var framer = new EventFramer(StreamFraming.Sse);
            ReadOnlySpan<byte> rest = recording.Body;
            int length;
            while ((length = framer.NextEvent(rest)) > 0)
            {
                tap.Inspect(rest[..length]).ShouldNotBe(StreamPiece.Malformed, recording.Id);
                rest = rest[length..];
            }

            (tap.Finished && tap.Done).ShouldBeTrue(recording.Id);
            CheckUsage(recording, tap.Usage);
            Check(recording, ReadPlain(whole.Json.ShouldNotBeNull(recording.Id)));
        }
    }

    [Fact]
    public void Read_EachErrorAnswer_FindsItsWords()
    {
        var errors = Recording.OfWire("responses").Where(recording => recording.Status != 200);

        foreach (var recording in errors.ToList())
            Dialect
                .ReadError(recording.Body)
                .Message.ShouldBe(recording.Text("error"), recording.Id);
    }

    [Fact]
    public void Write_EachRequestAgain_IsEqualJson()
    {
        var whole = 0;
        foreach (var recording in Recording.OfWire("responses"))
        {
            if (recording.Request is not { } body)
                continue;
            // The recorder kept only the parameters of some.
            if (!ResponsesRequestReader.TryRead(body, out var request, out var error))
            {
                error!.Message.ShouldContain("is missing", customMessage: recording.Id);
                continue;
            }
            whole++;
            var output = new ArrayBufferWriter<byte>();
            var losses = new Losses();
            Dialect.WriteRequest(output, request!, Targets.Of(Dialect.Name), losses);

            losses.ShouldBeEmpty(recording.Id);
            JsonEquality.ShouldBeEqual(body, output.WrittenMemory, recording.Id);
        }
        whole.ShouldBeGreaterThan(15);
    }

    private static List<Recording> Answers(bool isStream)
    {
        var answers = Recording
            .OfWire("responses")
            .Where(recording => recording.Status == 200 && recording.IsStream == isStream)
            .ToList();
        answers.Count.ShouldBeGreaterThan(15);
        return answers;
    }

    private static ChatReply ReadPlain(ReadOnlyMemory<byte> body)
    {
        Dialect.TryReadReply(body, Type, out var reply, out var error).ShouldBeTrue(error?.Message);
        return reply!;
    }

    private static ChatReply ReadStream(byte[] body, int pieces)
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(Dialect, Type, body, pieces, builder).MalformedEvents.ShouldBe(0);
        builder.Error.ShouldBeNull();
        builder.IsComplete.ShouldBeTrue();
        return builder.Build();
    }

    private static void Check(Recording recording, ChatReply reply)
    {
        var id = recording.Id;
        var choice = reply.Choices.ShouldHaveSingleItem(id);
        Said<TextPart>(choice, part => part.Text).ShouldBe(recording.Text("text") ?? "", id);
        Said<ReasoningPart>(choice, part => part.Text)
            .ShouldBe(recording.Text("reasoning") ?? "", id);
        choice.StopWord?.ToString().ShouldBe(recording.Text("finish"), id);
        choice.Stop.ShouldBe(
            choice.Message.Parts.Any(part => part is ToolCallPart)
                ? StopReason.ToolCalls
                : StopReason.Stop,
            id
        );
        CheckToolCalls(recording, choice);
        CheckUsage(recording, reply.Usage);
        reply
            .Citations.Select(citation => citation.Url.ToString())
            .Where(url => url.Length > 0)
            .ShouldBe(
                recording.Expected["citations"]!
                    .AsArray()
                    .Select(url => url!.GetValue<string>())
                    .Distinct(),
                id
            );
    }

    private static string Said<T>(ChatChoice choice, Func<T, JsonText> text) =>
        string.Concat(choice.Message.Parts.OfType<T>().Select(part => text(part).ToString()));

    private static void CheckToolCalls(Recording recording, ChatChoice choice)
    {
        var calls = choice.Message.Parts.OfType<ToolCallPart>().ToList();
        var expected = recording.Expected["tool_calls"]!.AsArray();
        calls.Count.ShouldBe(expected.Count, recording.Id);
        foreach (var (call, wanted) in calls.Zip(expected))
        {
            call.Name.ToString()
                .ShouldEndWith(wanted!["name"]!.GetValue<string>(), customMessage: recording.Id);
            call.Id.ShouldNotBeNull(recording.Id);
            call.Arguments.TryAsJson(out var arguments).ShouldBeTrue(recording.Id);
            JsonNode
                .DeepEquals(JsonNode.Parse(arguments.Utf8.Span), wanted["args"])
                .ShouldBeTrue(recording.Id);
        }
    }

    private static void CheckUsage(Recording recording, TokenUsage? usage)
    {
        var id = recording.Id;
        usage.ShouldNotBeNull(id);
        usage.TotalInput.ShouldBe(recording.Count("in"), id);
        usage.TotalOutput.ShouldBe(recording.Count("out"), id);
        usage.ReportedTotal.ShouldBe(recording.Count("total"), id);
        usage.Reasoning.ShouldBe(recording.Count("reasoning"), id);
        usage.CacheRead.ShouldBe(recording.Count("cached"), id);
    }

    private sealed class WholeReply : IReplyObserver
    {
        public byte[]? Json { get; private set; }

        public void Take(ReadOnlySpan<byte> reply) => Json = reply.ToArray();
    }
}
