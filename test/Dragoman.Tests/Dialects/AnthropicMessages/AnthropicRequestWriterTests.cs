using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

/// <summary>Requests of OpenAI's clients, as Anthropic takes them.</summary>
public class AnthropicRequestWriterTests
{
    private const string Sonnet45 = "claude-sonnet-4-5-20250929";
    private const string Hello = """
        "messages":[{"role":"user","content":"Hello"}]
        """;
    private const string Tool = """
        "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]
        """;
    private const string Person = """
        {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}
        """;

    [Fact]
    public void Write_AConversationWithTools_PutsItIntoTurns()
    {
        var (body, losses) = Write(
            """
            {"model":"x","max_tokens":5,"messages":[
              {"role":"system","content":"Be brief."},
              {"role":"developer","content":"Be kind."},
              {"role":"user","content":"Weather?"},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},
                {"id":"functions.f:1","type":"function","function":{"name":"f","arguments":""}}]},
              {"role":"tool","tool_call_id":"call_1","content":"21"},
              {"role":"tool","tool_call_id":"functions.f:1","content":[{"type":"text","text":"22"}]},
              {"role":"user","content":"And?"},
              {"role":"user","content":"  \n"},
              {"role":"system","content":"In French."}]}
            """
        );

        Plain(body["system"])
            .ShouldBe(
                """[{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind."},{"type":"text","text":"In French."}]"""
            );
        Plain(body["messages"])
            .ShouldBe(
                """[{"role":"user","content":"Weather?"},{"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"f","input":{"a":1}},{"type":"tool_use","id":"functions_f_1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"21"}]},{"type":"tool_result","tool_use_id":"functions_f_1","content":[{"type":"text","text":"22"}]},{"type":"text","text":"And?"}]}]"""
            );
        losses.Changes.ShouldBe(["translated:messages[8].role=system prompt"]);
    }

    [Fact]
    public void Write_CallsWithoutIds_AreGivenMatchingOnes()
    {
        var call = new ToolCallPart(JsonText.Of("f"), default);
        var other = new ToolCallPart(JsonText.Of("g"), default);
        var request = new ChatRequest
        {
            Model = JsonText.Of("m"),
            MaxTokens = 1,
            Messages =
            [
                Message.OfText(MessageRole.User, "x"),
                new Message(MessageRole.Assistant, [call, other]),
                new Message(
                    MessageRole.User,
                    [
                        new TextPart(JsonText.Of("before")),
                        new ToolResultPart(null, []) { Name = JsonText.Of("g") },
                        new ToolResultPart(null, []) { Name = JsonText.Of("f") },
                    ]
                ),
            ],
        };
        var output = new ArrayBufferWriter<byte>();

        AnthropicRequestWriter.Write(output, request, Targets.Of("anthropic"), new Losses());

        Plain(JsonNode.Parse(output.WrittenSpan)!["messages"]![2]!["content"])
            .ShouldBe(
                """[{"type":"tool_result","tool_use_id":"toolu_call_1"},{"type":"tool_result","tool_use_id":"toolu_call_0"},{"type":"text","text":"before"}]"""
            );
    }

    [Theory]
    [InlineData(null, 4096)]
    [InlineData(8000L, 8000)]
    [InlineData(200_000L, 32_000)]
    public void Write_WithoutALimit_SaysOne(long? most, int expected)
    {
        var (body, losses) = Write($$"""{"model":"x",{{Hello}}}""", maxOutput: most);

        body["max_tokens"]!.GetValue<int>().ShouldBe(expected);
        losses.Changes.ShouldBe([$"defaulted:max_tokens={expected}"]);
    }

    [Fact]
    public void Write_ALimitBeyondTheModels_IsClamped()
    {
        var (body, losses) = Write(
            $$"""{"model":"x","max_completion_tokens":9000,{{Hello}}}""",
            maxOutput: 8192
        );

        body["max_tokens"]!.GetValue<int>().ShouldBe(8192);
        losses.Changes.ShouldBe(["clamped:max_tokens 9000→8192"]);
    }

