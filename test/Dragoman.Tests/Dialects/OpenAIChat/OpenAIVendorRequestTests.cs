using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>Requests of any dialect on their way to the vendors of this one, as their entries in the catalog say.</summary>
public class OpenAIVendorRequestTests
{
    private static readonly ChatRequest Hello = new()
    {
        Model = JsonText.Of("m"),
        Messages = [Message.OfText(MessageRole.User, "hi")],
    };

    private readonly Losses _losses = new();

    [Theory]
    [InlineData("openai", "max_completion_tokens")]
    [InlineData("mistral", "max_tokens")]
    [InlineData("deepseek", "max_tokens")]
    [InlineData("qwen", "max_tokens")]
    public void OutputLimit_HasTheNameTheVendorKnows(string vendor, string name)
    {
        foreach (
            var request in (ChatRequest[])
                [Hello with { MaxTokens = 7 }, Hello with { MaxCompletionTokens = 7 }]
        )
        {
            var body = Write(request, vendor);
            body.GetProperty(name).GetInt64().ShouldBe(7);
            body.GetRawText().Split("\"max_").Length.ShouldBe(2);
        }
        _losses.IsLossy.ShouldBeFalse();
    }

    [Fact]
    public void Mistral_GetsItsOwnNamesAndNoneItRefuses()
    {
        var body = Write(
            Hello with
            {
                Seed = 5,
                LogProbs = true,
                User = JsonText.Of("u"),
                Raw =
                [
                    new RawField("openai", null, JsonText.Of("safe_prompt"), RawJson.Of("true")),
                    new RawField("openai", null, JsonText.Of("logit_bias"), RawJson.Of("{}")),
                    new RawField("openai", null, JsonText.Of("verbosity"), RawJson.Of("null")),
                ],
            },
            "mistral"
        );

        body.GetProperty("random_seed").GetInt64().ShouldBe(5);
        body.GetProperty("safe_prompt").GetBoolean().ShouldBeTrue();
        body.TryGetProperty("seed", out _).ShouldBeFalse();
        _losses.Changes.ShouldBe([
            "translated:seed=random_seed",
            "dropped:logprobs",
            "dropped:user",
            "dropped:logit_bias",
        ]);
    }

    [Fact]
    public void Mistral_GetsIdsOfNineLetters_TheSameForCallAndResultAndInTheNextRequest()
    {
        Message[] messages =
        [
            new(MessageRole.Assistant, [Call("toolu_bdrk_01"), Call("abcdef123"), Call(null)]),
            new(
                MessageRole.User,
                [Result("toolu_bdrk_01", "1"), Result("abcdef123", "2"), Result(null, "3")]
            ),
        ];

        var first = Write(Hello with { Messages = messages }, "mistral").GetProperty("messages");
        var again = Write(Hello with { Messages = messages }, "mistral").GetProperty("messages");

        var ids = first[0]
            .GetProperty("tool_calls")
            .EnumerateArray()
            .Select(call => call.GetProperty("id").GetString()!)
            .ToList();
        ids.ShouldAllBe(id => id.Length == 9 && id.All(char.IsAsciiLetterOrDigit));
        ids[1].ShouldBe("abcdef123");
        ids.Distinct().Count().ShouldBe(3);
        for (var i = 0; i < 3; i++)
            first[i + 1].GetProperty("tool_call_id").GetString().ShouldBe(ids[i]);
        again.GetRawText().ShouldBe(first.GetRawText());
        _losses.Changes.ShouldBe(["translated:tool_call_id=9 letters"]);
    }

    [Fact]
    public void Mistral_GetsAnAnswerThatTheClientBeganMarked()
    {
        var body = Write(
            Hello with
            {
                Messages = [.. Hello.Messages, Message.OfText(MessageRole.Assistant, "{")],
            },
            "mistral"
        );

        body.GetProperty("messages")[1].GetProperty("prefix").GetBoolean().ShouldBeTrue();
        Write(Hello, "mistral").GetRawText().ShouldNotContain("prefix");
    }

