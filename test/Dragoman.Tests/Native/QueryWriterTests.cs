using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.AnthropicMessages;
using Dragoman.Dialects.Gemini;
using Dragoman.Dialects.Ollama;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Native;

/// <summary>What is written of a question is what the server reads: the same request as if it had been asked in its own process.</summary>
public sealed class QueryWriterTests
{
    private static readonly (string Folder, IDialect Dialect)[] Dialects =
    [
        ("openai-chat", new OpenAIChatDialect()),
        ("anthropic", new AnthropicDialect()),
        ("gemini", new GeminiDialect()),
        ("ollama", new OllamaDialect()),
    ];

    [Fact]
    public void Write_EveryFixture_ReadsBackToTheSameRequest()
    {
        var carried = 0;
        foreach (var (folder, dialect) in Dialects)
        foreach (var (name, body) in Fixtures.Of(folder, "request.json"))
        {
            var envelope = new RequestEnvelope { Model = "m" };
            dialect.TryReadRequest(body, envelope, out ChatRequest? asked, out _).ShouldBeTrue();
            // What these options have no word for.
            var request = asked! with
            {
                Count = null,
                LogProbs = null,
                TopLogProbs = null,
                ServiceTier = null,
                ReasoningBudget = null,
            };
            var losses = new Losses();
            var query = Read(Write(request.Messages, OptionsOf(request), losses));
            // What cannot be said, or only in other words, is named, and refused where the question would be another.
            if (losses.Refusal is not null || losses.Changes.Count > 0)
                continue;

            carried++;
            var what = folder + "/" + name;
            CanonicalFacts
                .Of(query.Chat, withReasoning: false, withRaw: false)
                .ShouldBe(CanonicalFacts.Of(request, withReasoning: false, withRaw: false), what);
            Reasoning(query.Chat).ShouldBe(Reasoning(request), ignoreOrder: true, what);
        }
        carried.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Write_AnyOptions_ReadsBackToTheSameQuestionAndWishes()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var chance = new Random(seed);
            var (options, prompt) = (RandomOptions(chance), RandomText(chance));
            var asked = GatewayRequest.Of(
                [Message.OfText(MessageRole.User, prompt)],
                options,
                isStream: false
            );

            var query = Read(
                Write([Message.OfText(MessageRole.User, prompt)], options, new Losses())
            );

            var what = $"seed {seed}";
            Json(query.Wishes).ShouldBe(Json(asked.Wishes), what);
            asked.Dialect.TryReadRequest(default, asked.Envelope, out ChatRequest? chat, out _);
            query.Chat.Model.ToString().ShouldBe(chat!.Model.ToString(), what);
            CanonicalFacts.Of(query.Chat).ShouldBe(CanonicalFacts.Of(chat), what);
        }
    }

    [Fact]
    public void Write_SignaturesOfEveryVendor_ComeBackAsTheyWere()
    {
        Message[] messages =
        [
            Message.OfText(MessageRole.User, "Hi"),
            new(
                MessageRole.Assistant,
                [
                    new ReasoningPart(JsonText.Of("So…"))
                    {
                        Signature = JsonText.Of("c2ln+/="),
                        SignatureOf = "anthropic",
                    },
                    new ReasoningPart(default)
                    {
                        Signature = JsonText.Of("hidden"),
                        SignatureOf = "anthropic",
                        IsRedacted = true,
                    },
                    new ReasoningPart(default)
                    {
                        Signature = JsonText.Of("dm91Y2g="),
                        SignatureOf = "gemini",
                    },
                    new ToolCallPart(
                        JsonText.Of("look"),
                        ToolArguments.FromText(JsonText.Of("{\"a\": 1}"))
                    ),
                ]
            ),
            new(MessageRole.Tool, [new ToolResultPart(null, [new TextPart(JsonText.Of("found"))])]),
        ];

        var query = Read(Write(messages, new CompletionOptions(), new Losses()));

        var parts = query.Chat.Messages[1].Parts;
        var reasoning = parts.OfType<ReasoningPart>().ToList();
        reasoning
            .Select(static part =>
                (
                    part.Text.ToString(),
                    part.Signature?.ToString(),
                    part.SignatureOf,
                    part.IsRedacted
                )
            )
            .ShouldBe([
                ("So…", "c2ln+/=", "anthropic", false),
                ("", "hidden", "anthropic", true),
                ("", "dm91Y2g=", "gemini", false),
            ]);
        var call = parts[^1].ShouldBeOfType<ToolCallPart>();
        parts[^2].ShouldBe(reasoning[2]);
        query
            .Chat.Messages[2]
            .Parts[0]
            .ShouldBeOfType<ToolResultPart>()
            .ToolCallId.ShouldBe(call.Id);
    }

    [Fact]
    public void Write_NoFallbackAtAll_IsSaid()
    {
        var none = Read(Write(Hello, new CompletionOptions { Fallback = [] }, new Losses()));
        var unsaid = Read(Write(Hello, new CompletionOptions(), new Losses()));

        none.Wishes.Fallback.ShouldBeEmpty();
        unsaid.Wishes.Fallback.ShouldBeNull();
    }

    [Fact]
    public void Write_Texts_ReadBackAsTheyAre()
    {
        var body = new ArrayBufferWriter<byte>();
        QueryWriter.Write(
            body,
            ["one", "\"two\"\n🙂"],
            new EmbeddingOptions
            {
                Model = "embed",
                Provider = "sim",
                Dimensions = 8,
                Tags = ["t"],
            }
        );

        var query = Read(body.WrittenMemory);

        query.Input.ShouldBe(["one", "\"two\"\n🙂"]);
        query.Dimensions.ShouldBe(8);
        query.Chat.Model.ToString().ShouldBe("sim/embed");
        query.Wishes.Tags.ShouldBe(["t"]);
    }

    private static IReadOnlyList<Message> Hello => [Message.OfText(MessageRole.User, "Hello")];

    private static ReadOnlyMemory<byte> Write(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        Losses losses
    )
    {
        var body = new ArrayBufferWriter<byte>();
        QueryWriter.Write(body, messages, options, stream: false, losses);
        return body.WrittenMemory;
    }

    private static Query Read(ReadOnlyMemory<byte> body)
    {
        QueryReader.TryRead(body, [], out var query, out var error);
        error?.Message.ShouldBeNull(System.Text.Encoding.UTF8.GetString(body.Span));
        return query!;
    }

    /// <summary>A signature that stands alone behind a text comes to stand before it: this shape has one place for all of a turn's.</summary>
    private static IReadOnlyList<string> Reasoning(ChatRequest request) =>
        [
            .. CanonicalFacts
                .Of(request, withRaw: false)
                .Where(static fact => fact.Contains(" reasoning ", StringComparison.Ordinal)),
        ];

    private static string Json(Wishes wishes) => JsonSerializer.Serialize(wishes);

    private static CompletionOptions OptionsOf(ChatRequest request) =>
        new()
        {
            Model = "m",
            Tools = request.Tools,
            ToolChoice = request.ToolChoice,
            ParallelToolCalls = request.ParallelToolCalls,
            ResponseFormat = request.ResponseFormat,
            MaxTokens = request.OutputLimit,
            Temperature = request.Temperature,
            TopP = request.TopP,
            TopK = request.TopK,
            FrequencyPenalty = request.FrequencyPenalty,
            PresencePenalty = request.PresencePenalty,
            Seed = request.Seed,
            Stop = [.. request.Stop.Select(static stop => stop.ToString())],
            ReasoningEffort = request.ReasoningEffort?.ToString(),
            User = request.User?.ToString(),
        };

    private static CompletionOptions RandomOptions(Random chance)
    {
        return new CompletionOptions
        {
            Model = Maybe("m", "auto", "sim/swift", "chain:mine"),
            Provider = null,
            ForceModel = Maybe("sim/sage"),
            AutoSelect = Flag(),
            SystemPrompt = chance.Next(2) == 0 ? null : RandomText(chance),
            ConversationHistory =
                chance.Next(2) == 0
                    ? []
                    :
                    [
                        Message.OfText(MessageRole.User, RandomText(chance)),
                        Message.OfText(MessageRole.Assistant, RandomText(chance)),
                    ],
            Temperature = Number(),
            TopP = Number(),
            TopK = chance.Next(2) == 0 ? null : chance.Next(1, 99),
            MaxTokens = chance.Next(2) == 0 ? null : chance.NextInt64(1, 1L << 40),
            PresencePenalty = Number(),
            FrequencyPenalty = Number(),
            Seed = chance.Next(2) == 0 ? null : chance.NextInt64(),
            Stop = chance.Next(2) == 0 ? [] : [RandomText(chance) + "."],
            ReasoningEffort = Maybe("low", "high"),
            User = Maybe("u-1"),
            ParallelToolCalls = Flag(),
            Tools =
                chance.Next(2) == 0
                    ? []
                    :
                    [
                        new FunctionTool(JsonText.Of("look"))
                        {
                            Description = JsonText.Of(RandomText(chance)),
                            Parameters = RawJson.Of("""{"type":"object"}"""),
                            IsStrict = Flag(),
                        },
                    ],
            ResponseFormat = (chance.Next(3)) switch
            {
                0 => null,
                1 => new ResponseFormat(ResponseFormatKind.JsonObject),
                _ => new ResponseFormat(ResponseFormatKind.JsonSchema)
                {
                    Name = JsonText.Of("answer"),
                    Schema = RawJson.Of("""{"type":"object"}"""),
                },
            },
            TaskType = Maybe("code", "math"),
            RequiredCapabilities = chance.Next(2) == 0 ? [] : ["function_calling", "vision"],
            Strategy = Maybe("balanced", "priority"),
            BudgetRemaining = Money(),
            MaxCostUsd = Money(),
            MaxLatencyMs = chance.Next(2) == 0 ? null : chance.Next(1, 99_999),
            EnableFallback = Flag(),
            Fallback = chance.Next(3) switch
            {
                0 => null,
                1 => [],
                _ => ["sim/coder", "x"],
            },
            Chain = Maybe("mine"),
            PreferLowLatency = Flag(),
            PreferLocal = Flag(),
            LocalOnly = Flag(),
            Strict = chance.Next(2) == 0,
            WorkspaceId = Maybe("w\"1"),
            ExecutionId = Maybe("e-1"),
            UserTier = Maybe("gold"),
            Tags = chance.Next(2) == 0 ? [] : ["a", "b c"],
        };

        bool? Flag() =>
            chance.Next(3) switch
            {
                0 => null,
                1 => false,
                _ => true,
            };
        string? Maybe(params string[] words) =>
            chance.Next(2) == 0 ? null : words[chance.Next(words.Length)];
        double? Number() => chance.Next(2) == 0 ? null : chance.NextDouble();
        decimal? Money() => chance.Next(2) == 0 ? null : chance.Next(1_000_000) / 1_000_000m;
    }

    /// <summary>Quotes, controls, pairs and half pairs of surrogates among plain letters.</summary>
    private static string RandomText(Random chance)
    {
        string[] pieces = ["a", "\"", "\\", "\n", "\u0001", "🙂", "\ud83d", "東", " ", "</x>"];
        return string.Concat(
            Enumerable.Range(0, chance.Next(1, 12)).Select(_ => pieces[chance.Next(pieces.Length)])
        );
    }
}
