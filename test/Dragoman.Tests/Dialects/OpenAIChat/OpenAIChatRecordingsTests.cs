using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>Every recorded chat completion is read back to its expected facts, also after it was written again.</summary>
public class OpenAIChatRecordingsTests
{
    private static readonly OpenAIChatDialect Dialect = new();
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "openai" };
    private static readonly ReplyFallback Fallback = new(
        JsonText.Of("fallback"),
        JsonText.Of("m"),
        1
    );

    private static readonly Deployment Whole = Targets.Of(
        "openai",
        type: new ProviderType
        {
            Name = "p",
            Dialect = "openai",
            DeveloperRole = true,
        }
    );

    [Fact]
    public void Read_EachPlainAnswer_FindsTheFacts()
    {
        foreach (var recording in Answers(isStream: false))
        {
            var reply = ReadPlain(recording.Body);
            Check(recording, reply);
        }
    }

    [Fact]
    public void Read_EachStreamInAnyPieces_FindsTheFacts()
    {
        foreach (var recording in Answers(isStream: true))
        {
            foreach (var size in (int[])[1, 7, 4096, int.MaxValue])
                Check(recording, ReadStream(recording.Body, size));
        }
    }

    [Fact]
    public void Write_EachPlainAnswerAgain_KeepsTheFactsAndIsEqualJson()
    {
        foreach (var recording in Answers(isStream: false))
        {
            var output = new ArrayBufferWriter<byte>();
            OpenAIChatReplyWriter.Write(output, ReadPlain(recording.Body), Fallback);

            Check(recording, ReadPlain(output.WrittenMemory));
            JsonEquality.ShouldBeEqual(recording.Body, output.WrittenMemory, recording.Id);
        }
    }

    [Fact]
    public void Write_EachStreamAgain_KeepsTheFacts()
    {
        foreach (var recording in Answers(isStream: true))
        {
            var output = new ArrayBufferWriter<byte>();
            Feed(
                recording.Body,
                512,
                new OpenAIChatStreamWriter(output, includeUsage: true, Fallback)
            );
            var again = output.WrittenSpan.ToArray();

            Check(recording, ReadStream(again, 512));
            StreamRules.ShouldHold(again, recording.Id);
        }
    }

    [Fact]
    public void Read_EachErrorAnswer_FindsItsWords()
    {
        var errors = Recording
            .OfWire("openai-chat")
            .Where(recording => recording.Status != 200)
            .ToList();

        errors.ShouldNotBeEmpty();
        foreach (var recording in errors)
        {
            var error = OpenAIErrorReader.Read(recording.Body);
            var expected = recording.Expected["error"]!;
            error.Message.ShouldBe(expected["message"]!.GetValue<string>(), recording.Id);
            error.Code.ShouldBe(expected["code"]?.ToString(), recording.Id);
            error.Type.ShouldBe(expected["type"]?.ToString(), recording.Id);
        }
    }

    [Fact]
    public void Write_EachRequestAgain_IsEqualJson()
    {
        var requests = Recording
            .OfWire("openai-chat")
            .Where(recording => recording.Request is not null)
            .ToList();
        var whole = 0;
        foreach (var recording in requests)
        {
            var body = recording.Request!;
            // The recorder kept only the parameters of some.
            if (!OpenAIChatRequestReader.TryRead(body, out var request, out var error))
            {
                error!.Message.ShouldContain("is missing", customMessage: recording.Id);
                continue;
            }
            whole++;
            var output = new ArrayBufferWriter<byte>();
            var losses = new Losses();
            OpenAIChatRequestWriter.Write(output, request!, Whole, losses);

            losses.ShouldBeEmpty(recording.Id);
            JsonEquality.ShouldBeEqual(body, output.WrittenMemory, recording.Id);
        }
        whole.ShouldBeGreaterThan(20);
    }

    private static List<Recording> Answers(bool isStream)
    {
        var answers = Recording
            .OfWire("openai-chat")
            .Where(recording => recording.Status == 200 && recording.IsStream == isStream)
            .ToList();
        answers.Count.ShouldBeGreaterThan(15);
        return answers;
    }

    private static ChatReply ReadPlain(ReadOnlyMemory<byte> body)
    {
        OpenAIChatReplyReader
            .TryRead(body, reasoningOutsideCompletion: false, out var reply, out var error)
            .ShouldBeTrue(error?.Message);
        return reply!;
    }

    private static ChatReply ReadStream(byte[] body, int pieces)
    {
        var builder = new ChatReplyBuilder();
        Feed(body, pieces, builder).MalformedEvents.ShouldBe(0);
        builder.Error.ShouldBeNull();
        builder.IsComplete.ShouldBeTrue();
        return builder.Build();
    }

    private static ChatStreamReader Feed(byte[] body, int pieces, IChatEventSink sink) =>
        StreamFeed.Feed(Dialect, Type, body, pieces, sink);

    private static void Check(Recording recording, ChatReply reply)
    {
        var id = recording.Id;
        var choice = reply.Choices.ShouldHaveSingleItem(id);
        Said<TextPart>(choice, part => part.Text).ShouldBe(recording.Text("text") ?? "", id);
        Said<ReasoningPart>(choice, part => part.Text)
            .ShouldBe(recording.Text("reasoning") ?? "", id);
        choice.StopWord?.ToString().ShouldBe(recording.Text("finish"), id);
        Encoding
            .UTF8.GetString(OpenAIStopWords.Word(choice.Stop, default))
            .ShouldBe(recording.Text("finish_openai"), id);
        CheckToolCalls(recording, choice);
        CheckUsage(recording, reply.Usage);
        reply
            .Citations.Select(citation => citation.Url.ToString())
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
        if (recording.Expected["usage"] is null)
        {
            usage.ShouldBeNull(id);
            return;
        }
        usage.ShouldNotBeNull(id);
        usage.TotalInput.ShouldBe(recording.Count("in"), id);
        usage.ReportedTotal.ShouldBe(recording.Count("total"), id);
        if (recording.Count("reasoning") is { } reasoning)
            usage.Reasoning.ShouldBe(reasoning, id);
        // xAI counts reasoning beside the completion tokens that "out" is.
        var isOutside =
            recording.Count("total")
            == recording.Count("in") + recording.Count("out") + recording.Count("reasoning");
        (isOutside && recording.Provider == "xai" ? usage.Output : usage.TotalOutput).ShouldBe(
            recording.Count("out"),
            id
        );
        // Azure's Grok reports more cached tokens than the prompt has; no bucket is larger than its whole.
        if (recording.Count("cached") is { } cached)
            usage.CacheRead.ShouldBe(Math.Min(cached, recording.Count("in")!.Value), id);
    }
}
