using System.Text;
using Dragoman.Dialects.Sse;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Sse;

public sealed class SseFramerTests
{
    /// <summary>Streams, and the events in them.</summary>
    public static TheoryData<string, string[]> Streams =>
        new()
        {
            { "data: a\n\ndata: b\n\n", ["data: a\n\n", "data: b\n\n"] },
            { "data: a\r\n\r\ndata: b\r\n\r\n", ["data: a\r\n\r\n", "data: b\r\n\r\n"] },
            { "data: a\r\rdata: b\r\r!", ["data: a\r\r", "data: b\r\r"] },
            { "data: a\r\n\ndata: b\n\r\n", ["data: a\r\n\n", "data: b\n\r\n"] },
            {
                ": ping\n\nevent: x\ndata: 1\ndata: 2\n\n",
                [": ping\n\n", "event: x\ndata: 1\ndata: 2\n\n"]
            },
            { "\n\ndata: a\n\n", ["\n", "\n", "data: a\n\n"] },
            {
                "data: größe 東京 🙂\n\ndata: [DONE]\n\n",
                ["data: größe 東京 🙂\n\n", "data: [DONE]\n\n"]
            },
            { "data: a\n\ndata: unfinished\n", ["data: a\n\n"] },
            { "data: a\r\n\r\ndata: unfinished\r", ["data: a\r\n\r\n"] },
            { "", [] },
        };

    [Theory]
    [MemberData(nameof(Streams))]
    public void NextEvent_AStreamSplitAnywhereIntoThree_GivesTheSameEvents(
        string stream,
        string[] events
    )
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var first = 0; first <= bytes.Length; first++)
        for (var second = first; second <= bytes.Length; second++)
            Frame(bytes[..first], bytes[first..second], bytes[second..]).ShouldBe(events);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void NextEvent_AStreamByteByByte_GivesTheSameEvents(string stream, string[] events) =>
        Frame(Encoding.UTF8.GetBytes(stream).Select(one => new[] { one }).ToArray())
            .ShouldBe(events);

    [Fact]
    public void NextEvent_AnyBytesAnyhowSplit_NeverThrowsAndLosesNothing() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll<byte[][]>(chunks =>
            {
                var sound = chunks.Where(chunk => chunk is not null).ToArray();
                // Line ends among the letters, or there would hardly be an event.
                foreach (var chunk in sound)
                    for (var i = 0; i < chunk.Length; i++)
                        chunk[i] = (chunk[i] % 4) switch
                        {
                            0 => (byte)'\n',
                            1 => (byte)'\r',
                            _ => chunk[i],
                        };
                var whole = sound.SelectMany(chunk => chunk).ToArray();
                var split = string.Concat(Frame(sound));
                return Encoding.Latin1.GetString(whole).StartsWith(split, StringComparison.Ordinal)
                    || Encoding.UTF8.GetString(whole).StartsWith(split, StringComparison.Ordinal);
            })
        );

    private static List<string> Frame(params byte[][] chunks)
    {
        var framer = new SseFramer();
        var pending = new List<byte>();
        var events = new List<string>();
        foreach (var chunk in chunks)
        {
            pending.AddRange(chunk);
            while (framer.NextEvent(pending.ToArray()) is > 0 and var length)
            {
                events.Add(Encoding.UTF8.GetString(pending.ToArray().AsSpan(0, length)));
                pending.RemoveRange(0, length);
            }
        }
        return events;
    }
}
