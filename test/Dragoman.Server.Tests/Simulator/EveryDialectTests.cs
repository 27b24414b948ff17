using System.Text.Json;
using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>The faults that every dialect has, in each of them.</summary>
public sealed class EveryDialectTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private static readonly SimulatedDialect[] Dialects =
    [
        SimulatedDialect.OpenAIChat,
        SimulatedDialect.OpenAIResponses,
        SimulatedDialect.AzureOpenAI,
        SimulatedDialect.AnthropicMessages,
        SimulatedDialect.Gemini,
        SimulatedDialect.Ollama,
    ];

    private readonly SimulatorClient _client = new(provider.Host);

    public static TheoryData<SimulatedDialect> All => [.. Dialects];

    public static TheoryData<SimulatedDialect, string, int> Refusals
    {
        get
        {
            var data = new TheoryData<SimulatedDialect, string, int>();
            foreach (var dialect in Dialects)
            foreach (
                var (fault, status) in new[]
                {
                    ("500", 500),
                    ("503", 503),
                    ("529", 529),
                    ("408-once", 408),
                    ("429", 429),
                    ("429-silent", 429),
                    ("400", 400),
                    ("401", 401),
                    ("402", 402),
                    ("403", 403),
                    ("404", 404),
                    ("context", 400),
                    ("error-in-200", 200),
                }
            )
                data.Add(dialect, fault, status);
            return data;
        }
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_HasStatusAndTheDialectsShape(
        SimulatedDialect dialect,
        string fault,
        int status
    )
    {
        provider.Host.Reset();
        foreach (var stream in new[] { false, true })
        {
            var answer = await AskAsync(dialect, "fault-" + fault, stream, $"{fault} {stream}");

            answer.Status.ShouldBe(status);
            answer.MediaType.ShouldBe("application/json");
            var error = answer.Json["error"]!;
            (dialect == SimulatedDialect.Ollama ? error : error["message"]!)
                .GetValue<string>()
                .ShouldNotBeEmpty();
            if (fault == "429")
                answer.Headers.GetValues("Retry-After").ShouldBe(["1"]);
        }
        provider.Host.Requests.Last.ShouldAllBe(request =>
            request.Dialect == dialect && request.Fault == fault && request.Status == status
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Once_FailsTheFirstTimeForTheSamePrompt(SimulatedDialect dialect)
    {
        provider.Host.Reset();
        (await AskAsync(dialect, "fault-500-once", false, "one")).Status.ShouldBe(500);
        (await AskAsync(dialect, "fault-500-once", true, "one")).Status.ShouldBe(200);
        (await AskAsync(dialect, "fault-500-once", false, "two")).Status.ShouldBe(500);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Broken_Streams_BeginSoundlyAndDoNotEnd(SimulatedDialect dialect)
    {
        var end = new Tongue(dialect).End;
        (await StreamAsync(dialect, "swift")).Text.ShouldContain(end);
        foreach (var fault in new[] { "cut", "cut-clean", "error-mid-stream", "truncated-json" })
        {
            var answer = await StreamAsync(dialect, "fault-" + fault);

            answer.Status.ShouldBe(200);
            answer.Text.ShouldContain("simulated", customMessage: fault);
            answer.Text.ShouldNotContain(end, customMessage: fault);
            answer.Broken.ShouldBe(fault == "cut", fault);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Error_InAStream_HasTheDialectsShape(SimulatedDialect dialect)
    {
        (await StreamAsync(dialect, "fault-error-mid-stream")).Text.ShouldContain(
            new Tongue(dialect).Error
        );
        var first = (await StreamAsync(dialect, "fault-error-first-event")).Text;
        first.ShouldStartWith(new Tongue(dialect).Error.TrimStart('\n'));
        first.ShouldNotContain("simulated answer");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_IsEmptyEitherWay(SimulatedDialect dialect)
    {
        (await StreamAsync(dialect, "fault-empty-stream")).Text.ShouldBeEmpty();
        (await AskAsync(dialect, "fault-empty-stream", stream: false)).Text.ShouldBeEmpty();
        (await AskAsync(dialect, "fault-not-json", stream: false)).MediaType.ShouldBe("text/html");
        (await AskAsync(dialect, "fault-cut", stream: false)).Broken.ShouldBeTrue();
        Should.Throw<JsonException>(() =>
            JsonNode.Parse(
                AskAsync(dialect, "fault-truncated-json", stream: false)
                    .GetAwaiter()
                    .GetResult()
                    .Text
            )
        );
    }

    [Theory]
    [InlineData("/v1beta/models/{0}:embedContent", """{"content":{"parts":[{"text":"a"}]}}""")]
    [InlineData("/api/embed", """{"model":"{0}","input":"a"}""")]
    [InlineData("/openai/deployments/{0}/embeddings?api-version=2024-10-21", """{"input":"a"}""")]
    [InlineData("/v1beta/models/{0}:countTokens", """{"contents":[{"parts":[{"text":"a"}]}]}""")]
    [InlineData("/v1/responses/input_tokens", """{"model":"{0}","input":"a"}""")]
    public async Task Embeddings_AndCounts_HaveFaultsToo(string path, string body)
    {
        (await CallAsync("fault-500")).Status.ShouldBe(500);
        (await CallAsync("fault-cut")).Broken.ShouldBeTrue();
        var half = (await CallAsync("fault-truncated-json")).Text;
        (await CallAsync("swift"))
            .Text.Replace("swift", "fault-truncated-json", StringComparison.Ordinal)
            .ShouldStartWith(half);
        Should.Throw<JsonException>(() => JsonNode.Parse(half));

        Task<WireAnswer> CallAsync(string model) =>
            _client.CallAsync(
                path.Replace("{0}", model, StringComparison.Ordinal),
                body.Replace("{0}", model, StringComparison.Ordinal)
            );
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Malformed_IsOneAmidASoundStream(SimulatedDialect dialect)
    {
        var text = (await StreamAsync(dialect, "fault-malformed-chunk")).Text;
        var broken = text.ReplaceLineEndings("\n")
            .Split('\n')
            .Select(line => line.StartsWith("data:", StringComparison.Ordinal) ? line[5..] : line)
            .Count(line => line.Contains("[{]", StringComparison.Ordinal));

        broken.ShouldBe(1);
        text.ShouldContain(new Tongue(dialect).End);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Foreign_Text_ComesThroughWhole(SimulatedDialect dialect)
    {
        var split = (await StreamAsync(dialect, "fault-split-utf8")).Text;
        var halves = (await StreamAsync(dialect, "fault-half-surrogates")).Text;

        split.ShouldContain("Größe");
        split.ShouldContain("東京");
        split.ShouldContain(new Tongue(dialect).End);
        halves.ShouldContain("\\ud83d\"");
        halves.ShouldContain("\"\\ude42");
        LongestLine((await StreamAsync(dialect, "fault-big-chunk")).Text)
            .ShouldBeGreaterThan(1 << 20);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task NoUsage_TellsNone(SimulatedDialect dialect)
    {
        foreach (var stream in new[] { false, true })
        {
            var text = (await AskAsync(dialect, "fault-no-usage", stream)).Text;
            foreach (
                var name in new[]
                {
                    "_tokens\":",
                    "TokenCount\":",
                    "_eval_count\":",
                    "\"eval_count\":",
                }
            )
                text.Replace("max_output_tokens\":", "", StringComparison.Ordinal)
                    .ShouldNotContain(name);
        }
        (await AskAsync(dialect, "swift", stream: false)).Text.ShouldContain(
            dialect == SimulatedDialect.Gemini ? "TokenCount"
            : dialect == SimulatedDialect.Ollama ? "eval_count"
            : "_tokens"
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Fault_OfAnotherDialect_IsNotKnownAndCannotBeSet(SimulatedDialect dialect)
    {
        provider.Host.Reset();
        var foreign = Faults.All.First(fault => !fault.In.HasFlag(dialect));
        (await AskAsync(dialect, "fault-" + foreign.Name, stream: false)).Status.ShouldBe(404);
        provider.Host.SetFault("swift", foreign);
        (await AskAsync(dialect, "swift", stream: false)).Status.ShouldBe(501);
        provider.Host.Reset();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Silence_IsNoticedWhenTheClientLeaves(SimulatedDialect dialect)
    {
        provider.Host.Reset();
        foreach (var fault in new[] { "silent", "headers-only", "slow-first", "stall" })
        {
            using var leaving = new SimulatorClient(provider.Host);
            var asked = new Tongue(dialect).AskAsync(leaving, "fault-" + fault, stream: true);
            await provider.Host.Requests.UntilAsync(
                journal => journal.CountOf("fault-" + fault) == 1,
                TimeSpan.FromSeconds(20)
            );
            asked.IsCompleted.ShouldBeFalse();
            leaving.Dispose();
            await Should.ThrowAsync<Exception>(async () =>
            {
                var answer = await asked;
                if (answer.Broken)
                    throw new IOException("left");
            });
        }
        await provider.Host.Requests.UntilAsync(
            journal => journal.Aborted == 4,
            TimeSpan.FromSeconds(20)
        );
    }

    private static int LongestLine(string text) => text.Split('\n').Max(line => line.Length);

    private Task<WireAnswer> StreamAsync(SimulatedDialect dialect, string model) =>
        AskAsync(dialect, model, stream: true);

    private Task<WireAnswer> AskAsync(
        SimulatedDialect dialect,
        string model,
        bool stream,
        string prompt = "Tell me about cats"
    ) => new Tongue(dialect).AskAsync(_client, model, stream, prompt);
}
