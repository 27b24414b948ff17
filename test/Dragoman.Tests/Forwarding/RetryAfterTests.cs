using Dragoman.Forwarding;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Retry-After", "5", 5000.0)]
    [InlineData("Retry-After", "0", 0.0)]
    [InlineData("Retry-After", "0.25", 250.0)]
    [InlineData("Retry-After", "Fri, 20 Nov 2026 12:00:07 GMT", 7000.0)]
    [InlineData("Retry-After", "Fri, 20 Nov 2026 11:59:00 GMT", 0.0)]
    [InlineData("Retry-After", "Friday, 20-Nov-26 12:00:07 GMT", 7000.0)]
    [InlineData("retry-after-ms", "200", 200.0)]
    [InlineData("retry-after-ms", "1500.5", 1500.5)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-5", null)]
    [InlineData("Retry-After", "-Infinity", null)]
    [InlineData("retry-after-ms", "-Infinity", null)]
    [InlineData("retry-after-ms", "NaN", null)]
    [InlineData("Retry-After", "", null)]
    [InlineData("Retry-After", "99999999999999999999999", null)]
    [InlineData("retry-after-ms", "99999999999999999999999", null)]
    [InlineData("X-Other", "5", null)]
    public void Read_OneHeader_IsItsTime(string name, string value, double? milliseconds) =>
        Read((name, value)).ShouldBe(milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null);

    [Fact]
    public void Read_BothHeaders_TakesTheFinerOne() =>
        Read(("Retry-After", "1"), ("retry-after-ms", "600"))
            .ShouldBe(TimeSpan.FromMilliseconds(600));

    [Fact]
    public void Read_AnUnreadableFinerOne_TakesTheOther() =>
        Read(("Retry-After", "1"), ("retry-after-ms", "x")).ShouldBe(TimeSpan.FromSeconds(1));

    private static TimeSpan? Read(params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return RetryAfter.Read(response.Headers, Now);
    }
}
