using Dragoman.Forwarding;
using Dragoman.Limits;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Limits;

public sealed class LimitHeadersTests
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(19.2, "20ms")]
    [InlineData(1_000, "1s")]
    [InlineData(59_001, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(5_025_000, "1h23m45s")]
    public void Span_AsOpenAIWritesIt_IsNeverTooShortAndReadsBack(double milliseconds, string text)
    {
        var span = TimeSpan.FromMilliseconds(milliseconds);

        LimitHeaders.Span(span).ShouldBe(text);

        AllowanceHeaders.Duration(text)!.Value.ShouldBeGreaterThanOrEqualTo(span);
    }
}
