using System.Net;
using System.Text.Json;
using Dragoman.Server.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Native;

public sealed class ModelsEndpointsTests(ModelsEndpointsTests.DemoHouse house)
    : IClassFixture<ModelsEndpointsTests.DemoHouse>
{
    private const string Models = "/api/llm/models";

    [Fact]
    public async Task List_Everything_ComesAPageAtATime()
    {
        var seen = new List<string>();
        int? offset = 0;
        var total = 0;
        while (offset is { } at)
        {
            var page = await GetAsync($"?limit=300&offset={at}");
            total = page.GetProperty("total").GetInt32();
            seen.AddRange(Ids(page));
            var next = page.GetProperty("next_offset");
            offset = next.ValueKind == JsonValueKind.Null ? null : next.GetInt32();
        }

        seen.Count.ShouldBe(total);
        seen.ShouldBeUnique();
        total.ShouldBeGreaterThan(900);
        (await GetAsync("")).GetProperty("models").GetArrayLength().ShouldBe(100);
        seen.ShouldContain("openai/gpt-4o");
        seen.ShouldContain("demo/sage");
        seen.ShouldContain("ollama/codellama:7b");
    }

    [Fact]
    public async Task List_NoOrder_PutsWhatCanBeCalledFirst()
    {
        var page = await GetAsync("?limit=1000");
        var available = page.GetProperty("available_total").GetInt32();

        available.ShouldBePositive();
        page.GetProperty("catalog_date").GetString().ShouldNotBeNullOrEmpty();
        page.GetProperty("models")
            .EnumerateArray()
            .Select(static model => model.GetProperty("available").GetBoolean())
            .ShouldBe(
                Enumerable
                    .Range(0, page.GetProperty("models").GetArrayLength())
                    .Select(i => i < available)
            );
    }

    [Fact]
    public async Task List_AllFiltersAtOnce_MeetsThemAll()
    {
        var page = await GetAsync(
            "?capability=function_calling,code&capability=vision&provider=openai&max_cost_per_1k=0.003&min_context=200000&local=false&sort=quality&task=coding&kind=chat&available=true&q=gpt"
        );

        var models = page.GetProperty("models").EnumerateArray().ToList();
        models.ShouldNotBeEmpty();
        var last = double.MaxValue;
        foreach (var model in models)
        {
            model.GetProperty("provider").GetString().ShouldBe("openai");
            model.GetProperty("kind").GetString().ShouldBe("chat");
            model.GetProperty("local").GetBoolean().ShouldBeFalse();
            model.GetProperty("available").GetBoolean().ShouldBeTrue();
            model.GetProperty("unavailable_reason").ValueKind.ShouldBe(JsonValueKind.Null);
            model.GetProperty("context_window").GetInt64().ShouldBeGreaterThanOrEqualTo(200_000);
            var cost = model.GetProperty("cost");
            cost.GetProperty("mean_per_1k")
                .GetDecimal()
                .ShouldBe(
                    (
                        cost.GetProperty("input_per_1k").GetDecimal()
                        + cost.GetProperty("output_per_1k").GetDecimal()
                    ) / 2
                );
            cost.GetProperty("mean_per_1k").GetDecimal().ShouldBeLessThanOrEqualTo(0.003m);
            foreach (var capability in (string[])["tools", "code", "vision"])
                model
                    .GetProperty("capabilities")
                    .GetProperty(capability)
                    .GetBoolean()
                    .ShouldBeTrue();
            var quality = model.GetProperty("quality");
            quality.GetProperty("task").GetString().ShouldBe("code");
            quality.GetProperty("score").GetDouble().ShouldBeLessThanOrEqualTo(last);
            last = quality.GetProperty("score").GetDouble();
        }
    }

    [Theory]
    [InlineData("?sort=cost&provider=demo&available=true&kind=chat&q=demo/c", "demo/coder")]
    [InlineData("?type=specialised&q=codellama&sort=quality", "ollama/codellama:34b")]
    [InlineData("?type=embedding&local=true&q=nomic", "ollama/nomic-embed-text:latest")]
    [InlineData("?kind=text_to_speech&provider=gemini", "google/gemini-2.5-flash-preview-tts")]
    public async Task List_Filter_FindsWhatItSays(string query, string id) =>
        Ids(await GetAsync(query)).ShouldContain(id);

    [Theory]
    [InlineData("?capability=telepathy", "'capability' must be one or more of tools, vision")]
    [InlineData("?capability=tool", "Did you mean 'tools'?")]
    [InlineData("?capability=tools,", "'capability' must be one or more of")]
    [InlineData("?provider=opanai", "'provider' must be one of")]
    [InlineData(
        "?max_cost_per_1k=cheap",
        "US dollars per 1,000 tokens, the mean of the input and the output price"
    )]
    [InlineData("?max_cost_per_1k=-1", "'max_cost_per_1k' must be a number from 0")]
    [InlineData("?min_context=1.5", "'min_context' must be a whole number")]
    [InlineData("?local=yes", "'local' must be true or false.")]
    [InlineData("?available=", "'available' has no value")]
    [InlineData("?sort=price", "'sort' must be one of cost, latency, quality")]
    [InlineData("?sort=cost&sort=latency", "'sort' may be said once")]
    [InlineData("?task=flying", "'task' must be one of code")]
    [InlineData("?kind=poem", "'kind' must be one of chat, embedding")]
    [InlineData("?type=tiny", "'type' must be one of small, large, specialised, embedding")]
    [InlineData("?limit=0", "'limit' must be a whole number from 1 to 1000")]
    [InlineData("?offset=-1", "'offset' must be a whole number")]
    [InlineData(
        "?capabilty=tools",
        "'capabilty' is not known here. Known are: available, capability"
    )]
    [InlineData("/best?sort=cost", "'sort' is not known here")]
    [InlineData("/openai/gpt-4o?local=true", "'local' is not known here. Known are: task.")]
    public async Task Any_WrongParameter_IsRefusedByName(string query, string message)
    {
        using var answer = await house.Server.GetAsync(Models + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe("invalid_parameter");
        problem.GetProperty("detail").GetString()!.ShouldContain(message);
    }

    [Theory]
    [InlineData("/cheapest?provider=demo&capability=code", "demo/coder")]
    [InlineData("/fastest?provider=demo", "demo/swift")]
    [InlineData("/best?provider=demo", "demo/sage")]
    [InlineData("/cheapest?provider=demo&capability=embeddings", "demo/embed")]
    [InlineData("/cheapest?provider=openai&kind=embedding", "openai/text-embedding-3-small")]
    public async Task Choose_AmongWhatCanBeCalled_IsTheFirst(string query, string id)
    {
        var model = await GetAsync(query);

        model.GetProperty("id").GetString().ShouldBe(id);
        model.GetProperty("available").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Choose_BestBesideSimulatedOnes_IsReal() =>
        (await GetAsync("/best")).GetProperty("provider").GetString().ShouldBe("openai");

    [Fact]
    public async Task Choose_NobodyCanBeCalled_SaysThatItCannot()
    {
        var model = await GetAsync("/best?provider=anthropic&task=code");

        model.GetProperty("available").GetBoolean().ShouldBeFalse();
        model
            .GetProperty("unavailable_reason")
            .GetString()
            .ShouldBe("anthropic is not configured: set ANTHROPIC_API_KEY");
        model.GetProperty("status").GetString().ShouldBe("active");
        model.GetProperty("quality").GetProperty("task").GetString().ShouldBe("code");
    }

    [Theory]
    [InlineData(
        "/cheapest?max_cost_per_1k=0&provider=openai",
        "max_cost_per_1k=0, provider=openai"
    )]
    [InlineData("/fastest?local=true&provider=ollama", "local=true, provider=ollama")]
    [InlineData("/best?min_context=2000000000", "min_context=2000000000")]
    public async Task Choose_NothingMatches_NamesTheFilters(string query, string filters)
    {
        using var answer = await house.Server.GetAsync(Models + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var problem = await answer.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe("no_model_matches");
        problem.GetProperty("detail").GetString()!.ShouldContain(filters);
    }

    [Fact]
    public async Task Show_Model_TellsAllThatIsKnown()
    {
        var model = await GetAsync("/openai/gpt-5.6-sol");

        var prices = model.GetProperty("prices");
        prices.GetProperty("input").GetDecimal().ShouldBe(5);
        var tier = prices.GetProperty("tiers")[0];
        tier.GetProperty("above_input_tokens").GetInt64().ShouldBe(272_000);
        tier.GetProperty("output").GetDecimal().ShouldBe(45);
        prices.GetProperty("batch").GetProperty("output").GetDecimal().ShouldBe(15);
        prices.GetProperty("cache_write_1h").ValueKind.ShouldBe(JsonValueKind.Null);
        model.GetProperty("aliases")[0].GetString().ShouldBe("gpt-5.6-sol-2026-07-09");
        model.GetProperty("quality_by_task").EnumerateObject().Count().ShouldBe(12);
        model.GetProperty("capabilities").EnumerateObject().Count().ShouldBe(18);
        model
            .GetProperty("capabilities")
            .GetProperty("web_search")
            .ValueKind.ShouldBe(JsonValueKind.Null);
        model.GetProperty("local_model").ValueKind.ShouldBe(JsonValueKind.Null);
        model.EnumerateObject().First().Name.ShouldBe("id", "what matters stands first");
    }

    [Theory]
    [InlineData("/ollama/codellama-7b")]
    [InlineData("/ollama/codellama:7b")]
    [InlineData("/codellama-7b")]
    public async Task Show_LocalModel_TellsWhatItTakesAndIsGoodFor(string name)
    {
        var model = await GetAsync(name);

        model.GetProperty("id").GetString().ShouldBe("ollama/codellama:7b");
        model.GetProperty("type").GetString().ShouldBe("specialised");
        var local = model.GetProperty("local_model");
        local.GetProperty("best_for")[0].GetString().ShouldBe("code");
        local.GetProperty("licence").GetString().ShouldBe("llama2");
        local.GetProperty("speed").GetDouble().ShouldBeInRange(5, 7);
        local.GetProperty("quality").GetDouble().ShouldBeInRange(1, 5);
        var usual = local
            .GetProperty("memory")
            .EnumerateArray()
            .Single(static row => row.GetProperty("quantisation").GetString() == "Q4_0");
        usual
            .GetProperty("default_context_bytes")
            .GetInt64()
            .ShouldBe(usual.GetProperty("file_bytes").GetInt64() + 524_288L * 4096);
    }

    [Fact]
    public async Task Show_RetiredModel_NamesWhatReplacesIt()
    {
        var model = await GetAsync("/openai/gpt-4-turbo");

        model.GetProperty("status").GetString().ShouldBe("deprecated");
        model.GetProperty("replacement").GetString().ShouldBe("gpt-5.6-sol");
        model.GetProperty("available").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("/openrouter/openai/gpt-4o")]
    [InlineData("/openrouter%2Fopenai%2Fgpt-4o")]
    public async Task Show_IdWithSlashes_IsFound(string name) =>
        (await GetAsync(name)).GetProperty("id").GetString().ShouldBe("openrouter/openai/gpt-4o");

    [Fact]
    public async Task Show_UnknownName_SaysWhatWasPerhapsMeant()
    {
        using var answer = await house.Server.GetAsync(Models + "/openai/gpt-4oo");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var problem = await answer.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe("model_not_found");
        problem.GetProperty("detail").GetString()!.ShouldContain("'openai/gpt-4o'");
    }

    [Fact]
    public async Task Any_OtherMethod_IsToldWhichIsTaken()
    {
        using var answer = await house.Server.PostAsync(Models + "/best", "{}");

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe(["GET"]);
    }

    private async Task<JsonElement> GetAsync(string query)
    {
        using var answer = await house.Server.GetAsync(Models + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    private static IEnumerable<string> Ids(JsonElement page) =>
        page.GetProperty("models")
            .EnumerateArray()
            .Select(static model => model.GetProperty("id").GetString()!);

    /// <summary>Simulated models, and an account of OpenAI's that nobody calls.</summary>
    public sealed class DemoHouse : IAsyncLifetime
    {
        internal ServerUnderTest Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Server = await ServerUnderTest.StartAsync(configure: static options =>
            {
                var environment = options.Environment;
                return options with
                {
                    Demo = true,
                    Environment = name => name == "OPENAI_API_KEY" ? "x" : environment(name),
                };
            });

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
