using System.Text;
using Dragoman.Canonical;
using Dragoman.Routing.Classification;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Classification;

public sealed class EscapedTextTests
{
    [Fact]
    public void Head_AnyText_IsItsBeginning()
    {
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.ForAll<string?, byte>(
                (text, size) =>
                {
                    text ??= "";
                    var room = new char[size + 2];
                    var length = EscapedText.Head(
                        JsonText.Of(text).Escaped.Span,
                        room,
                        out var all
                    );
                    var read = new string(room, 0, length);
                    // Half surrogates become U+FFFD where they are written as bytes, and stay where they are escaped.
                    var whole = JsonText.Of(text).ToString();
                    whole.StartsWith(read, StringComparison.Ordinal).ShouldBeTrue();
                    all.ShouldBe(read.Length == whole.Length);
                    if (!all)
                        length.ShouldBeGreaterThanOrEqualTo(room.Length - 3);
                }
            )
        );
    }

    [Theory]
    [InlineData("one two three four five", 10)]
    [InlineData("一二三四五六七八九十", 12)]
    [InlineData("a\n\"b\"\nc d e f g", 7)]
    public void Tail_LongText_IsItsEnd(string text, int size)
    {
        var room = new char[size];
        var length = EscapedText.Tail(JsonText.Of(text).Escaped.Span, room);

        length.ShouldBeGreaterThan(0);
        text.EndsWith(new string(room, 0, length), StringComparison.Ordinal).ShouldBeTrue();
    }

    [Fact]
    public void Count_EscapedText_IsThatOfThePlainOne()
    {
        const string text = "A \"quoted\" line,\nanother one \\ and ünïcode.";
        var estimate = new TokenEstimate();

        EscapedText.Count(JsonText.Of(text).Escaped.Span, ref estimate);

        estimate.Tokens.ShouldBe(TokenEstimate.OfText(Encoding.UTF8.GetBytes(text)));
    }
}
