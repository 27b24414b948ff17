using System.Text;
using Dragoman.Dialects;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects;

public sealed class PromptEstimateTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Hello there","\ud800":1}]}""")]
    [InlineData("""{"\ud800":1,"messages":[{"role":"user","content":"Hello there"}]}""")]
    public void Of_ANameWithHalfASurrogatePair_IsPassedOver(string body) =>
        PromptEstimate.Of(Encoding.UTF8.GetBytes(body)).ShouldBeGreaterThan(4);
}
