using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Administration;
using Dragoman.Native;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Admin;

/// <summary>What is configured through the admin API, through the real server.</summary>
public sealed class ConfigurationApiTests : IAsyncLifetime
{
    private const string Key = "an-admin-key-of-a-test";
    private const string Secret = "sk-canary-7f3a9b2c4d5e";

    private const string File = """
        aliases: { smart: house/one }
        defaults: { strategy: balanced }
        providers: { fixed: { dialect: openai, base_url: "http://127.0.0.1:9/v1", api_keys: [sk-of-the-file-123456] } }
        """;

    private readonly List<AdminClient> _clients = [];
    private HouseServer _house = null!;
    private string _data = null!;

    public async ValueTask InitializeAsync()
    {
        _house = await HouseServer.OpenAIAsync("one", "two", "gpt-4o-mini");
        _data = Directory.CreateTempSubdirectory("dragoman-").FullName;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await _house.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private Task<ServerUnderTest> StartAsync(string config = "") =>
        ServerUnderTest.StartAsync(
            Key,
            config,
            options => options with { Environment = name => name == "DRAGOMAN_DATA" ? _data : null }
        );

    private AdminClient ClientOf(ServerUnderTest server)
    {
        var client = new AdminClient(server.Server.Address, Key);
        _clients.Add(client);
        return client;
    }

    private JsonElement House(string id = "house") =>
        Json(
            $$"""{"id":"{{id}}","dialect":"openai","base_url":"{{_house.Address}}/v1","allow_private":true,"api_keys":["{{Secret}}"]}"""
        );

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static async Task<GatewayException> RefusedAsync(Func<Task> call) =>
        await Should.ThrowAsync<GatewayException>(call);

    [Fact]
    public async Task Provider_Added_CanBeCalledAtOnceAndAfterARestart()
    {
        await using (var server = await StartAsync())
        {
            var client = ClientOf(server);
            var added = await client.AddEntryAsync("providers", House());
            added.ETag.ShouldBe("\"v1\"");
            added.Value.GetProperty("declaredIn").GetString().ShouldBe("api");
            (await client.TestProviderAsync("house")).Available.ShouldBe(true);
        }

        await using var again = await StartAsync();
        var test = await ClientOf(again).TestProviderAsync("house");
        test.Available.ShouldBe(true);
        test.LatencyMs.ShouldNotBeNull();
        var models = await again.GetAsync("/v1/models", ("authorization", "Bearer " + Key));
        models.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Secret_Entered_IsInNoAnswerVersionExportOrFile()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());

        var said = new StringBuilder();
        said.Append((await client.EntryAsync("providers", "house")).Value.GetRawText());
        await foreach (var entry in client.EntriesAsync("providers"))
            said.Append(entry.GetRawText());
        said.Append(await client.ExportAsync(all: true));
        said.Append((await client.VersionAsync(1)).Document!.Value.GetRawText());
        said.Append((await client.CompareVersionsAsync(1, 0)).Differences[0].After);
        foreach (var path in Directory.GetFiles(_data))
        {
            await using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite
            );
            using var reader = new StreamReader(file, Encoding.Latin1);
            said.Append(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        said.ToString().ShouldNotContain(Secret);
        said.ToString().ShouldContain("${secret:house-");
        said.ToString().ShouldContain("5e");
    }

    [Fact]
    public async Task Entry_ReadAndPutBack_KeepsItsSecret()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());
        var read = await client.EntryAsync("providers", "house");
        var changed = read.Value.GetRawText().Replace("\"id\"", "\"region\":\"eu\",\"id\"");

        var put = await client.ReplaceEntryAsync("providers", "house", Json(changed), read.ETag!);

