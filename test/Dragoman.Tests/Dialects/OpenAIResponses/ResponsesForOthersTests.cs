using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIResponses;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIResponses;

/// <summary>A request of this dialect, as a model behind another one is asked it.</summary>
public class ResponsesForOthersTests
{
    [Fact]
    public void Say_WhatACodingAgentSends_LosesOnlyWhatItNames()
    {
        var body = Fixtures
            .Of("openai-responses", "request.json")
            .Single(fixture => fixture.Case.StartsWith("custom-tools", StringComparison.Ordinal))
            .Body;
        var (request, losses) = Say(body);

        losses.Refusal.ShouldBeNull();
        losses.Changes.ShouldBe(["dropped:tools[7] (web_search)"]);
        request
            .Tools.Cast<FunctionTool>()
            .Select(tool => tool.Name.ToString())
            .ShouldBe([
                "get_weather",
                "apply_patch",
                "local_shell",
                "shell",
                "tool_search",
                "mcp__demo__lookup",
                "mcp__mail__send",
            ]);
        var patch = (FunctionTool)request.Tools[1];
        patch.Description!.Value.ToString().ShouldContain("start: \"x\"");
        patch.Parameters.ToString().ShouldContain("\"input\"");
        request.Messages[0].Role.ShouldBe(MessageRole.System);
        request
            .Raw.Select(field => field.Name.ToString())
            .ShouldBe(["prompt_cache_key", "client_metadata"]);
        var calls = request
            .Messages.SelectMany(message => message.Parts)
            .OfType<ToolCallPart>()
            .ToList();
        calls
            .ConvertAll(call => call.Name.ToString())
            .ShouldBe([
                "apply_patch",
                "local_shell",
                "shell",
                "apply_patch",
                "tool_search",
                "mcp__mail__send",
            ]);
        calls.TrueForAll(call => call.Arguments.TryAsJson(out _)).ShouldBeTrue();
        string.Concat(calls[1].Arguments.ToString().Where(unit => !char.IsWhiteSpace(unit)))
            .ShouldBe(
                """{"command":["ls","-l"],"timeout_ms":1000,"working_directory":"/w","env":{}}"""
            );
        var results = request
            .Messages.SelectMany(message => message.Parts)
            .OfType<ToolResultPart>()
            .ToList();
        results
            .ConvertAll(result => result.ToolCallId!.Value.ToString())
            .ShouldBe(calls.ConvertAll(call => call.Id!.Value.ToString()));
        results[3].IsError.ShouldBe(true);
    }

    [Theory]
    [InlineData("""{"type":"file_search","vector_store_ids":["v"]}""", "file_search")]
    [InlineData("""{"type":"code_interpreter","container":{"type":"auto"}}""", "code_interpreter")]
    [InlineData("""{"type":"computer_use_preview"}""", "computer_use_preview")]
    [InlineData("""{"type":"image_generation"}""", "image_generation")]
    [InlineData("""{"type":"mcp","server_label":"x"}""", "mcp")]
    [InlineData("""{"type":"shell","environment":{"type":"container_auto"}}""", "shell")]
    public void Say_AToolThatOnlyTheProviderRuns_MakesTheTargetUnfitAndSaysWho(
        string tool,
        string name
    )
    {
        var (_, losses) = Say($$"""{"model":"m","input":"x","tools":[{{tool}}]}""");

        losses.Refusal.ShouldNotBeNull().ShouldContain($"the tool {name} ");
        losses.Refusal.ShouldContain("OpenAI");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(",\"tool_choice\":\"auto\"", true)]
    [InlineData(",\"tool_choice\":{\"type\":\"web_search\"}", false)]
    public void Say_AWebSearch_IsLeftOutUnlessItIsCalledFor(string choice, bool isFit)
    {
        var (request, losses) = Say(
            $$"""{"model":"m","input":"x","tools":[{"type":"web_search","external_web_access":false}]{{choice}}}"""
        );

        (losses.Refusal is null).ShouldBe(isFit);
        request.Tools.ShouldBeEmpty();
        if (isFit)
            losses.Dropped.ShouldBe(["tools[0] (web_search)"]);
    }

    [Theory]
    [InlineData("""{"type":"custom","name":"p"}""", ToolChoiceMode.Function, "p")]
    [InlineData("""{"type":"apply_patch"}""", ToolChoiceMode.Function, "apply_patch")]
    public void Say_AChoiceOfAClientsTool_NamesItsFunction(
        string choice,
        ToolChoiceMode mode,
        string name
    )
    {
        var (request, losses) = Say(
            $$"""{"model":"m","input":"x","tools":[{"type":"custom","name":"p"},{"type":"apply_patch"}],"tool_choice":{{choice}}}"""
        );

        losses.Changes.ShouldBeEmpty();
        request.ToolChoice!.Mode.ShouldBe(mode);
        request.ToolChoice.Name!.Value.ToString().ShouldBe(name);
    }

