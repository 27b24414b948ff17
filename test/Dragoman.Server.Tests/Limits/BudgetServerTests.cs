using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.Inference;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Limits;

/// <summary>Budgets through the real server: a token of an answer costs a tenth of a cent, a prompt nothing.</summary>
public sealed class BudgetServerTests(SimulatedProvider provider) : IClassFixture<SimulatedProvider>
{
    private const string Models = """
        models:
          - { name: quick, provider: sim, model: swift, cost_per_1k_input: 0, cost_per_1k_output: 1 }
        """;

    [Theory]
    [InlineData("openai", "insufficient_quota")]
    [InlineData("openai-responses", "insufficient_quota")]
    [InlineData("anthropic", "billing_error")]
    [InlineData("gemini", "FAILED_PRECONDITION")]
    [InlineData("ollama", "budget")]
    public async Task Call_PastTheBudget_IsRefusedInEveryDialectsWordsWith402(
        string dialect,
        string word
    )
    {
        await using var server = await StartAsync("budgets: { none: { amount: 0, window: day } }");
        var client = new DialectClient(server, dialect);

        foreach (var isStream in (bool[])[false, true])
        {
            var (status, error, body) = await client.FailAsync(
                new ChatRequest
                {
                    Model = JsonText.Of("quick"),
                    Messages = [Message.OfText(MessageRole.User, "Hi")],
                    MaxTokens = 10,
                    Stream = isStream,
                }
            );

            status.ShouldBe(402);
            body.ShouldContain(word);
            error.Message!.ShouldContain("'none'");
        }
        provider.Host.Requests.CountOf("swift").ShouldBe(0);
    }

