using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

/// <summary>Every recorded message is read back to its expected facts, also after it was written again.</summary>
public class AnthropicRecordingsTests
{
    /// <summary>
    /// The answers of three calls in one file. Its expected facts mix them, with the blocks of one under the numbers of another;
    /// one HTTP answer is over with its first <c>message_stop</c>.
    /// </summary>
    private const string ThreeAnswers = "anthropic.anthropic.stream.tools-parallel.4";

    private static readonly AnthropicDialect Dialect = new();
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "anthropic" };
    private static readonly Deployment Target = Targets.Of(
        "anthropic",
        can: new ModelCapabilities { StructuredOutput = true }
    );
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
            foreach (var size in (int[])[1, 5, 4096, int.MaxValue])
                Check(recording, ReadStream(recording.Body, size));
        }
    }

    [Fact]
    public void Read_ThreeAnswersInOneStream_EndsWithTheFirst()
    {
        var recording = Recording
            .OfWire("anthropic")
            .Single(recording => recording.Id == ThreeAnswers);

        var reply = ReadStream(recording.Body, 5);

        var choice = reply.Choices.ShouldHaveSingleItem();
        choice.Stop.ShouldBe(StopReason.ToolCalls);
        choice
            .Message.Parts.OfType<ToolCallPart>()
            .ShouldHaveSingleItem()
            .Arguments.ToString()
            .ShouldBe("""{"noteId": "d10aa585-982b-4bd9-984e-420f9b3717f7"}""");
        choice
            .Message.Parts.OfType<RawPart>()
            .ShouldHaveSingleItem()
            .Type.ShouldBe("server_tool_use");
        reply.Usage!.Output.ShouldBe(175);
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
    public void Write_EachStreamAgain_KeepsTheFactsAndTheGrammar()
    {
        foreach (var recording in Answers(isStream: true))
        {
            var output = new ArrayBufferWriter<byte>();
            StreamFeed.Feed(
                Dialect,
                Type,
                recording.Body,
                5,
                Dialect.CreateStreamWriter(output, new StreamWriting(Fallback))
            );
            var again = output.WrittenSpan.ToArray();

            Check(recording, ReadStream(again, 512));
            MessageGrammar.ShouldHold(again, recording.Id);
        }
    }

    [Fact]
    public void Read_EachErrorAnswer_FindsItsWords()
    {
        var errors = Recording
            .OfWire("anthropic")
            .Where(recording => recording.Status != 200)
            .ToList();

        errors.Count.ShouldBeGreaterThan(2);
        foreach (var recording in errors)
        {
            var error = Dialect.ReadError(recording.Body);
            var expected = recording.Expected["error"]!;
            error.Message.ShouldBe(expected["message"]!.GetValue<string>(), recording.Id);
            error.Type.ShouldBe(expected["type"]!.GetValue<string>(), recording.Id);
            error.IsCanonicalShape.ShouldBeTrue(recording.Id);
        }
    }

    [Fact]
    public void Write_EachRequestAgain_IsEqualJson()
    {
        var whole = 0;
        foreach (var recording in Recording.OfWire("anthropic"))
        {
            // The recorder kept only the parameters of some.
            if (recording.Request is not { } body || JsonNode.Parse(body)!["messages"] is null)
                continue;
            RequestEnvelope.TryRead(body, out var envelope, out _).ShouldBeTrue();
            Dialect
                .TryReadRequest(body, envelope!, out var request, out var error)
                .ShouldBeTrue($"{recording.Id}: {error?.Message}");
            whole++;
            var output = new ArrayBufferWriter<byte>();
            var losses = new Losses();
            Dialect.WriteRequest(output, request!, Target, losses);

            losses.Changes.ShouldBeEmpty(recording.Id);
            JsonEquality.ShouldBeEqual(body, output.WrittenMemory, recording.Id);
        }
        whole.ShouldBeGreaterThan(8);
    }

    private static List<Recording> Answers(bool isStream)
    {
        var answers = Recording
            .OfWire("anthropic")
            .Where(recording =>
                recording.Status == 200
                && recording.IsStream == isStream
                && recording.Id != ThreeAnswers
            )
            .ToList();
        answers.Count.ShouldBeGreaterThan(5);
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
        Encoding
            .UTF8.GetString(AnthropicStopWords.Word(choice.Stop, default))
            .ShouldBe(recording.Text("finish"), id);
        CheckToolCalls(recording, choice);
        CheckUsage(recording, reply.Usage);
        reply
            .Citations.Select(citation =>
                citation.Url.IsEmpty ? citation.Title.ToString() : citation.Url.ToString()
            )
            .ShouldBe(
                recording.Expected["citations"]!.AsArray().Select(url => url!.GetValue<string>()),
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
            call.Name.ToString().ShouldBe(wanted!["name"]!.GetValue<string>(), recording.Id);
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
        usage.Input.ShouldBe(recording.Count("in"), id);
        usage.TotalOutput.ShouldBe(recording.Count("out"), id);
        usage.CacheRead.ShouldBe(recording.Count("cached"), id);
        usage.ReportedTotal.ShouldBeNull(id);
    }
}
