using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.OpenAIResponses;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

public class ResponsesStreamReaderTests
{
    private static readonly ProviderType Type = new() { Name = "p", Dialect = "openai-responses" };

    [Fact]
    public void Feed_OnlyTheWholeAnswer_IsTakenFromIt()
    {
        var told = Read(
            Event(
                """{"type":"response.completed","response":{"id":"resp_1","model":"m","status":"completed","output":[{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"why"}]},{"type":"message","id":"msg","role":"assistant","content":[{"type":"output_text","text":"all","annotations":[{"type":"url_citation","url":"https://a.example","title":"A"}]}]},{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{}"}],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}}"""
            )
        );

        told.IsComplete.ShouldBeTrue();
        var reply = told.Build();
        var parts = reply.Choices[0].Message.Parts;
        ((ReasoningPart)parts[0]).Text.ToString().ShouldBe("why");
        ((TextPart)parts[1]).Text.ToString().ShouldBe("all");
        ((ToolCallPart)parts[2]).Arguments.ToString().ShouldBe("{}");
        reply.Choices[0].Stop.ShouldBe(StopReason.ToolCalls);
        reply.Citations.ShouldHaveSingleItem().Title!.Value.ToString().ShouldBe("A");
    }

    [Fact]
    public void Feed_ItemsWithoutDeltas_AreTakenWhenTheyAreDone()
    {
        var told = Read(
            Event("""{"type":"response.created","response":{"id":"resp_1","model":"m"}}""")
                + Event(
                    """{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"hi"}]}}"""
                )
                + Event(
                    """{"type":"response.output_item.done","output_index":1,"item":{"type":"custom_tool_call","call_id":"c","name":"p","input":"a \"b\"\n"}}"""
                )
                + Event(
                    """{"type":"response.output_item.done","output_index":2,"item":{"type":"local_shell_call","call_id":"d","action":{"type":"exec","command":["ls"]}}}"""
                )
                + Event("""{"type":"response.completed","response":{"status":"completed"}}""")
        );

        var parts = told.Build().Choices[0].Message.Parts;
        ((TextPart)parts[0]).Text.ToString().ShouldBe("hi");
        ((ToolCallPart)parts[1]).Arguments.ToString().ShouldBe("""{"input":"a \"b\"\n"}""");
        ((ToolCallPart)parts[2]).Arguments.ToString().ShouldBe("""{"command":["ls"]}""");
    }

    [Theory]
    [InlineData(
        """{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"}}}""",
        GatewayErrorKind.RateLimited,
        "rate_limit_exceeded"
    )]
    [InlineData(
        """{"type":"error","code":"server_error","message":"slow","param":null}""",
        GatewayErrorKind.Upstream,
        "server_error"
    )]
    [InlineData(
        """{"type":"error","error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"slow"}}""",
        GatewayErrorKind.ContextLength,
        "context_length_exceeded"
    )]
    public void Feed_AFailure_IsTheLastWord(string json, GatewayErrorKind kind, string code)
    {
        var told = Read(
            Event("""{"type":"response.output_text.delta","output_index":0,"delta":"x"}""")
                + Event(json)
                + Event("""{"type":"response.completed","response":{"status":"completed"}}""")
        );

        told.IsComplete.ShouldBeFalse();
        told.Error.ShouldNotBeNull().Kind.ShouldBe(kind);
        told.Error.Code.ShouldBe(code);
        told.Error.Message.ShouldBe("slow");
    }

    [Fact]
    public void Feed_AResponseThatFailedWithDeepTools_StillTellsWhy()
    {
        var deep = new string('[', 60) + new string(']', 60);

        Read(
            Event(
                "{\"type\":\"response.failed\",\"response\":{\"tools\":"
                    + deep
                    + ",\"error\":{\"message\":\"because\"}}}"
            )
        )
            .Error!.Message.ShouldBe("because");
    }

    [Fact]
    public void Feed_AHostedToolsCall_IsCarriedWhole()
    {
        const string Item =
            """{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}}""";
        var told = Read(
            Event(
                """{"type":"response.output_item.added","output_index":0,"item":{"type":"web_search_call","id":"ws_1"}}"""
            )
                + Event(
                    """{"type":"response.web_search_call.searching","output_index":0,"item_id":"ws_1"}"""
                )
                + Event(
                    "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":"
                        + Item
                        + "}"
                )
                + Event("""{"type":"response.completed","response":{"status":"completed"}}""")
        );

        var part = told.Build().Choices[0].Message.Parts.ShouldHaveSingleItem();
        ((RawPart)part).Json.ToString().ShouldBe(Item);
        told.Build().Choices[0].Stop.ShouldBe(StopReason.Stop);
    }

    [Fact]
    public void Feed_ATextDelta_AllocatesNothing()
    {
        var reader = new ResponsesStreamReader(reasoningOutside: false);
        var sink = new Nobody();
        var delta = Encoding.UTF8.GetBytes(
            Event(
                """{"type":"response.output_text.delta","sequence_number":9,"item_id":"msg_1","output_index":0,"content_index":0,"delta":" word","logprobs":[],"obfuscation":"x"}"""
            )
        );
        for (var i = 0; i < 100; i++)
            reader.Read(delta, sink);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            reader.Read(delta, sink);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static string Event(string json) => $"event: x\ndata: {json}\n\n";

    private static ChatReplyBuilder Read(string stream)
    {
        var builder = new ChatReplyBuilder();
        StreamFeed
            .Feed(new OpenAIResponsesDialect(), Type, Encoding.UTF8.GetBytes(stream), 5, builder)
            .MalformedEvents.ShouldBe(0);
        return builder;
    }

    private sealed class Nobody : IChatEventSink
    {
        public void Take(in ChatEvent chatEvent) { }
    }
}