    [Fact]
    public void ResultsWithImages_FollowInOneUserMessageBehindAllResults()
    {
        var image = new ImagePart(
            new MediaSource { Data = JsonText.Of("AA=="), MediaType = JsonText.Of("image/png") }
        );
        Message[] messages =
        [
            new(MessageRole.Assistant, [Call("a"), Call("b")]),
            new(MessageRole.Tool, [Result("a", "see", image)]),
            new(
                MessageRole.Tool,
                [new ToolResultPart(JsonText.Of("b"), [image]) { IsError = true }]
            ),
            Message.OfText(MessageRole.User, "and?"),
        ];

        var written = Write(Hello with { Messages = messages }, "openai").GetProperty("messages");

        JsonEquality.ShouldBeEqual(
            """
            [{"role":"tool","tool_call_id":"a","content":"see"},
            {"role":"tool","tool_call_id":"b","content":"Error: The result follows in the next user message."},
            {"role":"user","content":[{"type":"text","text":"Result of the tool call a:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},
            {"type":"text","text":"Result of the tool call b:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},
            {"role":"user","content":"and?"}]
            """u8.ToArray(),
            Encoding.UTF8.GetBytes(
                "["
                    + string.Join(',', written.EnumerateArray().Skip(1).Select(m => m.GetRawText()))
                    + "]"
            ),
            "messages"
        );
        _losses.IsLossy.ShouldBeFalse();
        _losses.Changes.ShouldContain("translated:messages[1] (tool result)=user message");
        _losses.Changes.ShouldContain("translated:messages[2].is_error=text");
    }

    [Fact]
    public void ResultsWithoutIds_AnswerTheCallsOfTheirName()
    {
        Message[] messages =
        [
            new(MessageRole.Assistant, [Call(null, "f"), Call(null, "g")]),
            new(
                MessageRole.User,
                [
                    Result(null, "of g") with
                    {
                        Name = JsonText.Of("g"),
                    },
                    Result(null, "of f") with
                    {
                        Name = JsonText.Of("f"),
                    },
                ]
            ),
        ];

        var written = Write(Hello with { Messages = messages }, "openai").GetProperty("messages");

        var calls = written[0].GetProperty("tool_calls");
        written[1]
            .GetProperty("tool_call_id")
            .GetString()
            .ShouldBe(calls[1].GetProperty("id").GetString());
        written[2]
            .GetProperty("tool_call_id")
            .GetString()
            .ShouldBe(calls[0].GetProperty("id").GetString());
    }

    [Fact]
    public void ReasoningModels_AreNotSentWhatTheyRefuse()
    {
        var request = Hello with
        {
            Temperature = 0.2,
            TopP = 1,
            Stop = [JsonText.Of("x")],
            PresencePenalty = 1,
        };

        var body = Write(
            request,
            "openai",
            new ModelCapabilities { Reasoning = true, Temperature = false }
        );

        body.EnumerateObject().Select(member => member.Name).ShouldBe(["model", "messages"]);
        _losses.ShouldBe(["temperature", "presence_penalty", "stop"]);
        Write(request, "openai", new ModelCapabilities { Reasoning = false })
            .GetProperty("temperature")
            .GetDouble()
            .ShouldBe(0.2);
    }

    [Fact]
    public void MoreStopTextsThanTaken_AreClamped()
    {
        var stops = Enumerable
            .Range(0, 6)
            .Select(i => JsonText.Of(i.ToString(CultureInfo.InvariantCulture)))
            .ToList();

        Write(Hello with { Stop = stops }, "openai")
            .GetProperty("stop")
            .GetArrayLength()
            .ShouldBe(4);
        _losses.Changes.ShouldBe(["clamped:stop 6→4"]);
    }

    [Theory]
    [InlineData("openai", """ "reasoning_effort":"high" """)]
    [InlineData("deepseek", """ "thinking":{"type":"enabled"},"reasoning_effort":"high" """)]
    [InlineData("qwen", """ "enable_thinking":true,"thinking_budget":9000 """)]
    [InlineData("openrouter", """ "reasoning":{"max_tokens":9000} """)]
    public void ABudgetOfAnthropic_AsksEachVendorInItsWay(string vendor, string expected) =>
        Write(
                Hello with
                {
                    Reasoning = true,
                    ReasoningBudget = 9000,
                    Stream = true,
                },
                vendor,
                new ModelCapabilities { Reasoning = true }
            )
            .GetRawText()
            .ShouldContain(expected.Trim());

    [Theory]
    [InlineData("qwen", """ "enable_thinking":false """)]
    [InlineData("deepseek", """ "thinking":{"type":"disabled"} """)]
    [InlineData("openrouter", """ "reasoning":{"enabled":false} """)]
    public void ReasoningSwitchedOff_IsSaidInTheVendorsWay(string vendor, string expected) =>
        Write(Hello with { Reasoning = false }, vendor).GetRawText().ShouldContain(expected.Trim());

    [Fact]
    public void AnEffortTheModelDoesNotKnow_IsTheNearestItKnows()
    {
        Write(
                Hello with
                {
                    ReasoningEffort = JsonText.Of("max"),
                },
                "openai",
                efforts: ["low", "medium", "high"]
            )
            .GetProperty("reasoning_effort")
            .GetString()
            .ShouldBe("high");
        _losses.Changes.ShouldBe(["clamped:reasoning_effort max→high"]);
    }

