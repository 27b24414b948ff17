using System.Text;
using Dragoman.Canonical;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Canonical;

public class JsonTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\\u00e9\\n\\t\\r\\b\\f\\/\\\\\\\"", "é\n\t\r\b\f/\\\"")]
    [InlineData("\\ud83c\\udfee", "🏮")]
    [InlineData("cut \\u12", "cut u12")]
    [InlineData("\\", "\\")]
    public void ToString_Escaped_IsTheText(string escaped, string text) =>
        JsonText.FromEscaped(Encoding.UTF8.GetBytes(escaped)).ToString().ShouldBe(text);

    [Fact]
    public void ToString_HalfASurrogatePair_StaysHalf() =>
        JsonText.FromEscaped("\\ud83d!"u8.ToArray()).ToString().ShouldBe("\ud83d!");

    [Fact]
    public void Of_AnyText_ComesBackHalvesIncluded() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(
                Gen.OneOf(Gen.Choose(0, 0xFFFF), Gen.Choose(0xD800, 0xDFFF), Gen.Choose(0, 0x7F))
                    .Select(unit => (char)unit)
                    .ArrayOf()
                    .ToArbitrary(),
                units => JsonText.Of(new string(units)).ToString() == new string(units)
            )
        );

    [Fact]
    public void Equals_DifferentlyEscaped_IsEqual()
    {
        var one = JsonText.FromEscaped("caf\\u00e9"u8.ToArray());

        one.ShouldBe(JsonText.Of("café"));
        one.GetHashCode().ShouldBe(JsonText.Of("café").GetHashCode());
        one.Is("café"u8).ShouldBeTrue();
        one.ShouldNotBe(JsonText.Of("cafe"));
    }

    [Theory]
    [InlineData("data:image/png;base64,AAA=", "image/png", "AAA=")]
    [InlineData("data:image\\/png;base64,A\\/A=", "image/png", "A/A=")]
    [InlineData("data:;base64,", "", "")]
    public void MediaSource_DataUrl_IsTakenApart(string url, string mediaType, string data)
    {
        var source = new MediaSource { Url = JsonText.FromEscaped(Encoding.UTF8.GetBytes(url)) };

        source.TryGetInline(out var type, out var base64).ShouldBeTrue();
        type.ToString().ShouldBe(mediaType);
        base64.ToString().ShouldBe(data);
    }

    [Fact]
    public void MediaSource_Address_IsNotInline() =>
        new MediaSource { Url = JsonText.Of("https://a.example/data:;base64,") }
            .TryGetInline(out _, out _)
            .ShouldBeFalse();

    [Theory]
    [InlineData("", "{}", true)]
    [InlineData("{\"a\":1}", "{\"a\":1}", true)]
    [InlineData("{\"a\":", "{\"a\":", false)]
    public void ToolArguments_Text_BecomesJsonWhereItIsJson(string text, string json, bool isJson)
    {
        ToolArguments.FromText(JsonText.Of(text)).TryAsJson(out var found).ShouldBe(isJson);
        found.ToString().ShouldBe(json);
    }

    [Fact]
    public void ToolArguments_Json_BecomesText() =>
        ToolArguments
            .FromJson(RawJson.Of("{\"a\": \"\\n\"}"))
            .AsText()
            .ToString()
            .ShouldBe("{\"a\": \"\\n\"}");
}
