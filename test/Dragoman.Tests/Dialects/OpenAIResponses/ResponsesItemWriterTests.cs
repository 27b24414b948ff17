using System.Buffers;
using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIResponses;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

public class ResponsesItemWriterTests
{
    [Fact]
    public void Write_EmptyTextBesideACall_IsNoMessageOfItsOwn()
    {
        var call = new ToolCallPart(JsonText.Of("f"), ToolArguments.FromJson(RawJson.Of("{}")))
        {
            Id = JsonText.Of("a"),
        };

        Written(new Message(MessageRole.Assistant, [new TextPart(default), call]))
            .ShouldBe("""[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}]""");
    }

    [Fact]
    public void Write_EmptyTextAlone_StaysAMessage() =>
        Written(Message.OfText(MessageRole.User, "")).ShouldContain("\"role\":\"user\"");

    private static string Written(Message message)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = DialectJson.NewWriter(output))
        {
            json.WriteStartArray();
            new ResponsesItemWriter(json, new Losses()).Write(message, "messages[0]", 0);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
