using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.Ollama;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Ollama;

/// <summary>What clients of OpenAI's dialect ask, as an Ollama server is asked it.</summary>
public sealed class OllamaRequestWriterTests
{
    [Fact]
    public void Write_SettingsOfOpenAI_BecomeOptions()
    {
        var (json, losses) = Write(
            """
            {"model":"m","messages":[{"role":"user","content":"x"}],"max_completion_tokens":7,"temperature":1.5,"seed":3,
             "stop":["a"],"logit_bias":{"1":2},"stream":true,"stream_options":{"include_usage":true},"n":2,"user":"u"}
            """
        );

        json.GetProperty("options")
            .GetRawText()
            .ShouldBe("""{"temperature":1.5,"num_predict":7,"seed":3,"stop":["a"]}""");
        json.GetProperty("stream").GetBoolean().ShouldBeTrue();
        losses.ShouldBe(["logit_bias", "n", "user"], ignoreOrder: true);
    }

    [Fact]
    public void Write_ToolResults_AreToldByTheToolsName()
    {
        var (json, losses) = Write(
            """
            {"model":"m","messages":[
              {"role":"developer","content":"be kind"},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},
                {"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
              {"role":"tool","tool_call_id":"c2","content":"two"},
              {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"one"},{"type":"text","text":"more"}]}]}
            """
        );

        var messages = json.GetProperty("messages").EnumerateArray().ToList();
        messages[0].GetProperty("role").GetString().ShouldBe("system");
        var calls = messages[1].GetProperty("tool_calls").EnumerateArray().ToList();
        calls[0]
            .GetProperty("function")
            .GetProperty("arguments")
            .GetRawText()
            .ShouldBe("{\"a\": 1}");
        calls[1].GetProperty("function").GetProperty("arguments").GetRawText().ShouldBe("{}");
        messages[2].GetProperty("tool_name").GetString().ShouldBe("g");
        messages[3].GetProperty("tool_name").GetString().ShouldBe("f");
        messages[3].GetProperty("content").GetString().ShouldBe("one\nmore");
        losses.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not json", "\"not json\"")]
    [InlineData("[1]", "[1]")]
    public void Write_ArgumentsThatAreNoObject_StandInOne(string arguments, string value)
    {
        var (json, _) = Write(
            $$$"""
            {"model":"m","messages":[{"role":"assistant","tool_calls":[
              {"id":"c","type":"function","function":{"name":"f","arguments":{{{JsonSerializer.Serialize(
                arguments
            )}}}}}]}]}
            """
        );

        json.GetProperty("messages")[0]
            .GetProperty("tool_calls")[0]
            .GetProperty("function")
            .GetProperty("arguments")
            .GetProperty("arguments")
            .GetRawText()
            .ShouldBe(value);
    }

    [Fact]
    public void Write_ImageInPlace_IsBareBase64()
    {
        var (json, losses) = Write(Image("data:image/png;base64,iVBORw0KGgo="));

        json.GetProperty("messages")[0]
            .GetProperty("images")
            .GetRawText()
            .ShouldBe("""["iVBORw0KGgo="]""");
        losses.Refusal.ShouldBeNull();
    }

    [Fact]
    public void Write_ImageByAddress_IsRefused() =>
        Write(Image("https://a.example/x.png"))
            .Losses.Refusal.ShouldNotBeNull()
            .ShouldContain("address");

    [Theory]
    [InlineData("\"none\"", null, "translated:tool_choice=no tools")]
    [InlineData("\"auto\"", "f g", null)]
    [InlineData("\"required\"", "f g", "dropped:tool_choice")]
    [InlineData("""{"type":"function","function":{"name":"g"}}""", "g", "dropped:tool_choice")]
    public void Write_ToolChoice_IsSaidByWhichToolsAreSent(
        string choice,
        string? tools,
        string? change
    )
    {
        var (json, losses) = Write(
            $$$"""
            {"model":"m","messages":[{"role":"user","content":"x"}],"tool_choice":{{{choice}}},"tools":[
              {"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}]}
            """
        );

        (
            json.TryGetProperty("tools", out var sent)
                ? string.Join(
                    ' ',
                    sent.EnumerateArray()
                        .Select(tool =>
                            tool.GetProperty("function").GetProperty("name").GetString()
                        )
                )
                : null
        ).ShouldBe(tools);
        losses.Changes.ShouldBe(change is null ? [] : [change]);
    }

    [Theory]
    [InlineData("high", "gpt-oss:20b", null, "\"high\"", null)]
    [InlineData("xhigh", "gpt-oss:20b", null, "\"high\"", "translated:reasoning_effort=high")]
    [InlineData("minimal", "gpt-oss:20b", null, "\"low\"", "translated:reasoning_effort=low")]
    [InlineData("high", "qwen3", true, "true", "translated:reasoning_effort=think")]
    [InlineData("none", "qwen3", true, "false", null)]
    [InlineData("high", "llama3", false, null, "dropped:reasoning_effort")]
    public void Write_ReasoningEffort_IsWhatTheModelTakes(
        string effort,
        string model,
        bool? thinks,
        string? think,
        string? change
    )
    {
        var (json, losses) = Write(
            $$"""{"model":"m","messages":[{"role":"user","content":"x"}],"reasoning_effort":"{{effort}}"}""",
            Targets.Of("ollama", model, can: new ModelCapabilities { Reasoning = thinks })
        );

        (json.TryGetProperty("think", out var said) ? said.GetRawText() : null).ShouldBe(think);
        losses.Changes.ShouldBe(change is null ? [] : [change]);
    }

    [Fact]
    public void Write_SchemaOfOpenAI_IsTheFormat()
    {
        var (json, _) = Write(
            """
            {"model":"m","messages":[{"role":"user","content":"x"}],
             "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}}}
            """
        );

        json.GetProperty("format").GetRawText().ShouldBe("""{"type":"object"}""");
    }

    [Fact]
    public void Write_OllamasOwnFieldsFromElsewhere_AreTakenOver()
    {
        var (json, losses) = Write(
            """
            {"model":"m","messages":[{"role":"user","content":"x"}],"temperature":0.5,"keep_alive":"10m","num_ctx":4096,
             "options":{"temperature":0.1,"repeat_penalty":1.2},"repetition_penalty":1}
            """
        );

        json.GetProperty("keep_alive").GetString().ShouldBe("10m");
        json.GetProperty("options")
            .GetRawText()
            .ShouldBe("""{"temperature":0.5,"num_ctx":4096,"repeat_penalty":1.2}""");
        losses.ShouldBe(["repetition_penalty"]);
    }

    [Fact]
    public void Write_HostedToolOfAnotherDialect_IsRefused()
    {
        var request = new ChatRequest
        {
            Model = JsonText.Of("m"),
            Messages = [Message.OfText(MessageRole.User, "x")],
            Tools = [new RawTool("openai-responses", "web_search", RawJson.Of("{}"))],
        };

        Write(request, Targets.Of("ollama"))
            .Losses.Refusal.ShouldNotBeNull()
            .ShouldContain("web_search");
    }

    private static string Image(string url) =>
        $$$"""
            {"model":"m","messages":[{"role":"user","content":[
              {"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}
            """;

    private static (JsonElement Json, Losses Losses) Write(string body, Deployment? target = null)
    {
        OpenAIChatRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out var request, out var error)
            .ShouldBeTrue(error?.Message);
        return Write(request!, target ?? Targets.Of("ollama"));
    }

    private static (JsonElement Json, Losses Losses) Write(ChatRequest request, Deployment target)
    {
        var output = new ArrayBufferWriter<byte>();
        var losses = new Losses();
        OllamaRequestWriter.Write(output, request, target, losses);
        return (JsonDocument.Parse(output.WrittenMemory).RootElement, losses);
    }
}
