using System.Text;
using Dragoman.Canonical;
using Dragoman.Exchanges;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Exchanges;

public sealed class WishesReaderTests
{
    [Fact]
    public void Read_NothingSaid_IsTheSharedNone()
    {
        WishesReader.TryRead([], default, out var wishes, out var error).ShouldBeTrue();

        wishes.ShouldBeSameAs(Wishes.None);
        error.ShouldBeNull();
    }

    [Fact]
    public void Read_NothingSaid_AllocatesNothing()
    {
        WishesReader.TryRead([], default, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            WishesReader.TryRead([], default, out _, out _);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Fact]
    public void Read_Body_GivesEveryWish()
    {
        var wishes = Read(
            """
            {"fallback":["a/b","c"],"chain":"mine","local_only":true,"prefer_local":false,"strict":true,"strategy":"balanced",
             "required_capabilities":["function_calling","vision"],"tags":["x"],"workspace_id":"w","execution_id":"e","user_tier":"gold","task_type":"code","cache":"no-store"}
            """
        );

        wishes.Fallback.ShouldBe(["a/b", "c"]);
        wishes.Chain.ShouldBe("mine");
        wishes.LocalOnly.ShouldBe(true);
        wishes.PreferLocal.ShouldBe(false);
        wishes.Strict.ShouldBeTrue();
        wishes.Strategy.ShouldBe("balanced");
        wishes.RequiredCapabilities.ShouldBe(["tools", "vision"]);
        wishes.Tags.ShouldBe(["x"]);
        wishes.WorkspaceId.ShouldBe("w");
        wishes.ExecutionId.ShouldBe("e");
        wishes.UserTier.ShouldBe("gold");
        wishes.TaskType.ShouldBe("code");
    }

    [Fact]
    public void Read_SoftCapability_IsAWishLikeAHardOne() =>
        Read("""{"required_capabilities":["math","local","multilingual"]}""")
            .RequiredCapabilities.ShouldBe(["math", "offline", "multilingual"]);

    [Fact]
    public void Read_FallbackFalse_IsAnEmptyList() =>
        Read("""{"fallback":false}""").Fallback.ShouldBe([]);

    [Fact]
    public void Read_HeaderAndBody_TheHeaderWins()
    {
        var wishes = Read(
            """{"chain":"body","local_only":false}""",
            ("X-Dragoman-Chain", "header"),
            ("x-dragoman-fallback", "a/b, c")
        );

        wishes.Chain.ShouldBe("header");
        wishes.LocalOnly.ShouldBe(false);
        wishes.Fallback.ShouldBe(["a/b", "c"]);
    }

    [Theory]
    [InlineData("""{"chian":"x"}""", "dragoman.chian", "Known are", 400)]
    [InlineData("""{"chain":7}""", "dragoman.chain", "must be a text", 400)]
    [InlineData("""{"chain":"\ud800"}""", "dragoman.chain", "must be a text", 400)]
    [InlineData("""{"local_only":"yes"}""", "dragoman.local_only", "true or false", 400)]
    [InlineData("""{"fallback":"x"}""", "dragoman.fallback", "array of model names", 400)]
    [InlineData("""{"fallback":[1]}""", "dragoman.fallback", "array of model names", 400)]
    [InlineData("""{"chain":"a","chain":"b"}""", "dragoman.chain", "said twice", 400)]
    [InlineData(
        """{"required_capability":"tools","required_capabilities":["vision"]}""",
        "dragoman.required_capabilities",
        "said twice",
        400
    )]
    [InlineData(
        """{"required_capabilities":["telepathy"]}""",
        "dragoman.required_capabilities",
        "Known are: tools",
        400
    )]
    [InlineData(
        """{"required_capability":"maths"}""",
        "dragoman.required_capability",
        "translation, function_calling, local",
        400
    )]
    [InlineData("""{"task_type":"flying"}""", "dragoman.task_type", "one of code, math", 400)]
    [InlineData("""{"task_type":7}""", "dragoman.task_type", "one of code, math", 400)]
    [InlineData("""{"strategy":7}""", "dragoman.strategy", "a text of 1 to", 400)]
    [InlineData("""{"max_cost_usd":-1}""", "dragoman.max_cost_usd", "0 or more", 400)]
    [InlineData("""{"max_latency_ms":"soon"}""", "dragoman.max_latency_ms", "1 or more", 400)]
    [InlineData("""{"cache":"only-if-cached"}""", "dragoman.cache", "not supported yet", 501)]
    [InlineData("[]", "dragoman", "must be an object", 400)]
    [InlineData("7", "dragoman", "must be an object", 400)]
    [InlineData("{", "dragoman", "must be a JSON object", 400)]
    public void Read_Mistake_NamesTheField(string body, string field, string message, int status)
    {
        WishesReader
            .TryRead([], Encoding.UTF8.GetBytes(body), out _, out var error)
            .ShouldBeFalse();

        error!.Param.ShouldBe(field);
        error.Message.ShouldContain(message);
        error.Status.ShouldBe(status);
    }

    [Fact]
    public void Read_UnknownHeader_IsAnErrorThatListsTheKnown()
    {
        WishesReader
            .TryRead([new("X-Dragoman-Local", "true")], default, out _, out var error)
            .ShouldBeFalse();

        error!.Kind.ShouldBe(GatewayErrorKind.InvalidRequest);
        error.Param.ShouldBe("X-Dragoman-Local");
        error.Message.ShouldContain("local_only");
    }

    private static Wishes Read(string body, params (string Name, string Value)[] headers)
    {
        var read = WishesReader.TryRead(
            [.. headers.Select(static h => KeyValuePair.Create(h.Name, h.Value))],
            Encoding.UTF8.GetBytes(body),
            out var wishes,
            out var error
        );
        read.ShouldBeTrue(error?.Message);
        return wishes;
    }
}
