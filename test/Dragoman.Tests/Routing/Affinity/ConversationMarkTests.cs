using System.Text;
using Dragoman.Routing.Affinity;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Affinity;

/// <summary>By what a conversation is known again.</summary>
public sealed class ConversationMarkTests
{
    private const string First =
        """{"model":"m","messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hello"}]}""";

    [Theory]
    [InlineData(
        """{"model":"m","temperature":1,"messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},{"role":"user","content":"More"}]}"""
    )]
    // Marks of caching move on, and with them a text becomes a part.
    [InlineData(
        """{"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"Be kind","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"user","content":[{"type":"text","text":"Hello"}]},{"role":"assistant","content":"Hi"}],"stream":true}"""
    )]
    public void Read_ALaterTurn_HasTheMarkOfTheFirst(string later)
    {
        var (first, second) = (Read(First)!, Read(later)!);

        first.IsContinued.ShouldBeFalse();
        second.IsContinued.ShouldBeTrue();
        second.Hash.ShouldBe(first.Hash);
    }

    [Theory]
    [InlineData(
        """{"messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hello!"}]}"""
    )]
    [InlineData(
        """{"messages":[{"role":"system","content":"Be rude"},{"role":"user","content":"Hello"}]}"""
    )]
    [InlineData("""{"messages":[{"role":"user","content":"Hello"}]}""")]
    [InlineData(
        """{"prompt_cache_key":"k","messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hello"}]}"""
    )]
    public void Read_AnotherBeginning_HasAnotherMark(string other) =>
        Read(other)!.Hash.ShouldNotBe(Read(First)!.Hash);

    [Fact]
    public void Read_AnotherAskedName_HasAnotherMark() =>
        Read(First, "other")!.Hash.ShouldNotBe(Read(First)!.Hash);

    [Fact]
    public void Read_NeighbouringTexts_AreNotRunTogether() =>
        Read("""{"system":"ab","messages":[{"role":"user","content":"c"}]}""")!
            .Hash.ShouldNotBe(
                Read("""{"system":"a","messages":[{"role":"user","content":"bc"}]}""")!.Hash
            );

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"Hi"}]}]}""", false)]
    [InlineData(
        """{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Yes"}]}]}""",
        true
    )]
    [InlineData("""{"input":"Hi"}""", false)]
    [InlineData("""{"input":[{"role":"user","content":"Hi"}]}""", false)]
    [InlineData(
        """{"input":[{"role":"user","content":"Hi"},{"type":"function_call","name":"f","arguments":"{}","call_id":"1"}]}""",
        true
    )]
    public void Read_OtherDialects_AreUnderstood(string body, bool isContinued) =>
        Read(body)!.IsContinued.ShouldBe(isContinued);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":[{"role":"us""")]
    public void Read_NoConversation_HasNone(string body)
    {
        Read(body).ShouldBeNull();
        // And leaves nothing behind.
        Read(First)!.Hash.ShouldBe(Read(First)!.Hash);
    }

    [Fact]
    public void Read_LongTexts_DifferByBeginningEndAndLength()
    {
        var text = new string('x', 100_000);
        Of(text).ShouldBe(Of(text));
        Of(text + "x").ShouldNotBe(Of(text));
        Of("y" + text[1..]).ShouldNotBe(Of(text));
        Of(text[1..] + "y").ShouldNotBe(Of(text));

        static UInt128 Of(string text) =>
            Read($$"""{"messages":[{"role":"user","content":"{{text}}"}]}""")!.Hash;
    }

    private static ConversationMark? Read(string body, string model = "m") =>
        ConversationMark.Read(model, Encoding.UTF8.GetBytes(body));
}
