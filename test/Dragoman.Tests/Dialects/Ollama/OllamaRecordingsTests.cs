using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Ollama;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Ollama;

/// <summary>Every recorded answer is read back to its expected facts, also after it was written again.</summary>
public sealed class OllamaRecordingsTests
{
    private static readonly OllamaDialect Dialect = new();
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "ollama" };
    private static readonly ReplyFallback Fallback = new(
        JsonText.Of("fallback"),
        JsonText.Of("m"),
        1
    );

    [Fact]
    public void Read_EachPlainAnswer_FindsTheFacts_AndIsEqualJsonAgain()
    {
        foreach (var recording in Answers(isStream: false))
        {
            Dialect
                .TryReadReply(recording.Body, Type, out var reply, out var error)
                .ShouldBeTrue(error?.Message);
            RecordingFacts.Check(recording, reply!, recording.Id);
            var output = new ArrayBufferWriter<byte>();
            Dialect.WriteReply(output, reply!, Fallback);

            JsonEquality.ShouldBeEqual(recording.Body, output.WrittenMemory, recording.Id);
        }
    }

    [Fact]
    public void Read_EachStreamInAnyPieces_FindsTheFacts()
    {
        foreach (var recording in Answers(isStream: true))
        foreach (var size in (int[])[1, 5, 7, 4096, int.MaxValue])
            RecordingFacts.Check(recording, Gather(recording.Body, size), recording.Id);
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
                new OllamaStreamWriter(output, Fallback, isGenerate: false)
            );
            RecordingFacts.Check(
                recording,
                Gather(output.WrittenSpan.ToArray(), 512),
                recording.Id
            );
        }
    }

    [Fact]
    public void Write_EachRequestAgain_IsEqualJson()
    {
        var requests = Recording
            .OfWire("ollama")
            .Where(static recording => recording.Request is not null)
            .ToList();
        requests.ShouldNotBeEmpty();
        foreach (var recording in requests)
        {
            OllamaRequestReader
                .TryRead(recording.Request!, out var request, out var error)
                .ShouldBeTrue(error?.Message);
            var output = new ArrayBufferWriter<byte>();
            var losses = new Losses();
            OllamaRequestWriter.Write(output, request!, Targets.Of("ollama"), losses);

            losses.Changes.ShouldBeEmpty(recording.Id);
            JsonEquality.ShouldBeEqual(recording.Request!, output.WrittenMemory, recording.Id);
        }
    }

    private static List<Recording> Answers(bool isStream)
    {
        var answers = Recording
            .OfWire("ollama")
            .Where(recording => recording.Status == 200 && recording.IsStream == isStream)
            .ToList();
        answers.ShouldNotBeEmpty();
        return answers;
    }

    private static ChatReply Gather(byte[] body, int pieces)
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(Dialect, Type, body, pieces, builder).MalformedEvents.ShouldBe(0);
        builder.Error.ShouldBeNull();
        builder.IsComplete.ShouldBeTrue();
        return builder.Build();
    }
}
