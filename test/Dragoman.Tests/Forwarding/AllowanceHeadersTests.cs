using Dragoman.Forwarding;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What providers say is left of their rate limits.</summary>
public sealed class AllowanceHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("6m0s", 360)]
    [InlineData("1s", 1)]
    [InlineData("20ms", 0.02)]
    [InlineData("7m12.5s", 432.5)]
    [InlineData("1h2m", 3720)]
    [InlineData("59", 59)]
    public void Duration_AsOpenAIWritesIt_IsRead(string text, double seconds) =>
        AllowanceHeaders.Duration(text)!.Value.TotalSeconds.ShouldBe(seconds, 0.0001);

    [Theory]
    [InlineData("soon")]
    [InlineData("1x")]
    [InlineData("s")]
    [InlineData("2026-11-25T12:00:30Z")]
    public void Duration_SomethingElse_IsNone(string text) =>
        AllowanceHeaders.Duration(text).ShouldBeNull();

    [Fact]
    public void Read_OpenAI_TakesTheScarcerOfRequestsAndTokens()
    {
        var allowance = Read(
            ("x-ratelimit-limit-requests", "100"),
            ("x-ratelimit-remaining-requests", "90"),
            ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-limit-tokens", "40000"),
            ("x-ratelimit-remaining-tokens", "10000"),
            ("x-ratelimit-reset-tokens", "6m0s")
        );

        allowance!.Value.Left.ShouldBe(0.25);
        allowance.Value.FullIn.ShouldBe(TimeSpan.FromMinutes(6));
    }

    [Fact]
    public void Read_Anthropic_TakesTheTimeOfTheReset()
    {
        var allowance = Read(
            ("anthropic-ratelimit-requests-limit", "50"),
            ("anthropic-ratelimit-requests-remaining", "5"),
            ("anthropic-ratelimit-requests-reset", "2026-11-25T12:00:30Z")
        );

        allowance!.Value.Left.ShouldBe(0.1);
        allowance.Value.FullIn.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Read_EveryKind_IsThereInNumbers()
    {
        var allowance = Read(
            ("anthropic-ratelimit-requests-limit", "50"),
            ("anthropic-ratelimit-requests-remaining", "49"),
            ("anthropic-ratelimit-input-tokens-limit", "40000"),
            ("anthropic-ratelimit-input-tokens-remaining", "39000"),
            ("anthropic-ratelimit-output-tokens-limit", "8000"),
            ("anthropic-ratelimit-output-tokens-remaining", "1000"),
            ("anthropic-ratelimit-output-tokens-reset", "2026-11-25T12:00:30Z"),
            ("anthropic-ratelimit-tokens-limit", "48000"),
            ("anthropic-ratelimit-tokens-remaining", "40000"),
            ("anthropic-ratelimit-unified-status", "allowed")
        )!.Value;

        allowance.Left.ShouldBe(0.125);
        (allowance.Requests.Most, allowance.Requests.Left).ShouldBe((50, 49));
        (allowance.Tokens.Most, allowance.Tokens.Left).ShouldBe((48_000, 40_000));
        (allowance.InputTokens.Most, allowance.InputTokens.Left).ShouldBe((40_000, 39_000));
        allowance.OutputTokens.ShouldBe(
            new Dragoman.Catalog.RateAmount(8_000, 1_000, TimeSpan.FromSeconds(30))
        );
    }

    [Fact]
    public void Read_AnAnswerWithoutAny_AllocatesNothing()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("x-request-id", "req-1").ShouldBeTrue();
        response.Headers.TryAddWithoutValidation("server", "a").ShouldBeTrue();
        AllowanceHeaders.Read(response.Headers, Now).ShouldBeNull();
        var before = GC.GetAllocatedBytesForCurrentThread();

        AllowanceHeaders.Read(response.Headers, Now);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData("1795608030000")]
    [InlineData("1795608030")]
    [InlineData("30")]
    public void Read_AResetInAnyOfItsForms_IsUnderstood(string reset)
    {
        var allowance = Read(
            ("X-RateLimit-Limit", "10"),
            ("X-RateLimit-Remaining", "1"),
            ("X-RateLimit-Reset", reset)
        );

        allowance!.Value.FullIn.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Read_NothingOrNonsense_IsUnknownAndNotEmpty()
    {
        Read().ShouldBeNull();
        Read(("x-ratelimit-limit-requests", "0"), ("x-ratelimit-remaining-requests", "0"))
            .ShouldBeNull();
        Read(("x-ratelimit-limit-requests", "many"), ("x-ratelimit-remaining-requests", "-1"))
            .ShouldBeNull();
        Read(("x-ratelimit-remaining-requests", "3")).ShouldBeNull();
    }

    private static Dragoman.Catalog.RateAllowance? Read(
        params (string Name, string Value)[] headers
    )
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return AllowanceHeaders.Read(response.Headers, Now);
    }
}