    [Fact]
    public void ReasoningOfAModelThatDoesNotReason_IsDroppedAndNamed()
    {
        Write(
                Hello with
                {
                    Reasoning = true,
                },
                "openai",
                new ModelCapabilities { Reasoning = false }
            )
            .GetRawText()
            .ShouldNotContain("reasoning");
        _losses.ShouldBe(["reasoning"]);
    }

    [Fact]
    public void AllowedTools_AreToldWhereKnown_AndElseAloneSent()
    {
        var request = Hello with
        {
            Tools = [new FunctionTool(JsonText.Of("f")), new FunctionTool(JsonText.Of("g"))],
            ToolChoice = new ToolChoice(ToolChoiceMode.Required) { Allowed = [JsonText.Of("g")] },
        };

        Write(request, "openai").GetProperty("tools").GetArrayLength().ShouldBe(2);
        var body = Write(request, "groq");

        body.GetProperty("tools").GetArrayLength().ShouldBe(1);
        body.GetProperty("tool_choice").GetString().ShouldBe("required");
        _losses.Changes.ShouldBe(["translated:tool_choice=only the allowed tools"]);
    }

    [Fact]
    public void ADocumentOfText_IsText()
    {
        var document = new FilePart(
            new MediaSource
            {
                Data = JsonText.Of(Convert.ToBase64String("Zwölf"u8)),
                MediaType = JsonText.Of("text/plain"),
            }
        )
        {
            FileName = JsonText.Of("a.txt"),
        };

        Write(Hello with { Messages = [new Message(MessageRole.User, [document])] }, "groq")
            .GetProperty("messages")[0]
            .GetProperty("content")[0]
            .GetProperty("text")
            .GetString()
            .ShouldBe("a.txt:\nZwölf");
        _losses.Refusal.ShouldBeNull();
    }

    [Theory]
    [InlineData("groq", "application/pdf", "file")]
    [InlineData("deepseek", "audio/wav", "sound")]
    [InlineData("lmstudio", "image/png", "image by address")]
    public void WhatAVendorCannotBeShown_MakesItUnfit(string vendor, string type, string what)
    {
        var source = new MediaSource { Data = JsonText.Of("AA=="), MediaType = JsonText.Of(type) };
        Part part = what switch
        {
            "sound" => new AudioPart(source),
            "file" => new FilePart(source),
            _ => new ImagePart(new MediaSource { Url = JsonText.Of("https://example.com/a.png") }),
        };

        Write(Hello with { Messages = [new Message(MessageRole.User, [part])] }, vendor);

        _losses.Refusal.ShouldBe($"it cannot be shown messages[0] ({what})");
    }

    [Theory]
    [InlineData("deepseek", "image/png")]
    [InlineData("together", "audio/wav")]
    public void WhatOnlySomeModelsOfAVendorAreShown_GoesToIt(string vendor, string type)
    {
        var source = new MediaSource { Data = JsonText.Of("AA=="), MediaType = JsonText.Of(type) };
        Part part = type == "image/png" ? new ImagePart(source) : new AudioPart(source);

        Write(Hello with { Messages = [new Message(MessageRole.User, [part])] }, vendor)
            .GetRawText()
            .ShouldContain("AA==");
        _losses.Refusal.ShouldBeNull();
    }

    [Theory]
    [InlineData("mistral", "service_tier")]
    [InlineData("deepseek", "logit_bias")]
    [InlineData("cohere", "user")]
    [InlineData("perplexity", "logit_bias")]
    [InlineData("together", "service_tier")]
    [InlineData("qwen", "store")]
    public void WhatNobodySaysAVendorRefuses_GoesToIt(string vendor, string member)
    {
        var request = Hello with
        {
            Raw = [new RawField("openai", null, JsonText.Of(member), RawJson.Of("\"x\""))],
        };

        Write(request, vendor).GetProperty(member).GetString().ShouldBe("x");
        _losses.IsLossy.ShouldBeFalse();
    }

    [Fact]
    public void PresencePenalty_IsRefusedByXaiWhetherOrNotTheModelReasons()
    {
        var request = Hello with { PresencePenalty = 1, FrequencyPenalty = 1 };

        var body = Write(request, "xai", new ModelCapabilities { Reasoning = false });

        body.TryGetProperty("presence_penalty", out _).ShouldBeFalse();
        body.GetProperty("frequency_penalty").GetDouble().ShouldBe(1);
        _losses.ShouldBe(["presence_penalty"]);
    }

