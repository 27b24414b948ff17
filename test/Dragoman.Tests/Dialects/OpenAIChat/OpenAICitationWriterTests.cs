using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAICitationWriterTests
{
    private static readonly OpenAIChatDialect Dialect = new();
    private static readonly ReplyFallback Fallback = new(JsonText.Of("9"), JsonText.Of("m"), 1);

    [Fact]
    public void Reply_WithSourcesOfAnotherDialect_ShowsThemAsAnnotations()
    {
        var annotations = Annotations(
            new ChatReply
            {
                Choices = [Said("Yes.")],
                Citations =
                [
                    new Citation(JsonText.Of("https://a.example")) { Title = JsonText.Of("A") },
                    new Citation(default(JsonText))
                    {
                        Title = JsonText.Of("my.pdf"),
                        Quote = JsonText.Of("twelve"),
                    },
                ],
            }
        );

        annotations!.Value.GetArrayLength().ShouldBe(2);
        var first = annotations.Value[0].GetProperty("url_citation");
        first.GetProperty("url").GetString().ShouldBe("https://a.example");
        first.GetProperty("title").GetString().ShouldBe("A");
        // Clients reject one without.
        first.GetProperty("start_index").GetInt32().ShouldBe(0);
        var second = annotations.Value[1].GetProperty("url_citation");
        second.GetProperty("title").GetString().ShouldBe("my.pdf");
        second.GetProperty("cited_text").GetString().ShouldBe("twelve");
    }

    [Fact]
    public void Reply_WhoseSourcesStandInAFieldThatIsCarried_DoesNotShowThemTwice() =>
        Annotations(
                new ChatReply
                {
                    Choices = [Said("Yes.")],
                    Citations = [new Citation(JsonText.Of("https://a.example"))],
                    Raw =
                    [
                        new RawField(
                            "openai",
                            null,
                            JsonText.Of("citations"),
                            RawJson.Of("""["https://a.example"]""")
                        ),
                    ],
                }
            )
            .ShouldBeNull();

    [Fact]
    public void Stream_WithSourcesOfAnotherDialect_ShowsThemAsAnnotations()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = Dialect.CreateStreamWriter(output, new StreamWriting(Fallback));
        writer.Take(ChatEvent.OfText(0, "Yes."u8));
        writer.Take(ChatEvent.OfCitation("https://a.example"u8));
        writer.Take(ChatEvent.OfCitation(default, "my.pdf"u8, "twelve"u8));
        writer.Take(ChatEvent.OfCitation("https://own.example"u8, dialect: "openai"));
        writer.Take(ChatEvent.OfStop(0, StopReason.Stop));
        writer.Take(ChatEvent.OfEnd());

        var annotations = StreamedMessage.Of(output.WrittenSpan).GetProperty("annotations");
        annotations.GetArrayLength().ShouldBe(2);
        annotations[0]
            .GetProperty("url_citation")
            .GetProperty("title")
            .GetString()
            .ShouldBe("https://a.example");
        annotations[1]
            .GetProperty("url_citation")
            .GetProperty("cited_text")
            .GetString()
            .ShouldBe("twelve");
    }

    private static ChatChoice Said(string text) =>
        new(0, new Message(MessageRole.Assistant, [new TextPart(JsonText.Of(text))]));

    private static JsonElement? Annotations(ChatReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        Dialect.WriteReply(output, reply, Fallback);
        var message = JsonDocument
            .Parse(output.WrittenMemory)
            .RootElement.GetProperty("choices")[0]
            .GetProperty("message");
        return message.TryGetProperty("annotations", out var annotations) ? annotations : null;
    }
}
