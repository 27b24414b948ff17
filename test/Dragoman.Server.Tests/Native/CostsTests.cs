using System.Globalization;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.Inference;
using Dragoman.TestKit.Money;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary>Costs through the whole house: from the provider's reply to the header the client gets and the record that is kept.</summary>
public sealed class CostsTests
{
    private const string CostHeader = "x-dragoman-cost-usd";

    /// <summary>Those of the table that can be played here: Vertex wants credentials, Azure is asked for no Claude, the days of announced prices are not today.</summary>
    private static IReadOnlyList<MoneyCase> Playable =>
        [
            .. MoneyCase.Replies.Values.Where(static money =>
                money.Provider != "vertex"
                && money is not { Provider: "azure", Dialect: "anthropic" }
                && !money.HasDay
                && money.Usage!.Count > 0
            ),
        ];

    [Fact]
    public async Task Cost_OfEveryReplyOfTheTable_IsInTheHeaderAndInTheRecord()
    {
        MoneyCase now = Playable[0];
        await using var provider = await ScriptedProvider.StartAsync(asked =>
            asked.Path.EndsWith(PathOf(now), StringComparison.Ordinal)
                ? ScriptedProvider.Answer.Json(MoneyReply.Whole(now))
                : ScriptedProvider.Answer.Json("""{"error":{"message":"no such path"}}""", 404)
        );
        await using var server = await ServerUnderTest.StartAsync(config: ConfigOf(provider));

        var wrong = new List<string>();
        foreach (var money in Playable)
        {
            now = money;
            var (path, body) = Question(money);
            using var answer = await server.PostAsync(path, body);
            var text = await answer.Content.ReadAsStringAsync();
            var expected = money.NanoUsd / 1_000_000_000m;
            if (!answer.IsSuccessStatusCode)
                wrong.Add($"{money.Name}: {answer.StatusCode} {text}");
            else if (HeaderOf(answer) != expected)
                wrong.Add($"{money.Name}: {HeaderOf(answer)} in the header, not {expected}");
            else if (
                await RecordOf(server, answer) is var record
                && (CostOf(record), BasisOf(record))
                    != (
                        expected,
                        expected is null ? null : money.Basis.ToString().ToLowerInvariant()
                    )
            )
                wrong.Add($"{money.Name}: {CostOf(record)} {BasisOf(record)}, not {expected}");
        }

        wrong.ShouldBeEmpty(string.Join('\n', wrong));
        Playable.Count.ShouldBeGreaterThan(170);
    }