    [Theory]
    [InlineData(
        "m",
        "\"temperature\":1.6,\"top_p\":0.5",
        "temperature 1 top_p 0.5",
        "clamped:temperature 1.6→1"
    )]
    [InlineData(Sonnet45, "\"temperature\":0.6,\"top_p\":0.5", "temperature 0.6", "dropped:top_p")]
    [InlineData(
        "claude-3-haiku-20240307",
        "\"temperature\":0.6,\"top_p\":0.5,\"top_k\":3",
        "temperature 0.6 top_p 0.5 top_k 3",
        ""
    )]
    [InlineData(
        "claude-opus-4-7",
        "\"temperature\":0.6,\"top_p\":0.5,\"top_k\":3",
        "",
        "dropped:temperature dropped:top_p dropped:top_k"
    )]
    [InlineData(
        "m",
        "\"seed\":1,\"frequency_penalty\":0.5,\"presence_penalty\":0,\"logit_bias\":{\"1\":2},\"n\":2,\"logprobs\":true,\"stop\":[\"\\n\",\"END\"],\"user\":\"u\",\"metadata\":{\"a\":\"b\"}",
        "stop_sequences [\"END\"] metadata {\"user_id\":\"u\"}",
        "dropped:stop (white space) dropped:frequency_penalty dropped:seed dropped:n dropped:logprobs dropped:metadata dropped:logit_bias"
    )]
    public void Write_Sampling_SaysWhatTheModelTakesAndNamesTheRest(
        string model,
        string parameters,
        string expected,
        string changes
    )
    {
        var (body, losses) = Write(
            $$"""{"model":"x","max_tokens":5,{{parameters}},{{Hello}}}""",
            model
        );

        string.Join(
                ' ',
                body.AsObject()
                    .Where(member => member.Key is not ("model" or "max_tokens" or "messages"))
                    .Select(member => $"{member.Key} {Plain(member.Value)}")
            )
            .ShouldBe(expected);
        string.Join(' ', losses.Changes).ShouldBe(changes);
    }

    [Theory]
    // By budget: half of the limit is kept for the answer.
    [InlineData(Sonnet45, "high", 20_000, """{"type":"enabled","budget_tokens":8192}""", null)]
    [InlineData(Sonnet45, "high", 4000, """{"type":"enabled","budget_tokens":2000}""", null)]
    [InlineData(Sonnet45, "low", 1000, null, null)]
    [InlineData(Sonnet45, "none", 4000, null, null)]
    // By effort, where the model weighs it itself.
    [InlineData(
        "claude-opus-4-6",
        "high",
        4000,
        """{"type":"adaptive","display":"summarized"}""",
        "high"
    )]
    [InlineData(
        "claude-opus-4-6",
        "minimal",
        4000,
        """{"type":"adaptive","display":"summarized"}""",
        "low"
    )]
    [InlineData(
        "claude-opus-4-5",
        "medium",
        9000,
        """{"type":"enabled","budget_tokens":4096}""",
        "medium"
    )]
    [InlineData("claude-3-5-haiku-20241022", "medium", 4000, null, null)]
    public void Write_AnEffort_BecomesWhatTheModelTakes(
        string model,
        string effort,
        int limit,
        string? thinking,
        string? said
    )
    {
        var (body, _) = Write(
            $$"""{"model":"x","max_tokens":{{limit}},"reasoning_effort":"{{effort}}",{{Hello}}}""",
            model
        );

        (body["thinking"] is { } found ? Plain(found) : null).ShouldBe(thinking);
        body["output_config"]?["effort"]?.GetValue<string>().ShouldBe(said);
    }

