using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Gemini;

/// <summary>Every recorded answer is read back to its expected facts, also after it was written again.</summary>
public class GeminiRecordingsTests
{
    private static readonly GeminiDialect Dialect = new();
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "gemini" };
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
        foreach (var size in (int[])[1, 5, 4096, int.MaxValue])
            Check(recording, ReadStream(recording.Body, size));
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
    public void Write_EachStreamAgain_KeepsTheFacts()
    {
        foreach (var recording in Answers(isStream: true))
        {
            var output = new ArrayBufferWriter<byte>();
            StreamFeed.Feed(
                Dialect,
                Type,
                recording.Body,
                512,
                Dialect.CreateStreamWriter(output, new StreamWriting(Fallback))
            );

            Check(recording, ReadStream(output.WrittenSpan.ToArray(), 512));
        }
    }

    [Fact]
    public void Write_EachRequestAgain_IsEqualJson()
    {
        var whole = 0;
        foreach (var recording in Recording.OfWire("gemini"))
        {
            // The recorder kept only the parameters of some.
            if (
                recording.Request is not { } body
                || !Dialect.TryReadRequest(
                    body,
                    new RequestEnvelope { Model = "m" },
                    out var request,
                    out _
                )
            )
                continue;
            whole++;
            var output = new ArrayBufferWriter<byte>();
            var losses = new Losses();
            Dialect.WriteRequest(output, request!, Targets.Of("gemini"), losses);

            losses.Changes.ShouldBeEmpty(recording.Id);
            JsonEquality.ShouldBeEqual(InCamelCase(body), output.WrittenMemory, recording.Id);
        }
        whole.ShouldBeGreaterThan(8);
    }

    /// <summary>Google's servers take both cases, and we write one.</summary>
    private static byte[] InCamelCase(byte[] body) =>
        Encoding.UTF8.GetBytes(
            Encoding
                .UTF8.GetString(body)
                .Replace("\"inline_data\"", "\"inlineData\"", StringComparison.Ordinal)
                .Replace(
                    "\"parameters_json_schema\"",
                    "\"parametersJsonSchema\"",
                    StringComparison.Ordinal
                )
                .Replace("\"mime_type\"", "\"mimeType\"", StringComparison.Ordinal)
        );

    [Fact]
    public void Read_EachErrorAnswer_FindsItsWords()
    {
        var errors = Recording
            .OfWire("gemini")
            .Where(static recording => recording.Status != 200)
            .ToList();

        errors.ShouldNotBeEmpty();
        foreach (var recording in errors)
        {
            var error = Dialect.ReadError(recording.Body);
            var expected = recording.Expected["error"]!;
            error.Message.ShouldBe(expected["message"]!.GetValue<string>(), recording.Id);
            error.Type.ShouldBe(expected["status"]?.ToString(), recording.Id);
            error.Code.ShouldBe(expected["code"]?.ToString(), recording.Id);
        }
    }

    private static List<Recording> Answers(bool isStream)
    {
        var answers = Recording
            .OfWire("gemini")
            .Where(recording => recording.Status == 200 && recording.IsStream == isStream)
            .ToList();
        answers.Count.ShouldBeGreaterThan(4);
        return answers;
    }

    private static void Check(Recording recording, ChatReply reply)
    {
        RecordingFacts.Check(recording, reply, recording.Id);
        reply.Choices[0].StopWord?.ToString().ShouldBe(recording.Text("finish"), recording.Id);
        reply.Usage?.Output.ShouldBe(recording.Count("out"), recording.Id);
        reply.Usage?.ReportedTotal.ShouldBe(recording.Count("total"), recording.Id);
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
}
