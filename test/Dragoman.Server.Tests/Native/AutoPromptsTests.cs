using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Catalog;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

/// <summary>
/// What <c>auto</c> does with prompts that were written for this test and trained nothing, in eight languages, through the real server:
/// the whole catalogs of six vendors are configured, and a simulator answers in their places.
/// </summary>
public sealed class AutoPromptsTests
{
    /// <summary>Set to write the table into <c>docs/routing.md</c>.</summary>
    private const string WriteTable = "DRAGOMAN_WRITE_DOCS";

    private static readonly string[] Vendors =
    [
        "OPENAI",
        "ANTHROPIC",
        "GEMINI",
        "MISTRAL",
        "DEEPSEEK",
        "XAI",
    ];

    [Fact]
    public async Task Auto_PromptsOfEveryTaskAndLanguage_GoWhereTheyShould()
    {
        await using var simulator = await StartAsync();
        await using var server = await ServerOf(simulator);
        var rows = new List<Row>();
        foreach (var (language, task, level, prompt) in Prompts())
            rows.Add(await AskAsync(server, language, task, level, prompt));

        rows.Count.ShouldBeGreaterThanOrEqualTo(60);
        rows.Select(static row => row.Language).Distinct().Count().ShouldBeGreaterThanOrEqualTo(8);
        // What is asked for is seen.
        rows.Count(static row => row.Seen == row.Task)
            .ShouldBeGreaterThanOrEqualTo(rows.Count * 85 / 100);
        // Code goes to who is good at it, and so does what is creative.
        foreach (var row in rows.Where(static row => row.Seen is "code" or "creative"))
            Quality(row.Model, row.Seen).ShouldBeGreaterThanOrEqualTo(50, row.Prompt);
        // What is easy costs less than what is hard, all in all and language by language.
        Mean(rows, "easy").ShouldBeLessThan(Mean(rows, "usual"));
        Mean(rows, "usual").ShouldBeLessThan(Mean(rows, "hard"));
        rows.Where(static row => row.Level == "hard")
            .Average(static row => row.Quality)
            .ShouldBeGreaterThan(
                rows.Where(static row => row.Level == "easy").Average(static row => row.Quality)
            );
        // By the models' prices too, not only by the length of what is asked.
        Price(rows, "easy").ShouldBeLessThan(Price(rows, "hard") * 0.8m);
        rows.ShouldAllBe(static row => row.IsTheRecordsOwn);
        if (Environment.GetEnvironmentVariable(WriteTable) is not null)
            Write(rows);
    }

    [Fact]
    public async Task Auto_ALongDocument_GoesToAModelWhoseContextHoldsIt()
    {
        await using var simulator = await StartAsync();
        await using var server = await ServerOf(simulator);
        var document = string.Concat(
            Enumerable.Repeat("The harbour master wrote down every ship that came in. ", 22_000)
        );

        var row = await AskAsync(
            server,
            "en",
            "summarization",
            "usual",
            "Summarize this report: " + document
        );

        row.Tokens.ShouldBeGreaterThan(200_000);
        Entry(row.Model).ContextWindow!.Value.ShouldBeGreaterThan(row.Tokens);
        row.Seen.ShouldBe("summarization");
    }

    [Fact]
    public async Task Auto_TheSamePromptOnTwoFreshServers_IsDecidedAlike()
    {
        await using var simulator = await StartAsync();
        var told = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var server = await ServerOf(simulator);
            var row = await AskAsync(
                server,
                "en",
                "code",
                "usual",
                "Write a SQL query that finds duplicate rows."
            );
            told.Add(row.Model + " " + row.Chances);
        }

