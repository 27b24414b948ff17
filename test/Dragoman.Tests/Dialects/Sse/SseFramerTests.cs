using System.Text;
using Dragoman.Dialects.Sse;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Sse;

public class SseFramerTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "a|b")]
    [InlineData("data: a\r\rdata: b\r\r:", "a|b")]
    [InlineData("data:a\n\n: comment\n\ndata: b\n\n", "a|b")]
    [InlineData("event: error\ndata: a\nid: 7\n\n", "a")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("datax: a\n\ndata: b\n\n", "b")]
    [InlineData("data: a\n\ndata: cut", "a")]
    [InlineData("data: a\n\n\n\ndata: b\r\n\n", "a|b")]
    public void NextEvent_EachFraming_FindsTheData(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var pieces = 1; pieces <= bytes.Length; pieces++)
            string.Join('|', DataOf(bytes, pieces)).ShouldBe(expected, $"by {pieces}");
    }

    [Fact]
    public void NextEvent_ArbitraryLines_DoNotDependOnHowTheyArrive()
    {
        var pieces = Gen.Elements(
                "data: ",
                "data:",
                "é",
                "\n",
                "\r",
                "\r\n",
                "\n\n",
                ":",
                "x",
                "[DONE]",
                "event: e"
            )
            .ListOf()
            .Select(list => string.Concat(list));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(
                pieces.ToArbitrary(),
                stream =>
                {
                    var bytes = Encoding.UTF8.GetBytes(stream);
                    return DataOf(bytes, 1).SequenceEqual(DataOf(bytes, bytes.Length + 1))
                        && DataOf(bytes, 3).SequenceEqual(DataOf(bytes, bytes.Length + 1));
                }
            )
        );
    }

    private static List<string> DataOf(byte[] stream, int pieces)
    {
        var found = new List<string>();
        var framer = new SseFramer();
        var buffer = new List<byte>();
        foreach (var piece in stream.Chunk(Math.Max(1, pieces)))
        {
            buffer.AddRange(piece);
            var bytes = buffer.ToArray().AsSpan();
            while (framer.NextEvent(bytes) is > 0 and var length)
            {
                var sse = SseEvent.Parse(bytes[..length]);
                if (sse.HasData)
                    found.Add(Encoding.UTF8.GetString(sse.Data));
                bytes = bytes[length..];
                buffer.RemoveRange(0, length);
            }
        }
        return found;
    }
}
