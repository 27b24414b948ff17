using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Dialects.Sse;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>What the pass-through notices in every recorded answer: usage, the end, the text for a recovery.</summary>
public class OpenAITapRecordingsTests
{
    [Fact]
    public void Read_EachPlainAnswer_NoticesItsUsage()
    {
        foreach (
            var recording in Recording.OfWire("openai-chat").Where(recording => !recording.IsStream)
        )
        {
            var facts = OpenAIReplyTap.Read(recording.Body, "choices"u8, false);

            facts.IsJson.ShouldBeTrue(recording.Id);
            facts.IsAnswer.ShouldBe(recording.Status == 200, recording.Id);
            if (facts.IsAnswer)
                CheckUsage(recording, facts.Usage);
            else
                facts.Error!.Message.ShouldBe(
                    recording.Expected["error"]!["message"]!.GetValue<string>(),
                    recording.Id
                );
        }
    }

    [Fact]
    public void Inspect_EachStream_NoticesItsUsageAndItsEnd()
    {
        foreach (
            var recording in Recording.OfWire("openai-chat").Where(recording => recording.IsStream)
        )
        {
            var transcript = new System.Buffers.ArrayBufferWriter<byte>();
            var tap = new OpenAIStreamTap(false) { Transcript = transcript };
            var framer = new SseFramer();
            var body = recording.Body.AsSpan();
            while (framer.NextEvent(body) is > 0 and var length)
            {
                tap.Inspect(body[..length]).ShouldNotBe(StreamPiece.Malformed, recording.Id);
                body = body[length..];
            }

            tap.Finished.ShouldBeTrue(recording.Id);
            tap.Error.ShouldBeNull(recording.Id);
            CheckUsage(recording, tap.Usage);
            Encoding
                .UTF8.GetString(transcript.WrittenSpan)
                .ShouldBe(recording.Text("text") ?? "", recording.Id);
        }
    }

    private static void CheckUsage(Recording recording, TokenUsage? usage)
    {
        (usage?.TotalInput).ShouldBe(recording.Count("in"), recording.Id);
        (usage?.ReportedTotal).ShouldBe(recording.Count("total"), recording.Id);
        if (recording.Count("reasoning") is { } reasoning)
            usage!.Reasoning.ShouldBe(reasoning, recording.Id);
    }
}
