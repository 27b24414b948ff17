using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

public class OpenAIChatRequestReaderTests
{
    private const string User = """{"role":"user","content":"hi"}""";

    [Theory]
    [InlineData(
        """{"messages":[USER]}""",
        "model",
        "model: is missing: expected the name of a model."
    )]
    [InlineData("""{"model":7,"messages":[USER]}""", "model", "model: expected a string, got 7.")]
    [InlineData(
        """{"model":"m"}""",
        "messages",
        "messages: is missing: expected a list of at least one message."
    )]
    [InlineData(
        """{"model":"m","messages":[]}""",
        "messages",
        "messages: is missing: expected a list of at least one message."
    )]
    [InlineData(
        """{"model":"m","messages":"hi"}""",
        "messages",
        "messages: expected a list of messages, got 'hi'."
    )]
    [InlineData(
        """{"model":"m","messages":[USER,{"role":"bot","content":"x"}]}""",
        "messages[1].role",
        "messages[1].role: expected one of system, developer, user, assistant, tool, function, got 'bot'."
    )]
    [InlineData(
        """{"model":"m","messages":[USER,USER,{"content":"x"}]}""",
        "messages[2].role",
        "messages[2].role: is missing: expected one of system, developer, user, assistant, tool, function."
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":["b"]}]}]}""",
        "messages[0].content[1].text",
        "messages[0].content[1].text: expected a string, got a list."
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":{"a":[1,2]}}]}""",
        "messages[0].content",
        "messages[0].content: expected a string or a list of parts, got an object."
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":[{"text":"a"}]}]}""",
        "messages[0].content[0].type",
        "messages[0].content[0].type: is missing: expected a string such as text or image_url."
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""",
        "messages[0].content[0].image_url",
        "messages[0].content[0].image_url: is missing: expected an object."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"temperature":"hot"}""",
        "temperature",
        "temperature: expected a number, got 'hot'."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"max_tokens":0}""",
        "max_tokens",
        "max_tokens: expected a whole number of at least 1, got 0."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"n":1.5}""",
        "n",
        "n: expected a whole number of at least 1, got 1.5."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"stream":1}""",
        "stream",
        "stream: expected true or false, got 1."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"stream_options":{"include_usage":"yes"}}""",
        "stream_options.include_usage",
        "stream_options.include_usage: expected true or false, got 'yes'."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"tools":[{"type":"function","function":{"parameters":{}}}]}""",
        "tools[0].function.name",
        "tools[0].function.name: is missing: expected a string."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"tools":[{"type":"function"}]}""",
        "tools[0].function",
        "tools[0].function: is missing: expected an object with a name."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"stop":["a",{}]}""",
        "stop[1]",
        "stop[1]: expected a string, got an object."
    )]
    [InlineData(
        """{"model":"m","messages":[USER],"tool_choice":true}""",
        "tool_choice",
        "tool_choice: expected auto, none, required or an object that names a function, got true."
    )]
    [InlineData("""[]""", null, "The body: expected an object, got a list.")]
    public void TryRead_WrongField_NamesItAndWhatIsAllowed(
        string body,
        string? param,
        string message
    )
    {
        var error = Refused(body.Replace("USER", User, StringComparison.Ordinal));

        error.Kind.ShouldBe(GatewayErrorKind.InvalidRequest);
        error.Message.ShouldBe(message);
        error.Param.ShouldBe(param);
    }

    [Theory]
    [InlineData("", "line 1, byte 1")]
    [InlineData("{\n \"model\": }", "line 2, byte 11")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]} {}""", "line 1, byte 44")]
    public void TryRead_NoJson_SaysWhere(string body, string where) =>
        Refused(body).Message.ShouldContain(where);

    [Fact]
    public void TryRead_ALongText_IsNotRepeatedInTheError() =>
        Refused($$"""{"model":"m","messages":"{{new string('s', 41)}}"}""")
            .Message.ShouldBe("messages: expected a list of messages, got a string.");

    [Fact]
    public void TryRead_DragomansOwnMember_IsLeftOut() =>
        Read($$"""{"model":"m","dragoman":{"chain":"x"},"messages":[{{User}}]}""")
            .Raw.ShouldBeEmpty();

    [Fact]
    public void TryRead_WholeNumberWithAPoint_IsTaken() =>
        Read($$"""{"model":"m","max_tokens":100.0,"messages":[{{User}}]}""")
            .OutputLimit.ShouldBe(100);

    [Fact]
    public void TryRead_ToolTurn_GivesCallsAndResults()
    {
        var request = Read(
            """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},{"role":"tool","tool_call_id":"a","content":"done"}]}"""
        );

        var call = request.Messages[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<ToolCallPart>();
        call.Arguments.TryAsJson(out var arguments).ShouldBeTrue();
        arguments.ToString().ShouldBe("""{"x":1}""");
        var result = request
            .Messages[1]
            .Parts.ShouldHaveSingleItem()
            .ShouldBeOfType<ToolResultPart>();
        result.ToolCallId.ShouldBe(JsonText.Of("a"));
        result
            .Content.ShouldHaveSingleItem()
            .ShouldBeOfType<TextPart>()
            .Text.ShouldBe(JsonText.Of("done"));
    }

    private static ChatRequest Read(string body)
    {
        OpenAIChatRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out var request, out var error)
            .ShouldBeTrue(error?.Message);
        return request!;
    }

    private static GatewayError Refused(string body)
    {
        OpenAIChatRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out var request, out var error)
            .ShouldBeFalse();
        request.ShouldBeNull();
        return error.ShouldNotBeNull();
    }
}
