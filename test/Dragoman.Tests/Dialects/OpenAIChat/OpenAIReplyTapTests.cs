using Dragoman.Dialects.OpenAIChat;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public sealed class OpenAIReplyTapTests
{
    [Fact]
    public void Read_BytesThatAreNoUtf8InAString_AreNoJson()
    {
        byte[] body =
        [
            .. "{\"choices\":[{\"message\":{\"content\":\""u8,
            0xC3,
            0x28,
            .. "\"}}]}"u8,
        ];

        var facts = OpenAIReplyTap.Read(body, "choices"u8, reasoningOutsideCompletion: false);

        facts.IsJson.ShouldBeFalse();
        facts.IsAnswer.ShouldBeFalse();
    }
}