    [Fact]
    public void Write_WhileThinking_LeavesOutWhatThatExcludes()
    {
        var (body, losses) = Write(
            $$"""{"model":"x","max_tokens":9000,"reasoning_effort":"low","temperature":0.5,"top_p":0.9,"top_k":4,"tool_choice":"required",{{Tool}},{{Hello}}}""",
            Sonnet45
        );

        body["thinking"].ShouldNotBeNull();
        Plain(body["tool_choice"]).ShouldBe("""{"type":"auto"}""");
        body["temperature"].ShouldBeNull();
        losses
            .Changes.Where(change => change.StartsWith("dropped", StringComparison.Ordinal))
            .ShouldBe([
                "dropped:tool_choice",
                "dropped:temperature",
                "dropped:top_p",
                "dropped:top_k",
            ]);
    }

    [Fact]
    public void Write_ThinkingAmidCallsMadeWithout_IsSwitchedOff()
    {
        var (body, losses) = Write(
            """
            {"model":"x","max_tokens":9000,"reasoning_effort":"low","messages":[{"role":"user","content":"x"},
              {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"a","content":"1"}]}
            """,
            Sonnet45
        );

        body["thinking"].ShouldBeNull();
        losses.Changes.ShouldContain("dropped:thinking (the calls before were made without)");
    }

    [Fact]
    public void Write_ThinkingBesideAPrefill_IsSwitchedOff()
    {
        var (body, losses) = Write(
            """{"model":"x","max_tokens":9000,"reasoning_effort":"low","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"Well,"}]}""",
            Sonnet45
        );

        body["thinking"].ShouldBeNull();
        losses.Changes.ShouldContain("dropped:thinking (the last message is to be carried on)");
    }

    [Fact]
    public void Write_AConversationTheAssistantBegan_BeginsWithTheUser()
    {
        var (body, losses) = Write(
            """{"model":"x","max_tokens":5,"messages":[{"role":"assistant","content":"Hi, what is it?"},{"role":"user","content":"x"}]}"""
        );

        Plain(body["messages"]![0]).ShouldBe("""{"role":"user","content":"Begin."}""");
        body["messages"]!.AsArray().Count.ShouldBe(3);
        losses.Changes.ShouldBe([
            "translated:messages=a first \"Begin.\", as the user speaks first",
        ]);
    }

