using System.Text;
using Dragoman.Dialects.Sse;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Sse;

public sealed class SseEventTests
{
    [Theory]
    [InlineData("data: {\"a\":1}\n\n", "{\"a\":1}", "")]
    [InlineData("data:{\"a\":1}\n\n", "{\"a\":1}", "")]
    [InlineData("data: {\"a\":1}\r\n\r\n", "{\"a\":1}", "")]
    [InlineData("data: {\"a\":1}\r\r", "{\"a\":1}", "")]
    [InlineData("data: {\"a\":1}", "{\"a\":1}", "")]
    [InlineData("data: [DONE] \n\n", "[DONE]", "")]
    [InlineData("event: error\ndata: x\n\n", "x", "error")]
    [InlineData("event:error\r\ndata:x\r\n\r\n", "x", "error")]
    [InlineData("data: x\nevent: late\n\n", "x", "late")]
    [InlineData("id: 1\nretry: 5\n: comment\ndata: x\n\n", "x", "")]
    [InlineData("data: 1\ndata: 2\ndata:3\n\n", "1\n2\n3", "")]
    [InlineData("\uFEFFdata: x\n\n", "x", "")]
    [InlineData("data: größe 東京 🙂\n\n", "größe 東京 🙂", "")]
    [InlineData("data: a: b\n\n", "a: b", "")]
    [InlineData("data\n\n", "", "")]
    [InlineData("data:\n\n", "", "")]
    public void Parse_AnEventWithData_TellsDataAndName(string raw, string data, string name)
    {
        var parsed = SseEvent.Parse(Encoding.UTF8.GetBytes(raw));

        parsed.HasData.ShouldBeTrue();
        Encoding.UTF8.GetString(parsed.Data).ShouldBe(data);
        Encoding.UTF8.GetString(parsed.Name).ShouldBe(name);
        parsed.IsDone.ShouldBe(data == "[DONE]");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(": OPENROUTER PROCESSING\n\n")]
    [InlineData("event: ping\n\n")]
    [InlineData("database: x\n\n")]
    [InlineData(" data: x\n\n")]
    [InlineData("DATA: x\n\n")]
    public void Parse_AnEventWithoutData_SaysSo(string raw) =>
        SseEvent.Parse(Encoding.UTF8.GetBytes(raw)).HasData.ShouldBeFalse();

    [Fact]
    public void Parse_OneDataLine_AllocatesNothing()
    {
        var raw = "event: x\ndata: {\"a\":1}\n\n"u8.ToArray();
        SseEvent.Parse(raw);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            SseEvent.Parse(raw);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Fact]
    public void Parse_AnyBytes_NeverThrows() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll<byte[]>(bytes =>
            {
                var parsed = SseEvent.Parse(bytes);
                return parsed.HasData || parsed.Data.IsEmpty;
            })
        );

    [Fact]
    public void Parse_AnEventOfVeryManyLines_CostsMemoryOnceAndKeepsEachLine()
    {
        var raw = System.Text.Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("data:x\n", 20_000)) + "\n"
        );
        var before = GC.GetAllocatedBytesForCurrentThread();

        var length = SseEvent.Parse(raw).Data.Length;

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2 * raw.Length);
        length.ShouldBe(2 * 20_000 - 1);
    }
}