    [Fact]
    public void CacheControl_GoesAlongWhereItIsUnderstood()
    {
        var cached = new TextPart(JsonText.Of("long"))
        {
            Raw =
            [
                new RawField(
                    "anthropic",
                    null,
                    JsonText.Of("cache_control"),
                    RawJson.Of("""{"type":"ephemeral"}""")
                ),
            ],
        };
        var request = Hello with { Messages = [new Message(MessageRole.System, [cached])] };

        Write(request, "openrouter")
            .GetProperty("messages")[0]
            .GetProperty("content")[0]
            .GetProperty("cache_control")
            .GetProperty("type")
            .GetString()
            .ShouldBe("ephemeral");
        _losses.ShouldBeEmpty();
        Write(request, "openai").GetRawText().ShouldNotContain("cache_control");
        _losses.ShouldBe(["messages[0].cache_control"]);
    }

    [Fact]
    public void ADeveloper_IsASystemWhereTheRoleIsUnknown()
    {
        var request = Hello with { Messages = [Message.OfText(MessageRole.Developer, "be brief")] };

        Write(request, "openai").GetRawText().ShouldContain("developer");
        Write(request, "groq").GetRawText().ShouldContain("\"system\"");
        _losses.Changes.ShouldBe(["translated:role=system"]);
    }

    [Fact]
    public void ASchemaOfAnotherDialect_IsEnforcedWhereOpenAIsSubsetCanSayIt()
    {
        var format = Write(Asking(Closed), "openai")
            .GetProperty("response_format")
            .GetProperty("json_schema");

        format.GetProperty("name").GetString().ShouldBe("answer");
        format.GetProperty("strict").GetBoolean().ShouldBeTrue();
        format
            .GetProperty("schema")
            .GetProperty("additionalProperties")
            .GetBoolean()
            .ShouldBeFalse();
        format.GetRawText().ShouldNotContain("maxLength");
        _losses.Changes.ShouldBe([
            "translated:response_format.schema.maxLength=checked when the answer comes",
        ]);
    }

    [Fact]
    public void ASchemaThatTheSubsetCannotSay_IsAHint_AndNobodyChecksAStream()
    {
        var format = Write(Asking("""{"type":"object"}""") with { Stream = true }, "openai")
            .GetProperty("response_format")
            .GetProperty("json_schema");

        format.GetProperty("strict").GetBoolean().ShouldBeFalse();
        _losses.ShouldBe(["response_format.strict"]);
    }

    [Fact]
    public void ASchema_IsToldInThePromptToWhomKnowsOnlyJsonObjects()
    {
        var body = Write(Asking(Closed), "deepseek");

        body.GetProperty("response_format").GetRawText().ShouldBe("""{"type":"json_object"}""");
        body.GetProperty("messages")[0].GetProperty("role").GetString().ShouldBe("system");
        body.GetProperty("messages")[0]
            .GetProperty("content")
            .GetString()!
            .ShouldContain("maxLength");
    }

    [Fact]
    public void AJsonObject_IsAskedForInWordsToo_WhereThePromptDoesNotSayJson()
    {
        var format = new ResponseFormat(ResponseFormatKind.JsonObject);

        Write(Hello with { ResponseFormat = format }, "openai")
            .GetProperty("messages")
            .GetArrayLength()
            .ShouldBe(2);
        Write(
                Hello with
                {
                    ResponseFormat = format,
                    Messages = [Message.OfText(MessageRole.User, "As Json, please")],
                },
                "openai"
            )
            .GetProperty("messages")
            .GetArrayLength()
            .ShouldBe(1);
    }

    private const string Closed =
        """{"type":"object","properties":{"a":{"type":"string","maxLength":3}},"required":["a"]}""";

    private static ChatRequest Asking(string schema) =>
        Hello with
        {
            ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonSchema)
            {
                Schema = RawJson.Of(schema),
            },
        };

    private static ToolCallPart Call(string? id, string name = "f") =>
        new(JsonText.Of(name), ToolArguments.FromText(JsonText.Of("{}")))
        {
            Id = id is null ? null : JsonText.Of(id),
        };

    private static ToolResultPart Result(string? id, string text, params Part[] more) =>
        new(id is null ? null : JsonText.Of(id), [new TextPart(JsonText.Of(text)), .. more]);

    private JsonElement Write(
        ChatRequest request,
        string vendor,
        ModelCapabilities? can = null,
        IReadOnlyList<string>? efforts = null
    )
    {
        var plain = Targets.Of("openai", type: ProviderTypes.Default.Find(vendor), can: can);
        var target = new Deployment
        {
            Name = plain.Name,
            Model = plain.Model,
            Provider = plain.Provider,
            Capabilities = plain.Capabilities,
            ReasoningEfforts = efforts,
            State = plain.State,
        };
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatRequestWriter.Write(output, request, target, _losses);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}