    [Theory]
    [InlineData("\"tool_choice\":\"none\"", """{"type":"none"}""")]
    [InlineData("\"tool_choice\":\"required\"", """{"type":"any"}""")]
    [InlineData(
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}},\"parallel_tool_calls\":false",
        """{"type":"tool","name":"f","disable_parallel_tool_use":true}"""
    )]
    [InlineData(
        "\"parallel_tool_calls\":false",
        """{"type":"auto","disable_parallel_tool_use":true}"""
    )]
    [InlineData("\"parallel_tool_calls\":true", null)]
    public void Write_AToolChoice_IsSaidInAnthropicsWords(string choice, string? expected)
    {
        var (body, losses) = Write(
            $$"""{"model":"x","max_tokens":5,{{choice}},{{Tool}},{{Hello}}}"""
        );

        (body["tool_choice"] is { } found ? Plain(found) : null).ShouldBe(expected);
        losses.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Write_ASchemaForAModelThatHasThem_IsItsFormat()
    {
        var (body, losses) = Write(Structured(Person), Sonnet45);

        Plain(body["output_config"])
            .ShouldBe($$$"""{"format":{"type":"json_schema","schema":{{{Person.Trim()}}}}}""");
        losses.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Write_ASchemaForAModelWithout_IsAToolItMustCall()
    {
        var (body, losses) = Write(Structured(Person), "claude-3-5-haiku-20241022");

        body["output_config"].ShouldBeNull();
        Plain(body["tool_choice"]).ShouldBe("""{"type":"tool","name":"dragoman_answer"}""");
        body["tools"]![0]!["name"]!.GetValue<string>().ShouldBe("dragoman_answer");
        Plain(body["tools"]![0]!["input_schema"]).ShouldBe(Person.Trim());
        losses.Changes.ShouldBe(["translated:response_format=a tool whose input is the answer"]);
    }

    [Fact]
    public void Write_ASchemaBesideTools_LetsTheModelChooseAmongThem()
    {
        var (body, _) = Write(
            Structured(Person).Insert(1, Tool + ","),
            "claude-3-5-haiku-20241022"
        );

        Plain(body["tool_choice"]).ShouldBe("""{"type":"any"}""");
        body["tools"]!.AsArray().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""")]
    [InlineData("""{"type":"array","items":{"type":"object"}}""")]
    public void Write_ASchemaNobodyCanBeHeldTo_IsAskedForInWords(string schema)
    {
        // Newest models cannot be made to call a tool.
        var (body, losses) = Write(Structured(schema), "claude-opus-5-5");

        body["tools"].ShouldBeNull();
        body["system"]![0]!["text"]!.GetValue<string>().ShouldContain(schema);
        losses.Changes.ShouldContain(
            "translated:response_format=an instruction in the system prompt"
        );
    }

    [Theory]
    [InlineData("claude-opus-4-7", null, false)]
    [InlineData("claude-opus-5", "disabled", false)]
    [InlineData("claude-sonnet-5", "disabled", false)]
    [InlineData("claude-haiku-5-5", "disabled", false)]
    [InlineData("claude-opus-5-5", null, true)]
    public void Write_ReasoningSwitchedOff_IsSaidToAModelThatThinksUnasked(
        string model,
        string? said,
        bool isLost
    )
    {
        var (body, losses) = Write(
            $$"""{"model":"x","max_tokens":5,"reasoning_effort":"none",{{Hello}}}""",
            model
        );

        body["thinking"]?["type"]?.GetValue<string>().ShouldBe(said);
        (body["thinking"] is null).ShouldBe(said is null);
        losses.IsLossy.ShouldBe(isLost);
    }

    [Fact]
    public void Write_AnyJson_IsAskedForInWords()
    {
        var (body, _) = Write(
            $$"""{"model":"x","max_tokens":5,"response_format":{"type":"json_object"},{{Hello}}}"""
        );

        body["system"]![0]!["text"]!.GetValue<string>().ShouldContain("JSON object");
    }

    [Fact]
    public void Write_ALastMessageOfTheAssistant_IsCarriedOnWithoutTrailingSpace()
    {
        const string messages = """
            {"model":"x","max_tokens":5,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"Well, \n"}]}
            """;

        var (old, losses) = Write(messages, Sonnet45);
        Plain(old["messages"]![1]).ShouldBe("""{"role":"assistant","content":"Well,"}""");
        losses.Changes.ShouldBe([
            "translated:messages=a last message without its trailing white space",
        ]);

        var (recent, _) = Write(messages, "claude-opus-4-6");
        Plain(recent["messages"]![2]).ShouldBe("""{"role":"user","content":"Continue."}""");
    }

    [Fact]
    public void Write_Media_IsShownInPlaceOrByAddress()
    {
        var (body, losses) = Write(
            """
            {"model":"x","max_tokens":5,"messages":[{"role":"user","content":[
              {"type":"image_url","image_url":{"url":"data:image/jpg;base64,/9j/4A=="}},
              {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"high"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}},
              {"type":"file","file":{"filename":"a.txt","file_data":"data:text/plain;base64,R3LDvMOfZQ=="}}]}]}
            """
        );

        Plain(body["messages"]![0]!["content"])
            .ShouldBe(
                """[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/4A=="}},{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="},"title":"a.pdf"},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Grüße"},"title":"a.txt"}]"""
            );
        losses.Changes.ShouldBe(["dropped:messages[0].detail"]);
        losses.Refusal.ShouldBeNull();
    }

    [Theory]
    [InlineData(
        """{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AAAA"}}""",
        "image/tiff"
    )]
    [InlineData("""{"type":"file","file":{"file_id":"file-abc"}}""", "another provider keeps")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""", "audio")]
    [InlineData(
        """{"type":"file","file":{"file_data":"data:application/zip;base64,UEs="}}""",
        "application/zip"
    )]
    public void Write_MediaThatIsNotTaken_MakesTheTargetUnfit(string part, string reason)
    {
        var (_, losses) = Write(
            $$"""{"model":"x","max_tokens":5,"messages":[{"role":"user","content":[{{part}}]}]}"""
        );

        losses.Refusal.ShouldNotBeNull().ShouldContain(reason);
    }

    [Theory]
    [InlineData("""{"type":"function","function":{"name":"a.b"}}""", "a.b")]
    [InlineData("""{"type":"custom","custom":{"name":"x"}}""", "custom")]
    public void Write_AToolThatIsNotTaken_MakesTheTargetUnfit(string tool, string reason)
    {
        var (_, losses) = Write($$"""{"model":"x","max_tokens":5,"tools":[{{tool}}],{{Hello}}}""");

        losses.Refusal.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public void Write_ForeignReasoning_IsLeftOutForAnthropicsModelsAlone()
    {
        const string messages = """
            {"model":"x","max_tokens":5,"messages":[{"role":"user","content":"x"},{"role":"assistant","reasoning_content":"hm","content":"y"},{"role":"user","content":"z"}]}
            """;

        var (claude, losses) = Write(messages, Sonnet45);
        Plain(claude["messages"]![1]!["content"]).ShouldBe("""[{"type":"text","text":"y"}]""");
        losses.Changes.ShouldBe(["dropped:messages[1] (reasoning)"]);

        var (other, _) = Write(messages, "deepseek-v4-pro");
        Plain(other["messages"]![1]!["content"])
            .ShouldBe(
                """[{"type":"thinking","thinking":"hm","signature":""},{"type":"text","text":"y"}]"""
            );
    }

    [Fact]
    public void Write_AStrictTool_StaysStrictWhereItsSchemaCanBe()
    {
        const string body = """
            {"model":"x","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","properties":{"a":{"type":"integer","minimum":1}},"required":["a"],"additionalProperties":false}}}]}
            """;

        var (recent, losses) = Write(body, Sonnet45);
        Plain(recent["tools"]![0])
            .ShouldBe(
                """{"name":"f","input_schema":{"type":"object","properties":{"a":{"type":"integer","description":"(minimum: 1)"}},"required":["a"],"additionalProperties":false},"strict":true}"""
            );
        losses.Changes.ShouldBe(["translated:tools[0]=minimum in the description"]);

        var (old, oldLosses) = Write(body, "claude-3-haiku-20240307");
        old["tools"]![0]!["strict"].ShouldBeNull();
        oldLosses.Changes.ShouldBe(["dropped:tools[0].strict"]);
    }

    private static string Structured(string schema) =>
        $$$"""{"model":"x","max_tokens":500,"response_format":{"type":"json_schema","json_schema":{"name":"person","schema":{{{schema}}}}},{{{Hello}}}}""";

    private static (JsonNode Body, Losses Losses) Write(
        string openai,
        string model = "m",
        long? maxOutput = null
    )
    {
        OpenAIChatRequestReader
            .TryRead(Encoding.UTF8.GetBytes(openai), out var request, out var error)
            .ShouldBeTrue(error?.Message);
        var output = new ArrayBufferWriter<byte>();
        var losses = new Losses();
        AnthropicRequestWriter.Write(
            output,
            request! with
            {
                Model = JsonText.Of(model),
            },
            Targets.Of("anthropic", model, maxOutput: maxOutput),
            losses
        );
        return (JsonNode.Parse(output.WrittenSpan)!, losses);
    }

    private static string Plain(JsonNode? node) =>
        node!.ToJsonString(
            new()
            {
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
