using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Gemini;

/// <summary>What OpenAI's clients say, as Google's servers take it.</summary>
public class GeminiRequestWriterTests
{
    [Fact]
    public void Write_SystemAndDeveloperMessages_AreTheInstruction_LaterOnesTheUsers()
    {
        var (body, losses) = Write(
            """
            {"messages":[{"role":"system","content":"A"},{"role":"developer","content":"B"},
            {"role":"user","content":"Hi"},{"role":"system","content":"C"},{"role":"assistant","content":"Yo"}]}
            """
        );

        body["systemInstruction"]!
            .ToJsonString()
            .ShouldBe("""{"parts":[{"text":"A"},{"text":"B"}]}""");
        body["contents"]!
            .ToJsonString()
            .ShouldBe(
                """[{"role":"user","parts":[{"text":"Hi"},{"text":"C"}]},{"role":"model","parts":[{"text":"Yo"}]}]"""
            );
        losses.Changes.ShouldBe(["translated:messages[3].role=user"]);
    }

    [Fact]
    public void Write_ParallelResults_StandInOneContentBehindTheCalls()
    {
        var (body, losses) = Write(
            """
            {"messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":""}}]},
            {"role":"tool","tool_call_id":"b","content":"plain"},{"role":"tool","tool_call_id":"a","content":"{\"y\":2}"},
            {"role":"user","content":"And?"}]}
            """
        );

        body["contents"]![1]!
            .ToJsonString()
            .ShouldBe(
                """{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{"x":1}}},{"functionCall":{"id":"b","name":"g","args":{}}}]}"""
            );
        body["contents"]![2]!
            .ToJsonString()
            .ShouldBe(
                """{"role":"user","parts":[{"functionResponse":{"id":"b","name":"g","response":{"output":"plain"}}},{"functionResponse":{"id":"a","name":"f","response":{"y":2}}},{"text":"And?"}]}"""
            );
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Write_AResultOfNoCall_MakesItUnfit()
    {
        var (_, losses) = Write(
            """{"messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"z","content":"y"}]}"""
        );

        losses.Refusal!.ShouldContain("messages[1]");
    }

    [Fact]
    public void Write_AnAssistantFirst_GetsAnEmptyUserBefore()
    {
        var (body, losses) = Write("""{"messages":[{"role":"assistant","content":"Hi"}]}""");

        body["contents"]![0]!.ToJsonString().ShouldBe("""{"role":"user","parts":[{"text":" "}]}""");
        losses.Changes.ShouldHaveSingleItem().ShouldStartWith("translated:messages");
    }

    [Theory]
    [InlineData("gemini-3-pro-preview", true)]
    [InlineData("publishers/google/models/gemini-3-flash", true)]
    [InlineData("gemini-2.5-pro", false)]
    public void Write_ACallOfAnotherModel_IsSignedForThoseWhoMustSeeASignature(
        string model,
        bool isSigned
    )
    {
        var (body, losses) = Write(
            """
            {"messages":[{"role":"user","content":"1"},
            {"role":"assistant","tool_calls":[{"id":"0","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"0","content":"r"},
            {"role":"user","content":"2"},
            {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"a","content":"r"},{"role":"tool","tool_call_id":"b","content":"r"}]}
            """,
            model
        );

        var signed = body.ToJsonString().Split("skip_thought_signature_validator").Length - 1;
        signed.ShouldBe(isSigned ? 1 : 0);
        body["contents"]![3]!["parts"]![0]!
            ["thoughtSignature"]
            ?.ToString()
            .ShouldBe(isSigned ? "skip_thought_signature_validator" : null);
        losses.Count.ShouldBe(0);
        losses.Changes.Count.ShouldBe(isSigned ? 1 : 0);
    }

    [Theory]
    [InlineData("\"temperature\":3", "temperature", "2", "clamped:temperature 3→2")]
    [InlineData("\"top_logprobs\":30", "logprobs", "20", "clamped:top_logprobs 30→20")]
    [InlineData("\"n\":20", "candidateCount", "8", "clamped:n 20→8")]
    [InlineData(
        "\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]",
        "stopSequences",
        """["1","2","3","4","5"]""",
        "clamped:stop 6→5"
    )]
    [InlineData("\"seed\":99999999999", "seed", null, "dropped:seed")]
    [InlineData("\"max_completion_tokens\":5", "maxOutputTokens", "5", null)]
    public void Write_BeyondALimit_IsCutAndNamed(
        string member,
        string name,
        string? expected,
        string? change
    )
    {
        var (body, losses) = Write($$"""{"messages":[{"role":"user","content":"x"}],{{member}}}""");

        body["generationConfig"]![name]?.ToJsonString().ShouldBe(expected);
        losses.Changes.ShouldBe(change is null ? [] : [change]);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "high", """{"thinkingBudget":8192}""", null)]
    [InlineData("gemini-2.5-flash", "none", """{"thinkingBudget":0}""", null)]
    [InlineData(
        "gemini-2.5-pro",
        "none",
        """{"thinkingBudget":128}""",
        "clamped:reasoning_budget 0→128"
    )]
    [InlineData("gemini-3-flash", "low", """{"thinkingLevel":"low"}""", null)]
    [InlineData(
        "gemini-3-pro",
        "minimal",
        """{"thinkingLevel":"low"}""",
        "clamped:reasoning_effort minimal→low"
    )]
    [InlineData(
        "gemini-3-flash",
        "xhigh",
        """{"thinkingLevel":"high"}""",
        "clamped:reasoning_effort xhigh→high"
    )]
    [InlineData("gemini-2.0-flash", "high", null, "dropped:reasoning_effort")]
    public void Write_AnEffort_IsSaidAsTheModelTakesIt(
        string model,
        string effort,
        string? expected,
        string? change
    )
    {
        var (body, losses) = Write(
            $$"""{"messages":[{"role":"user","content":"x"}],"reasoning_effort":"{{effort}}"}""",
            model
        );

        body["generationConfig"]?["thinkingConfig"]?.ToJsonString().ShouldBe(expected);
        losses.Changes.ShouldBe(change is null ? [] : [change]);
    }