    [Fact]
    public async Task State_OfABudget_ShowsSpentReservedAndLeftApart()
    {
        await using var server = await StartAsync(
            """
            budgets:
              each: { workspace: "*", amount: 0.5, window: month, time_zone: Europe/Berlin, raises: [{ amount: 1, until: 2099-01-01 }] }
            """
        );
        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            Body("[[say one two three]]", most: 10),
            ("x-dragoman-workspace-id", "blue")
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var path in (string[])["/api/admin/budgets/each/state", "/api/llm/budgets"])
        {
            using var told = await server.GetAsync(path);
            var state = (await told.JsonAsync()).GetProperty("data").EnumerateArray().Single();
            Text("budget").ShouldBe("each");
            Text("values").ShouldBe("workspace=blue");
            Text("window").ShouldBe("month in Europe/Berlin");
            Usd("limit_usd").ShouldBe(1.5m);
            Usd("spent_usd").ShouldBe(0.003m);
            Usd("reserved_usd").ShouldBe(0);
            Usd("left_usd").ShouldBe(1.497m);
            state.GetProperty("calls").GetInt32().ShouldBe(1);
            state
                .GetProperty("frees_at")
                .GetDateTimeOffset()
                .ShouldBeGreaterThan(DateTimeOffset.UtcNow);

            string Text(string name) => state.GetProperty(name).GetString()!;

            decimal Usd(string name) => state.GetProperty(name).GetDecimal();
        }
        using var unknown = await server.GetAsync("/api/admin/budgets/other/state");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var wrong = await server.GetAsync("/api/llm/budgets?all=1");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"code\":\"budget_exceeded\"", "[DONE]")]
    [InlineData("/v1/messages", "billing_error", "message_stop")]
    public async Task Streams_ThatOutgrow_EndWithATypedErrorAndStopTheProvider(
        string path,
        string error,
        string end
    )
    {
        await using var slow = await SimulatorHost.StartAsync(
            new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(2) }
        );
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(slow)
                + "\n"
                + Models
                + "\nbudgets: { small: { amount: 0.4 } }"
        );
        // What it usually produces is short, so that little is set aside; these are long.
        for (var i = 0; i < 3; i++)
            (await server.PostAsync("/v1/chat/completions", Body("[[say hi]]"))).Dispose();
        var words = string.Join(' ', Enumerable.Range(0, 2_000).Select(static i => $"w{i}"));

        var streams = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => ReadAsync(server, path, $"[[say {words}]]"))
        );

        var broken = streams
            .Where(stream => stream.Contains(error, StringComparison.Ordinal))
            .ToList();
        broken.ShouldNotBeEmpty();
        broken.ShouldAllBe(stream => !stream.Contains(end, StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await ReservedAsync(server, "small") == 0);
        await slow.Requests.UntilAsync(
            static journal => journal is { Aborted: > 0, Open: 0 },
            TimeSpan.FromSeconds(30)
        );
    }

    private static async Task<string> ReadAsync(ServerUnderTest server, string path, string prompt)
    {
        var most = path == "/v1/messages" ? 5_000 : (int?)null;
        using var answer = await server.StreamAsync(path, Body(prompt, most, stream: true));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = new StringBuilder();
        try
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
                text.AppendLine(line);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The body has no end: nobody shall take it for a whole answer.
        }
        return text.ToString();
    }

    [Fact]
    public async Task Budget_OfEachKey_CountsTheCallersAndShowsThemTheirOwn()
    {
        provider.Host.Reset();
        await using var server = await ServerUnderTest.StartAsync(
            key: "sk-admin",
            config: Config(
                "budgets: { each: { key: \"*\", amount: 0.5 }, teams: { team: \"*\", amount: 1 } }"
            )
        );
        var key = ("Authorization", "Bearer sk-admin");
        (
            await server.PostAsync("/v1/chat/completions", Body("[[say hi]]", most: 5), key)
        ).EnsureSuccessStatusCode();

        using var told = await server.GetAsync("/api/llm/budgets", key);
        var state = (await told.JsonAsync()).GetProperty("data").EnumerateArray().Single();

        state.GetProperty("values").GetString().ShouldBe("key=admin");
        using var nobody = await server.GetAsync("/api/llm/budgets");
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Reload_OfAHigherAmount_LetsThroughAtOnceAndKeepsWhatWasSpent()
    {
        await using var server = await StartAsync("budgets: { b: { amount: 0.005 } }");
        await server.PostAsync("/v1/chat/completions", Body("[[say one two three]]", most: 3));
        using var refused = await server.PostAsync(
            "/v1/chat/completions",
            Body("[[say one two three]]", most: 10)
        );

        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "dragoman.yaml"),
            Config("budgets: { b: { amount: 0.05 } }")
        );

        await Eventually.TrueAsync(async () =>
        {
            using var answer = await server.PostAsync(
                "/v1/chat/completions",
                Body("[[say one two three]]", most: 10)
            );
            return answer.IsSuccessStatusCode && !answer.Headers.Contains("x-dragoman-changes");
        });
    }

    [Fact]
    public async Task Alert_OfAShare_IsPostedOnceAndSigned()
    {
        await using var hook = await HouseServer.OllamaAsync();
        hook.Answers["/hook"] = (200, "{}");
        await using var server = await StartAsync(
            $$"""
            alerts: { webhook: { url: "{{hook.Address}}/hook", secret: hush } }
            budgets: { b: { amount: 0.02, alerts: [0.5] } }
            """
        );
        for (var i = 0; i < 4; i++)
            (
                await server.PostAsync(
                    "/v1/chat/completions",
                    Body("[[say one two three four]]", most: 4)
                )
            ).EnsureSuccessStatusCode();

        await Eventually.TrueAsync(() => hook.Asked.Any(static call => call.Path == "/hook"));
        var told = JsonDocument
            .Parse(hook.Asked.Single(static call => call.Path == "/hook").Body)
            .RootElement;
        told.GetProperty("budget").GetString().ShouldBe("b");
        told.GetProperty("share").GetDecimal().ShouldBe(0.5m);
        told.GetProperty("spent_usd").GetDecimal().ShouldBe(0.012m);
        told.GetRawText().ShouldNotContain("one two");
    }

    [Fact]
    public void Signature_OfAnAlert_IsTheHmacOfTimeAndBody()
    {
        var body = Encoding.UTF8.GetBytes("{}");

        var signature = Dragoman.Limits.Budgets.AlertSender.Signature(
            new SecretText("hush"),
            "1764064800",
            body
        );

        signature.ShouldBe(
            Convert.ToHexStringLower(
                HMACSHA256.HashData(
                    Encoding.UTF8.GetBytes("hush"),
                    Encoding.UTF8.GetBytes("1764064800.{}")
                )
            )
        );
    }

    [Fact]
    public async Task Count_OfTokens_IsFree()
    {
        await using var server = await StartAsync("budgets: { none: { amount: 0 } }");

        using var answer = await server.PostAsync(
            "/v1/messages/count_tokens",
            """{"model":"quick","messages":[{"role":"user","content":"Hi"}]}""",
            ("anthropic-version", "2023-06-01")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private Task<ServerUnderTest> StartAsync(string budgets)
    {
        provider.Host.Reset();
        return ServerUnderTest.StartAsync(config: Config(budgets));
    }

    private string Config(string budgets) =>
        ServerUnderTest.ConfigOf(provider.Host) + "\n" + Models + "\n" + budgets;

    private static string Body(string prompt, int? most = null, bool stream = false)
    {
        var body = JsonSerializer.Serialize(
            new
            {
                model = "quick",
                stream,
                messages = new[] { new { role = "user", content = prompt } },
            }
        );
        return most is { } tokens
            ? string.Create(CultureInfo.InvariantCulture, $"{body[..^1]},\"max_tokens\":{tokens}}}")
            : body;
    }

    private static async Task<decimal> ReservedAsync(ServerUnderTest server, string budget)
    {
        using var answer = await server.GetAsync($"/api/admin/budgets/{budget}/state");
        return (await answer.JsonAsync())
            .GetProperty("data")
            .EnumerateArray()
            .Single()
            .GetProperty("reserved_usd")
            .GetDecimal();
    }
}