    [Fact]
    public void Say_AChoiceAmongTools_NamesThoseThatAreLeft()
    {
        var (request, _) = Say(
            """{"model":"m","input":"x","tools":[{"type":"custom","name":"p"},{"type":"web_search"}],"tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"custom","name":"p"},{"type":"web_search"}]}}"""
        );

        request.ToolChoice!.Mode.ShouldBe(ToolChoiceMode.Required);
        request.ToolChoice.Allowed.Select(name => name.ToString()).ShouldBe(["p"]);
    }

    [Theory]
    [InlineData("\"conversation\":\"conv_1\"", "conversation")]
    [InlineData("\"prompt\":{\"id\":\"p\"}", "prompt")]
    [InlineData("\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    public void Say_WhatOnlyTheProviderKeeps_MakesTheTargetUnfit(string member, string name)
    {
        var (_, losses) = Say($$"""{"model":"m","input":"x",{{member}}}""");

        losses.Refusal.ShouldNotBeNull().ShouldContain($"'{name}'");
    }

    [Fact]
    public void Say_AReferenceToAnItem_MakesTheTargetUnfit()
    {
        var (_, losses) = Say(
            """{"model":"m","input":[{"type":"item_reference","id":"msg_1"},{"role":"user","content":"x"}]}"""
        );

        losses.Refusal.ShouldNotBeNull().ShouldContain("item_reference");
    }

    [Fact]
    public void Say_WhatTheGatewaySeesTo_IsNoLoss()
    {
        var (request, losses) = Say(
            """{"model":"m","input":"x","store":true,"include":["reasoning.encrypted_content"],"truncation":"disabled","background":false,"stream_options":{"include_obfuscation":false},"reasoning":{"summary":"auto"},"tools":[]}"""
        );

        losses.Changes.ShouldBeEmpty();
        request.Raw.Where(field => field.Parent is null).ShouldBeEmpty();
        request.ReasoningShown.ShouldBe(true);
    }

    [Fact]
    public void Read_ForeignSignatures_AreUnwrappedAndNeverReachOpenAI()
    {
        var shown = CarriedSignature.Show(JsonText.Of("sig"), "anthropic", "openai-responses");
        var body = Encoding.UTF8.GetBytes(
            $$"""{"model":"m","input":[{"role":"user","content":"x"},{"type":"reasoning","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":"{{shown}}"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"y"}]}"""
        );
        var request = Read(body);

        var reasoning = (ReasoningPart)request.Messages[1].Parts[0];
        (reasoning.Signature!.Value.ToString(), reasoning.SignatureOf).ShouldBe(
            ("sig", "anthropic")
        );
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var losses = new Losses();
        new OpenAIResponsesDialect().WriteRequest(
            output,
            request,
            Targets.Of("openai-responses"),
            losses
        );
        var written = Encoding.UTF8.GetString(output.WrittenSpan);
        written.ShouldNotContain("reasoning");
        written.ShouldContain("\"function_call\"");
        losses.Dropped.ShouldBe(["messages[1] (reasoning)"]);
    }

    [Fact]
    public void Write_AMessageThatWasChangedSince_IsNotAsItCame()
    {
        var request = Read(
            """{"model":"m","input":[{"role":"user","content":"secret"}]}"""u8.ToArray()
        );
        var changed = request with
        {
            Messages = [request.Messages[0] with { Parts = [new TextPart(JsonText.Of("***"))] }],
        };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new OpenAIResponsesDialect().WriteRequest(
            output,
            changed,
            Targets.Of("openai-responses"),
            new Losses()
        );

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldNotContain("secret");
    }

    private static (ChatRequest Request, Losses Losses) Say(string body) =>
        Say(Encoding.UTF8.GetBytes(body));

    private static (ChatRequest Request, Losses Losses) Say(byte[] body)
    {
        var losses = new Losses();
        return (new OpenAIResponsesDialect().ForOthers(Read(body), losses), losses);
    }

    private static ChatRequest Read(byte[] body)
    {
        ResponsesRequestReader
            .TryRead(body, out var request, out var error)
            .ShouldBeTrue(error?.Message);
        return request!;
    }
}