    [Fact]
    public void Write_ASignatureInAMessageBefore_IsOnTheCallItVouchesFor()
    {
        var (output, losses) = (new ArrayBufferWriter<byte>(), new Losses());
        new GeminiDialect().WriteRequest(
            output,
            new ChatRequest
            {
                Model = JsonText.Of("m"),
                Messages =
                [
                    Message.OfText(MessageRole.User, "x"),
                    new Message(
                        MessageRole.Assistant,
                        [
                            new ReasoningPart(default(JsonText))
                            {
                                Signature = JsonText.Of("S"),
                                SignatureOf = "gemini",
                                IsRedacted = true,
                            },
                        ]
                    ),
                    new Message(
                        MessageRole.Assistant,
                        [new ToolCallPart(JsonText.Of("f"), default)]
                    ),
                ],
            },
            Target("gemini-3-pro"),
            losses
        );

        JsonNode.Parse(output.WrittenSpan)!["contents"]![1]!["parts"]!
            .ToJsonString()
            .ShouldBe("""[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"S"}]""");
        losses.Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("auto", """{"mode":"AUTO"}""")]
    [InlineData("required", """{"mode":"ANY"}""")]
    [InlineData("none", """{"mode":"NONE"}""")]
    public void Write_AToolChoice_IsAMode(string choice, string expected)
    {
        var (body, _) = Write(
            $$$"""{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"{{{choice}}}"}"""
        );

        body["toolConfig"]!["functionCallingConfig"]!.ToJsonString().ShouldBe(expected);
    }

    [Fact]
    public void Write_ANamedFunction_IsTheOnlyOneAllowed()
    {
        var (body, _) = Write(
            """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false}"""
        );

        body["toolConfig"]!["functionCallingConfig"]!
            .ToJsonString()
            .ShouldBe("""{"mode":"ANY","allowedFunctionNames":["f"]}""");
    }