        put.Value.GetProperty("region").GetString().ShouldBe("eu");
        put.Value.GetProperty("api_keys")[0]
            .GetString()
            .ShouldBe(read.Value.GetProperty("api_keys")[0].GetString());
        (await client.TestProviderAsync("house")).Available.ShouldBe(true);
    }

    [Fact]
    public async Task Change_WithMistakes_TellsAllOfThemAndStoresNothing()
    {
        await using var server = await StartAsync();
        using var body = new StringContent(
            """{"id":"fast","models":["nobody/x"],"stratgy":"balanced","retries":7}""",
            Encoding.UTF8,
            ServerUnderTest.Json
        );
        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/api/admin/routes",
            body,
            ("authorization", "Bearer " + Key)
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe("invalid_configuration");
        var paths = problem
            .GetProperty("mistakes")
            .EnumerateArray()
            .Select(static mistake => mistake.GetProperty("path").GetString())
            .ToList();
        paths.ShouldContain("routes.fast.stratgy");
        paths.ShouldContain("routes.fast.retries");
        var client = ClientOf(server);
        (await RefusedAsync(() => client.EntryAsync("routes", "fast"))).Error.Status.ShouldBe(404);
        (
            await client.VersionsAsync().ToListAsync(TestContext.Current.CancellationToken)
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeclaredInTheFile_IsListedMaskedAndNotChanged()
    {
        await using var server = await StartAsync(File.Replace("house/one", "fixed/one"));
        var client = ClientOf(server);

        var entry = await client.EntryAsync("providers", "fixed");
        entry.Value.GetProperty("declaredIn").GetString().ShouldBe("file");
        entry.Value.GetProperty("api_keys")[0].GetString().ShouldBe("…3456");
        var put = await RefusedAsync(() =>
            client.ReplaceEntryAsync("providers", "fixed", House("fixed"), entry.ETag!)
        );
        var removed = await RefusedAsync(() => client.RemoveEntryAsync("aliases", "smart"));
        var added = await RefusedAsync(() => client.AddEntryAsync("providers", House("FIXED")));
        var settings = await client.EntryAsync("settings", "defaults");
        var said = await RefusedAsync(() =>
            client.ReplaceEntryAsync(
                "settings",
                "defaults",
                Json("""{"strategy":"cost_optimized"}"""),
                settings.ETag!
            )
        );

        foreach (var refused in (GatewayException[])[put, removed, added, said])
        {
            refused.Error.Status.ShouldBe(409);
            refused.Code.ShouldBe("declared_in_file");
            refused.Message.ShouldContain("dragoman.yaml");
        }
        // What the file does not say of them is free.
        await client.ReplaceEntryAsync(
            "settings",
            "defaults",
            Json("""{"strategy":"balanced","prefer_local":true}"""),
            settings.ETag!
        );
        var merged = (await client.EntryAsync("settings", "defaults")).Value;
        merged.GetProperty("prefer_local").GetBoolean().ShouldBeTrue();
        merged.GetProperty("strategy").GetString().ShouldBe("balanced");
    }

    [Fact]
    public async Task TwoAdminsAtOnce_TheSecondIsToldAndOverwritesNothing()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());
        await client.AddEntryAsync("aliases", Json("""{"id":"smart","target":"house/one"}"""));
        var seen = (await client.EntryAsync("aliases", "smart")).ETag!;

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async i =>
                {
                    try
                    {
                        await client.ReplaceEntryAsync(
                            "aliases",
                            "smart",
                            Json($$"""{"target":"house/m{{i}}"}"""),
                            seen
                        );
                        return 200;
                    }
                    catch (GatewayException refused)
                    {
                        return refused.Error.Status;
                    }
                })
        );

        outcomes.Count(static status => status == 200).ShouldBe(1);
        outcomes.Count(static status => status == 412).ShouldBe(7);
        using var body = new StringContent(
            "{\"target\":\"house/two\"}",
            Encoding.UTF8,
            ServerUnderTest.Json
        );
        var without = await server.SendAsync(
            HttpMethod.Put,
            "/api/admin/aliases/smart",
            body,
            ("authorization", "Bearer " + Key)
        );
        ((int)without.StatusCode).ShouldBe(428);
    }

    [Fact]
    public async Task RollBack_ToAnEarlierVersion_RestoresIt()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());
        await client.AddEntryAsync("aliases", Json("""{"id":"smart","target":"house/one"}"""));
        var entry = await client.EntryAsync("providers", "house");
        await client.RemoveEntryAsync("aliases", "smart");
        await client.RemoveEntryAsync("providers", "house", entry.ETag);

        var back = await client.RollBackAsync(2);

        back.Version.ShouldBe(5);
        back.Differences.Select(static one => $"{one.Change} {one.Kind}/{one.Id}")
            .ShouldBe(["added providers/house", "added aliases/smart"]);
        // The secret went with no version.
        (await client.TestProviderAsync("house")).Available.ShouldBe(true);
        (await client.CompareVersionsAsync(5, 2)).Differences.ShouldBeEmpty();
        var versions = await client
            .VersionsAsync()
            .ToListAsync(TestContext.Current.CancellationToken);
        versions.Select(static version => version.Number).ShouldBe([5L, 4L, 3L, 2L, 1L]);
        versions[0].What.ShouldBe("rolled back to version 2");
        versions[0].By.ShouldBe("admin");
        (await RefusedAsync(() => client.RollBackAsync(99))).Error.Status.ShouldBe(404);
    }

    [Fact]
    public async Task Remove_WhatIsNeeded_IsRefusedWithWhoNeedsIt()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());
        await client.AddEntryAsync("providers", House("other"));
        await client.AddEntryAsync("routes", Json("""{"id":"fast","models":["house/one"]}"""));

        var refused = await RefusedAsync(() => client.RemoveEntryAsync("providers", "house"));

        refused.Error.Status.ShouldBe(409);
        refused.Code.ShouldBe("in_use");
        refused.Message.ShouldContain("routes.fast");
    }

    [Theory]
    [InlineData("http://169.254.169.254/v1")]
    [InlineData("http://127.0.0.1:9/v1")]
    [InlineData("http://0x7f000001/v1")]
    public async Task Add_AProviderAtAnAddressOfTheHouse_NeedsThatSaid(string address)
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        string Body(string more) =>
            $$"""{"id":"inside","dialect":"openai","base_url":"{{address}}"{{more}}}""";

        var refused = await RefusedAsync(() => client.AddEntryAsync("providers", Json(Body(""))));

        refused.Code.ShouldBe("private_url");
        await client.AddEntryAsync("providers", Json(Body(",\"allow_private\":true")));
    }

    [Theory]
    [InlineData("""{"id":"smart","model":"house/one"}""", "'model' is not known")]
    [InlineData("""{"id":"smart"}""", "'target' must be")]
    [InlineData("""{"id":"smart","target":["a"]}""", "'target' must be")]
    public async Task Add_AnAliasThatSaysNotWhatItStandsFor_IsRefused(string body, string said)
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());

        var refused = await RefusedAsync(() => client.AddEntryAsync("aliases", Json(body)));

        refused.Error.Status.ShouldBe(400);
        refused.Message.ShouldContain(said);
    }

    [Fact]
    public async Task Import_OfWhatWasExported_MakesTheSame()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());
        await client.AddEntryAsync(
            "rules",
            Json(
                """{"name":"code to one","priority":5,"when":{"task_type":"code"},"target":"house/one"}"""
            )
        );
        var yaml = await client.ExportAsync();
        await client.RollBackAsync(0);

        var trial = await client.ImportAsync(yaml, dryRun: true);
        trial.DryRun.ShouldBeTrue();
        trial.Differences.Count.ShouldBe(2);
        (
            await client.EntriesAsync("rules").ToListAsync(TestContext.Current.CancellationToken)
        ).ShouldBeEmpty();
        await client.ImportAsync(yaml);

        (await client.ExportAsync()).ShouldBe(yaml);
        (await client.ImportAsync(yaml, replace: true)).Differences.ShouldBeEmpty();
        var wrong = await client.ImportAsync(
            "routes:\n  a: { models: [x/y] }\nnonsense: 1\n",
            dryRun: true
        );
        wrong.Mistakes.ShouldContain(static mistake => mistake.Path == "nonsense");
    }

    [Fact]
    public async Task Rules_AreListedByPriorityAndPaged()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());
        foreach (
            var (name, priority) in (IEnumerable<(string, int)>)[("a", 30), ("b", 10), ("c", 20)]
        )
            await client.AddEntryAsync(
                "rules",
                Json($$"""{"name":"{{name}}","priority":{{priority}},"target":"house/one"}""")
            );

        var first = await client.ListAsync(
            "rules",
            ConfigurationJson.Readable.AdminListJsonElement,
            limit: 2
        );
        var rest = await client.ListAsync(
            "rules",
            ConfigurationJson.Readable.AdminListJsonElement,
            first.NextAfter,
            2
        );

        first
            .Data.Concat(rest.Data)
            .Select(static rule => rule.GetProperty("id").GetString())
            .ShouldBe(["b", "c", "a"]);
        rest.NextAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Discover_ModelsOfAProvider_CanBeTaken()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);
        await client.AddEntryAsync("providers", House());

        var found = await client.DiscoverAsync("house");
        found.Complete.ShouldBeTrue();
        found.Models.Select(static model => model.Model).ShouldBe(["one", "two", "gpt-4o-mini"]);
        var taken = await client.TakeModelsAsync("house", ["one"]);

        taken.Differences.ShouldHaveSingleItem().Id.ShouldBe("house/one");
        (await client.DiscoverAsync("house")).Models[0].Deployments.ShouldBe(["house/one"]);
        (await client.EntryAsync("models", "house/one"))
            .Value.GetProperty("provider")
            .GetString()
            .ShouldBe("house");
        (await RefusedAsync(() => client.TakeModelsAsync("house", ["tow"]))).Message.ShouldContain(
            "Did you mean 'two'?"
        );
    }

    [Fact]
    public async Task Start_WithABrokenEntryInTheDatabase_ServesTheRestAndNamesIt()
    {
        await using (var server = await StartAsync())
        {
            await ClientOf(server).AddEntryAsync("providers", House());
        }
        using (
            var database = SqliteDatabase.Open(
                new DatabaseLocation(Path.Combine(_data, "dragoman.db"))
            )
        )
        {
            var store = new SqliteConfigurationStore(database);
            var (entries, version) = store.Load();
            store
                .Commit(
                    [
                        entries[0] with
                        {
                            Kind = "routes",
                            Id = "broken",
                            Json = """{"models":["nobody/x"],"nonsense":true}""",
                        },
                        entries[0] with
                        {
                            Kind = "chains",
                            Id = "torn",
                            Json = """{"models":["route-that-was"]}""",
                        },
                    ],
                    [],
                    new Dragoman.Configuration.Stored.StoredVersion
                    {
                        Number = version + 1,
                        At = DateTimeOffset.UnixEpoch,
                        What = "by hand",
                        Document = "{}",
                    }
                )
                .ShouldBeTrue();
        }

        await using var again = await StartAsync();
        var client = ClientOf(again);

        (await client.TestProviderAsync("house")).Available.ShouldBe(true);
        (await client.EntryAsync("routes", "broken"))
            .Value.GetProperty("trouble")
            .GetString()!
            .ShouldContain("routes.broken");
        again.Server.Configuration.Mistakes.ShouldContain(static mistake =>
            mistake.IsWarning && mistake.Message.Contains("'broken' is left out")
        );
        // It stands in nobody's way, and can be mended.
        await client.AddEntryAsync("aliases", Json("""{"id":"smart","target":"house/one"}"""));
        await client.RemoveEntryAsync("routes", "broken");
    }

    [Fact]
    public async Task Start_UnderAnotherMasterKey_IsRefusedInWords()
    {
        await using (var server = await StartAsync())
        {
            await ClientOf(server).AddEntryAsync("providers", House());
        }

        var refused = await Should.ThrowAsync<ServerStartException>(() =>
            ServerUnderTest.StartAsync(
                Key,
                "",
                options =>
                    options with
                    {
                        Environment = name =>
                            name == "DRAGOMAN_DATA" ? _data
                            : name == "DRAGOMAN_MASTER_KEY" ? "another key than the one of the file"
                            : null,
                    }
            )
        );

        refused.Message.ShouldContain("another master key");
        refused.Message.ShouldContain("dragoman secrets rotate");
    }

    [Fact]
    public async Task Entry_ThatReadsTheServersOwnVariables_IsRefused()
    {
        await using var server = await StartAsync();
        var client = ClientOf(server);

        var refused = await RefusedAsync(() =>
            client.AddEntryAsync(
                "providers",
                Json(
                    """{"id":"spy","dialect":"openai","base_url":"http://127.0.0.1:9/${DRAGOMAN_MASTER_KEY}","allow_private":true}"""
                )
            )
        );

        refused.Error.Status.ShouldBe(400);
        refused.Message.ShouldContain("DRAGOMAN_MASTER_KEY");
    }
}
