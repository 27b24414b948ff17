using System.Buffers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.Ollama;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Ollama;

/// <summary>What Ollama's clients ask, as other providers are asked it.</summary>
public sealed class OllamaRequestReaderTests
{
    [Theory]
    [InlineData(
        """{"model":"m","messages":[{"role":"nobody","content":"x"}]}""",
        "messages[0].role"
    )]
    [InlineData("""{"model":"m","messages":[{"content":"x"}]}""", "messages[0].role")]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":[]}]}""",
        "messages[0].content"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","images":["a",7]}]}""",
        "messages[0].images[1]"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"options":{"temperature":"hot"}}""",
        "options.temperature"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"options":7}""",
        "options"
    )]
    [InlineData(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"format":"xml"}""",
        "format"
    )]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"think":7}""", "think")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    public void Read_WrongField_IsNamed(string body, string field)
    {
        OllamaRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out _, out var error)
            .ShouldBeFalse();
        error!.Param.ShouldBe(field);
    }

    [Fact]
    public void Read_RolesInAnyCase_AreRoles()
    {
        var request = Read("""{"model":"m","messages":[{"role":"User","content":"x"}]}""");

        request.Messages[0].Role.ShouldBe(MessageRole.User);
    }

    [Fact]
    public void Write_ForOpenAI_CarriesImagesByTheirKind()
    {
        var (json, _) = Through(
            """{"model":"m","messages":[{"role":"user","content":"x","images":["iVBORw0KGgo=","/9j/4AAQ"]}]}"""
        );

        json.GetProperty("messages")[0]
            .GetProperty("content")
            .EnumerateArray()
            .Skip(1)
            .Select(part => part.GetProperty("image_url").GetProperty("url").GetString())
            .ShouldBe(["data:image/png;base64,iVBORw0KGgo=", "data:image/jpeg;base64,/9j/4AAQ"]);
    }

    [Fact]
    public void Write_ForOpenAI_MatchesResultsWithoutIdsToTheirCalls()
    {
        var (json, _) = Through(
            """
            {"model":"m","messages":[
              {"role":"user","content":"x"},
              {"role":"assistant","content":"","tool_calls":[
                {"function":{"name":"f","arguments":{"a":1}}},{"function":{"name":"g","arguments":{}}},{"function":{"name":"f","arguments":{"a":2}}}]},
              {"role":"tool","tool_name":"g","content":"of g"},
              {"role":"tool","tool_name":"f","content":"of f 1"},
              {"role":"tool","content":"of f 2"}]}
            """
        );

        var messages = json.GetProperty("messages").EnumerateArray().ToList();
        var ids = messages[1]
            .GetProperty("tool_calls")
            .EnumerateArray()
            .Select(call => call.GetProperty("id").GetString())
            .ToList();
        ids.Distinct().Count().ShouldBe(3);
        messages
            .Skip(2)
            .Select(message => message.GetProperty("tool_call_id").GetString())
            .ShouldBe([ids[1], ids[0], ids[2]]);
    }

    [Fact]
    public void Write_ForOpenAI_NamesWhatOnlyOllamaKnows()
    {
        var (json, losses) = Through(
            """
            {"model":"m","messages":[{"role":"user","content":"x"}],"format":"","keep_alive":"5m","think":"high",
             "options":{"num_predict":9,"num_ctx":2048,"min_p":null}}
            """
        );

        json.GetProperty("max_tokens").GetInt32().ShouldBe(9);
        json.GetProperty("reasoning_effort").GetString().ShouldBe("high");
        losses.ShouldBe(["keep_alive", "options.num_ctx"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("\"suffix\":\" end\"", true)]
    [InlineData("\"raw\":true", true)]
    [InlineData("\"context\":[1,2]", true)]
    [InlineData("\"template\":\"{{ .Prompt }}\"", true)]
    [InlineData(
        "\"raw\":false,\"suffix\":\"\",\"template\":\"\",\"context\":[],\"images\":[]",
        false
    )]
    public void Generate_WhatOnlyABareModelCanDo_IsRefusedOfAChat(string members, bool isRefused)
    {
        foreach (var dialect in DialectSlice.All)
        {
            OllamaGenerateReader
                .TryRead(
                    Encoding.UTF8.GetBytes($$"""{"model":"m","prompt":"x",{{members}}}"""),
                    out var request,
                    out var error
                )
                .ShouldBeTrue(error?.Message);
            var losses = new Losses();
            dialect.WriteRequest(
                new ArrayBufferWriter<byte>(),
                request!,
                Targets.Of(dialect.Name),
                losses
            );

            (losses.Refusal is not null).ShouldBe(isRefused, dialect.Name);
        }
    }

    [Fact]
    public void Generate_PromptAndSystem_BecomeMessages()
    {
        OllamaGenerateReader.TryRead(
            """{"model":"m","prompt":"say x","system":"be kind","images":["iVBORw0KGgo="],"stream":false,"options":{"top_k":3}}"""u8.ToArray(),
            out var request,
            out _
        );

        request!
            .Messages.Select(message => message.Role)
            .ShouldBe([MessageRole.System, MessageRole.User]);
        request
            .Messages[1]
            .Parts.Select(part => part.GetType())
            .ShouldBe([typeof(TextPart), typeof(ImagePart)]);
        request.TopK.ShouldBe(3);
    }

    private static ChatRequest Read(string body)
    {
        OllamaRequestReader
            .TryRead(Encoding.UTF8.GetBytes(body), out var request, out var error)
            .ShouldBeTrue(error?.Message);
        return request!;
    }

    private static (JsonElement Json, Losses Losses) Through(string body)
    {
        var output = new ArrayBufferWriter<byte>();
        var losses = new Losses();
        DialectSlice
            .Find("openai")!
            .WriteRequest(output, ToolCallIds.Given(Read(body)), Targets.Of("openai"), losses);
        return (JsonDocument.Parse(output.WrittenMemory).RootElement, losses);
    }
}