    [Fact]
    public void Write_JsonBesideFunctions_IsAskedForInWordsWhereTheModelRefusesBoth()
    {
        const string Body =
            """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"response_format":{"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object"}}}}""";

        var (old, losses) = Write(Body, "gemini-2.5-flash");
        var (later, none) = Write(Body, "gemini-3-flash");

        old["generationConfig"]!.AsObject().ContainsKey("responseMimeType").ShouldBeFalse();
        old["systemInstruction"]!.ToJsonString().ShouldContain("JSON schema");
        losses.Changes.ShouldBe(["translated:response_format=instruction"]);
        later["generationConfig"]!["responseJsonSchema"].ShouldNotBeNull();
        none.Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        """{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}""",
        "gemini-2.0-flash",
        """{"inlineData":{"mimeType":"image/png","data":"QQ=="}}""",
        null
    )]
    [InlineData(
        """{"type":"image_url","image_url":{"url":"https://x.example/a.png?b=c"}}""",
        "gemini-2.5-flash",
        """{"fileData":{"mimeType":"image/png","fileUri":"https://x.example/a.png?b=c"}}""",
        null
    )]
    [InlineData(
        """{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}""",
        "gemini-2.0-flash",
        null,
        "fetches none"
    )]
    [InlineData(
        """{"type":"file","file":{"file_id":"file-1"}}""",
        "gemini-2.5-flash",
        null,
        "kept by another provider"
    )]
    [InlineData(
        """{"type":"file","file":{"filename":"a.txt","file_data":"data:text/plain;base64,QQ=="}}""",
        "gemini-2.5-flash",
        """{"inlineData":{"mimeType":"text/plain","data":"QQ=="}}""",
        null
    )]
    [InlineData(
        """{"type":"input_audio","input_audio":{"data":"QQ==","format":"mp3"}}""",
        "gemini-2.5-flash",
        """{"inlineData":{"mimeType":"audio/mp3","data":"QQ=="}}""",
        null
    )]
    public void Write_Media_AreTakenOrMakeItUnfit(
        string part,
        string model,
        string? expected,
        string? refusal
    )
    {
        var (body, losses) = Write(
            $$"""{"messages":[{"role":"user","content":[{"type":"text","text":"see"},{{part}}]}]}""",
            model
        );

        if (refusal is not null)
        {
            losses.Refusal!.ShouldContain(refusal);
            return;
        }
        losses.Refusal.ShouldBeNull();
        JsonNode
            .DeepEquals(body["contents"]![0]!["parts"]![1], JsonNode.Parse(expected!))
            .ShouldBeTrue(body.ToJsonString());
    }

    [Fact]
    public void Write_WhatItCannotSay_IsNamed()
    {
        var (_, losses) = Write(
            """{"messages":[{"role":"user","content":"x","name":"bob"}],"user":"u","metadata":{"a":"b"},"logit_bias":{"5":1},"prediction":{"type":"content"},"parallel_tool_calls":false}"""
        );

        losses.ShouldBe(
            [
                "messages[0].name",
                "parallel_tool_calls",
                "logit_bias",
                "prediction",
                "user",
                "metadata",
            ],
            ignoreOrder: true
        );
        losses.Refusal.ShouldBeNull();
    }

    [Fact]
    public void Write_AHostedToolOfAnother_MakesItUnfit()
    {
        var (_, losses) = Write(
            """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search"}]}"""
        );

        losses.Refusal!.ShouldContain("web_search");
    }

    [Fact]
    public void Read_CallsWithoutIds_ArePairedWithTheirResults_AndTheIdsStayOurs()
    {
        var dialect = new GeminiDialect();
        var body = Encoding.UTF8.GetBytes(
            """
            {"contents":[{"role":"user","parts":[{"text":"x"}]},
            {"role":"model","parts":[{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"g","args":{}}},{"functionCall":{"name":"f","args":{}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}},{"functionResponse":{"name":"f","response":{}}},{"functionResponse":{"name":"g","response":{}}}]}]}
            """
        );
        dialect.TryReadRequest(
            body,
            new RequestEnvelope { Model = "m" },
            out var request,
            out var error
        );

        error.ShouldBeNull();
        var calls = request!.Messages[1].Parts.Cast<ToolCallPart>().ToList();
        var results = request.Messages[2].Parts.Cast<ToolResultPart>().ToList();
        results
            .Select(static result => result.ToolCallId)
            .ShouldBe([calls[0].Id, calls[2].Id, calls[1].Id]);
        var written = new ArrayBufferWriter<byte>();
        dialect.WriteRequest(written, request, Targets.Of("gemini"), new Losses());
        Encoding.UTF8.GetString(written.WrittenSpan).ShouldNotContain("\"id\"");
    }

    [Fact]
    public void Read_SnakeCase_IsTheSameAsCamelCase()
    {
        var dialect = new GeminiDialect();
        var body = Encoding.UTF8.GetBytes(
            """
            {"system_instruction":{"parts":[{"text":"S"}]},"contents":{"parts":[{"text":"x"},{"inline_data":{"mime_type":"image/png","data":"QQ=="}},{"file_data":{"file_uri":"https://x.example/a","mime_type":"image/png"}}]},
            "tools":[{"function_declarations":[{"name":"f","parameters_json_schema":{"type":"object"}}]}],"tool_config":{"function_calling_config":{"mode":"ANY","allowed_function_names":["f"]}},
            "generation_config":{"max_output_tokens":5,"top_p":0.5,"stop_sequences":["a"],"thinking_config":{"include_thoughts":true,"thinking_budget":7},"response_mime_type":"application/json","response_json_schema":{"type":"object"}}}
            """
        );
        dialect.TryReadRequest(
            body,
            new RequestEnvelope { Model = "m" },
            out var request,
            out var error
        );

        error.ShouldBeNull();
        request!.Messages[0].Role.ShouldBe(MessageRole.System);
        request.Messages[1].Parts.OfType<ImagePart>().Count().ShouldBe(2);
        request.Tools.ShouldHaveSingleItem().ShouldBeOfType<FunctionTool>();
        request.ToolChoice!.Mode.ShouldBe(ToolChoiceMode.Function);
        (request.MaxTokens, request.TopP, request.ReasoningShown, request.ReasoningBudget).ShouldBe(
            (5, 0.5, true, 7)
        );
        request.ResponseFormat!.Kind.ShouldBe(ResponseFormatKind.JsonSchema);
        request.Raw.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":5}]}]}""", "contents[0].parts[0].text")]
    [InlineData("""{"contents":[{"role":"system","parts":[]}]}""", "contents[0].role")]
    [InlineData("""{"contents":[{"role":"user"}]}""", "contents[0].parts")]
    [InlineData("""{"contents":[]}""", "contents")]
    [InlineData("""{}""", "contents")]
    [InlineData(
        """{"contents":[{"parts":[{"functionCall":{}}]}]}""",
        "contents[0].parts[0].functionCall.name"
    )]
    [InlineData(
        """{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"temperature":"hot"}}""",
        "generationConfig.temperature"
    )]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"tools":{}}""", "tools")]
    public void Read_AWrongField_IsRefusedByItsName(string body, string param)
    {
        new GeminiDialect()
            .TryReadRequest(
                Encoding.UTF8.GetBytes(body),
                new RequestEnvelope { Model = "m" },
                out _,
                out var error
            )
            .ShouldBeFalse();

        error!.Param.ShouldBe(param);
    }

    internal static (JsonNode Body, Losses Losses) Write(string openAI, string model = "m")
    {
        DialectSlice
            .Find("openai")!
            .TryReadRequest(
                Encoding.UTF8.GetBytes("{\"model\":\"x\"," + openAI.Trim()[1..]),
                new RequestEnvelope { Model = "x" },
                out var request,
                out var error
            )
            .ShouldBeTrue(error?.Message);
        var (output, losses) = (new ArrayBufferWriter<byte>(), new Losses());
        new GeminiDialect().WriteRequest(output, request!, Target(model), losses);
        return (JsonNode.Parse(output.WrittenSpan)!, losses);
    }

    private static Deployment Target(string model) => Targets.Of("gemini", model);
}