        told[1].ShouldBe(told[0]);
    }

    private static Task<SimulatorHost> StartAsync() =>
        SimulatorHost.StartAsync(
            new SimulatorOptions
            {
                MoreModels =
                [
                    .. ModelCatalog.Default.Models.Select(static entry => entry.Id).Distinct(),
                ],
            }
        );

    private static Task<ServerUnderTest> ServerOf(SimulatorHost simulator) =>
        ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                Environment = name =>
                    name.EndsWith("_API_KEY", StringComparison.Ordinal)
                    && Vendors.Contains(name[..^8])
                        ? "k"
                    : name is "ANTHROPIC_BASE_URL" or "GOOGLE_BASE_URL" or "GEMINI_BASE_URL"
                        ? simulator.RootUrl
                    : name.EndsWith("_BASE_URL", StringComparison.Ordinal)
                    && Vendors.Contains(name[..^9])
                        ? simulator.BaseUrl
                    : options.Environment(name),
            }
        );

    private static async Task<Row> AskAsync(
        ServerUnderTest server,
        string language,
        string task,
        string level,
        string prompt
    )
    {
        var body = new JsonObject
        {
            ["model"] = "auto",
            ["messages"] = new JsonArray(
                new JsonObject { ["role"] = "user", ["content"] = prompt }
            ),
        };
        var answer = await server.PostAsync("/v1/chat/completions", body.ToJsonString());
        (await answer.Content.ReadAsStringAsync()).ShouldContain("simulated");
        var id = answer.Headers.GetValues("x-dragoman-request-id").Single();
        var record = await (await server.GetAsync("/api/llm/requests/" + id)).JsonAsync();
        var decision = record.GetProperty("decision");
        var weighing = decision.GetProperty("weighings")[0];
        var model = answer.Headers.GetValues("x-dragoman-model").Single();
        var chosen = weighing
            .GetProperty("candidates")
            .EnumerateArray()
            .Single(one => one.GetProperty("model").GetString() == model);
        var profile = record.GetProperty("profile");
        return new Row(
            language,
            task,
            level,
            prompt,
            profile.GetProperty("task").GetString()!,
            profile.TryGetProperty("difficulty", out var difficulty) ? difficulty.GetDouble() : 0,
            model,
            chosen.TryGetProperty("quality", out var quality) ? quality.GetDouble() : 0,
            chosen.TryGetProperty("cost_usd", out var cost) ? cost.GetDecimal() : 0,
            profile.GetProperty("estimated_tokens").GetInt64(),
            string.Join(
                ' ',
                weighing
                    .GetProperty("candidates")
                    .EnumerateArray()
                    .Select(static one =>
                        one.TryGetProperty("chance", out var chance) ? chance.GetRawText() : "-"
                    )
            ),
            weighing.GetProperty("chosen")[0].GetString() == model
        );
    }

    private static decimal Mean(IEnumerable<Row> rows, string level) =>
        rows.Where(row => row.Level == level).Average(static row => row.Cost);

    /// <summary>What a million tokens of answer cost at the models that were chosen, in the mean.</summary>
    private static decimal Price(IEnumerable<Row> rows, string level) =>
        rows.Where(row => row.Level == level)
            .Average(static row => Entry(row.Model).Prices!.Output!.Value);

    private static double Quality(string model, string task) =>
        Entry(model).Quality!.For(task)!.Value.Score;

    private static ModelEntry Entry(string model)
    {
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        return ModelCatalog.Default.Find(model[..slash], model[(slash + 1)..]).ShouldNotBeNull();
    }

    private static IEnumerable<(
        string Language,
        string Task,
        string Level,
        string Prompt
    )> Prompts() =>
        File.ReadLines(SolutionFolder.Of("test/fixtures/routing/auto-prompts.tsv"))
            .Where(static line => !line.StartsWith('#'))
            .Select(static line => line.Split('\t'))
            .Select(static fields => (fields[0], fields[1], fields[2], fields[3]));

    private static void Write(List<Row> rows)
    {
        var path = SolutionFolder.Of("docs/routing.md");
        var text = File.ReadAllText(path);
        var table = new StringBuilder(
            "| | asked | level | seen as | difficulty | model | quality | estimated cost | prompt |\n|---|---|---|---|--:|---|--:|--:|---|\n"
        );
        foreach (var row in rows)
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Language} | {row.Task} | {row.Level} | {(row.Seen == row.Task ? row.Seen : $"**{row.Seen}**")} | {row.Difficulty:0.00} | {row.Model} | {row.Quality:0} | ${row.Cost:0.######} | {Short(row.Prompt)} |\n"
            );
        const string Begin = "<!-- table -->\n";
        const string End = "<!-- end of table -->";
        var (from, to) = (
            text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length,
            text.IndexOf(End, StringComparison.Ordinal)
        );
        File.WriteAllText(path, text[..from] + table + text[to..]);
    }

    private static string Short(string prompt) =>
        (prompt.Length <= 70 ? prompt : prompt[..69] + "…").Replace(
            "|",
            "\\|",
            StringComparison.Ordinal
        );

    private sealed record Row(
        string Language,
        string Task,
        string Level,
        string Prompt,
        string Seen,
        double Difficulty,
        string Model,
        double Quality,
        decimal Cost,
        long Tokens,
        string Chances,
        bool IsTheRecordsOwn
    );
}