    [Theory]
    [InlineData("swift", "0.15", "0.6")]
    [InlineData("sage", "5", "25")]
    public async Task Cost_OfASimulatedModel_IsItsCountsTimesItsPrices(
        string model,
        string inputPrice,
        string outputPrice
    )
    {
        var input = decimal.Parse(inputPrice, CultureInfo.InvariantCulture);
        var output = decimal.Parse(outputPrice, CultureInfo.InvariantCulture);
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                Demo = true,
            }
        );
        foreach (var stream in (bool[])[false, true])
        {
            using var answer = await server.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"demo/{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"What does it cost?"}]}"""
            );
            await answer.Content.ReadAsStringAsync();
            var record = await RecordOf(server, answer);
            var usage = record.GetProperty("usage");

            var expected =
                (
                    usage.GetProperty("input").GetInt64() * input
                    + (Count(usage, "output") + Count(usage, "reasoning")) * output
                ) / 1_000_000m;
            CostOf(record).ShouldBe(expected);
            // Headers go before a stream's tokens are known.
            HeaderOf(answer).ShouldBe(stream ? null : expected);
        }
    }

    [Fact]
    public async Task Cost_AfterAFallback_IsTheFailedAttemptsAndTheAnswers()
    {
        var models = new[] { "claude-sonnet-4-6", "claude-haiku-4-5" };
        await using var provider = await ScriptedProvider.StartAsync(asked =>
            asked.Body.Contains(models[0], StringComparison.Ordinal)
                // The prompt was read and is billed; then the stream breaks off before any content.
                ? ScriptedProvider.Answer.Stream(
                    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":1000,\"output_tokens\":1}}}\n\n"
                )
                : ScriptedProvider.Answer.Stream(
                    MoneyReply.Stream(MoneyCase.Replies["anthropic: no caching"])
                )
        );
        await using var server = await ServerUnderTest.StartAsync(config: ConfigOf(provider));

        using var answer = await server.PostAsync(
            "/v1/messages",
            $$$"""{"model":"anthropic/{{{models[0]}}}","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"Hi"}],"dragoman":{"fallback":["anthropic/{{{models[1]}}}"]}}"""
        );
        await answer.Content.ReadAsStringAsync();

        var record = await RecordOf(server, answer);
        var attempts = record.GetProperty("attempts").EnumerateArray().ToList();
        // It is asked twice before another is, and read the prompt both times.
        attempts.Count.ShouldBe(3);
        foreach (var failed in attempts[..^1])
        {
            CostOf(failed).ShouldBe(1000 * 3m / 1_000_000m);
            BasisOf(failed).ShouldBe("estimated");
        }
        CostOf(attempts[^1]).ShouldBe((2095 * 1m + 503 * 5m) / 1_000_000m);
        CostOf(record).ShouldBe(attempts.Sum(CostOf));
        BasisOf(record).ShouldBe("estimated");
        record.GetProperty("model").GetString().ShouldBe("anthropic/" + models[1]);
    }

    [Fact]
    public async Task Cost_WhereNoUsageCame_IsAnEstimateAndSaysSo()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            ScriptedProvider.Answer.Json(
                """{"choices":[{"index":0,"message":{"role":"assistant","content":"Four words of answer."},"finish_reason":"stop"}]}"""
            )
        );
        await using var server = await ServerUnderTest.StartAsync(config: ConfigOf(provider));

        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            """{"model":"openai/gpt-4o","messages":[{"role":"user","content":"Hello there"}]}"""
        );

        var record = await RecordOf(server, answer);
        var usage = record.GetProperty("usage");
        usage.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        BasisOf(record).ShouldBe("estimated");
        CostOf(record)
            .ShouldBe((Count(usage, "input") * 2.5m + Count(usage, "output") * 10m) / 1_000_000m);
        HeaderOf(answer).ShouldBe(CostOf(record));
        CostOf(record).ShouldNotBeNull().ShouldBePositive();
    }

    private static string ConfigOf(ScriptedProvider provider)
    {
        var root = provider.BaseUrl[..^"/v1".Length];
        var providers = MoneyCase
            .Replies.Values.Select(static money => money.Provider)
            .Distinct()
            .Where(static name => name != "vertex")
            .Select(name =>
                $"  {name}: {{ base_url: \"{root}\", api_keys: [k], local: false{(name == "azure" ? ", api_version: \"2024-10-21\"" : "")} }}"
            );
        return "providers:\n" + string.Join('\n', providers);
    }

    private static string PathOf(MoneyCase money) =>
        money switch
        {
            { IsEmbedding: true, Dialect: "ollama" } => "/api/embed",
            { IsEmbedding: true } => "/embeddings",
            { Dialect: "openai" } => "/chat/completions",
            { Dialect: "openai-responses" } => "/responses",
            { Dialect: "anthropic" } => "/messages",
            { Dialect: "gemini" } => ":generateContent",
            _ => "/api/chat",
        };

    private static (string Path, string Body) Question(MoneyCase money)
    {
        var model = $"{money.Provider}/{money.Model}";
        const string messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
        return money switch
        {
            { IsEmbedding: true, Dialect: "ollama" } => (
                "/api/embed",
                $$"""{"model":"{{model}}","input":["Hi"]}"""
            ),
            { IsEmbedding: true } => ("/v1/embeddings", $$"""{"model":"{{model}}","input":"Hi"}"""),
            { Dialect: "openai" } => (
                "/v1/chat/completions",
                $$"""{"model":"{{model}}",{{messages}}}"""
            ),
            { Dialect: "openai-responses" } => (
                "/v1/responses",
                $$"""{"model":"{{model}}","store":false,"input":"Hi"}"""
            ),
            { Dialect: "anthropic" } => (
                "/v1/messages",
                $$"""{"model":"{{model}}","max_tokens":10,{{messages}}}"""
            ),
            { Dialect: "gemini" } => (
                $"/v1beta/models/{model}:generateContent",
                """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"""
            ),
            _ => ("/api/chat", $$"""{"model":"{{model}}","stream":false,{{messages}}}"""),
        };
    }

    private static decimal? HeaderOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(CostHeader, out var values)
            ? decimal.Parse(values.Single(), CultureInfo.InvariantCulture)
            : null;

    private static async Task<JsonElement> RecordOf(
        ServerUnderTest server,
        HttpResponseMessage answer
    )
    {
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        using var found = await server.GetAsync("/api/llm/requests/" + id);
        return await found.JsonAsync();
    }

    private static decimal? CostOf(JsonElement record) =>
        record.GetProperty("cost_usd") is { ValueKind: JsonValueKind.Number } cost
            ? cost.GetDecimal()
            : null;

    private static string? BasisOf(JsonElement record) =>
        record.GetProperty("cost_basis").GetString();

    private static long Count(JsonElement usage, string name) =>
        usage.GetProperty(name) is { ValueKind: JsonValueKind.Number } count ? count.GetInt64() : 0;
}
