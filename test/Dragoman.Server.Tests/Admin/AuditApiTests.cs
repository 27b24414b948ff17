using System.Net;
using System.Text.Json;
using Dragoman.Access.Auditing;
using Dragoman.Cli;
using Dragoman.Server.Tests.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.SignIn;
using Dragoman.TestKit;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Admin;

/// <summary>The trail over HTTP and at the command line.</summary>
public sealed class AuditApiTests
{
    private const string Key = "dk-correct-horse-battery";

    [Fact]
    public async Task List_AfterASignInAndAChange_SaysWhoFromWhereAndWhat()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var anna = await SignedIn.AsAsync(server, Key, "anna", "admin");
        using var made = await anna.SendAsync(
            HttpMethod.Post,
            "/api/admin/teams",
            """{"id":"red","name":"Red"}""",
            ("User-Agent", "test/1")
        );

        var entries = (await JsonAsync(server, "/api/admin/audit?who=user:anna")).GetProperty(
            "data"
        );

        entries.GetArrayLength().ShouldBe(2);
        var (change, signIn) = (entries[0], entries[1]);
        signIn.GetProperty("action").GetString().ShouldBe("session.create");
        signIn.GetProperty("subject").GetString().ShouldBe(anna.Id);
        change.GetProperty("action").GetString().ShouldBe("team.create");
        change.GetProperty("name").GetString().ShouldBe("anna");
        change.GetProperty("role").GetString().ShouldBe("admin");
        change.GetProperty("address").GetString()!.ShouldContain("127.0.0.1");
        change.GetProperty("user_agent").GetString().ShouldBe("test/1");
        change.GetProperty("before").ValueKind.ShouldBe(JsonValueKind.Null);
        change.GetProperty("after").GetProperty("name").GetString().ShouldBe("Red");
        (await NumbersAsync(server, "action=team")).ShouldHaveSingleItem();
        (await NumbersAsync(server, "subject=red&action=team.create")).ShouldHaveSingleItem();
        (await NumbersAsync(server, "until=2020-01-01")).ShouldBeEmpty();
    }

    [Fact]
    public async Task FailedSignIns_AreNotedWithoutWhatWasTyped()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await SignedIn.AsAsync(server, Key, "anna", "member");
        foreach (var email in new[] { "anna@example.com", "my-password-by-mistake" })
            using (
                await server.PostAsync(
                    "/api/sessions",
                    $$"""{"email":"{{email}}","password":"wrong-canary"}"""
                )
            ) { }

        var text = (await JsonAsync(server, "/api/admin/audit?action=session.fail")).ToString();

        var entries = JsonDocument.Parse(text).RootElement.GetProperty("data");
        entries.GetArrayLength().ShouldBe(2);
        entries[1].GetProperty("subject").GetString().ShouldBe("user:anna");
        entries[0].GetProperty("subject").ValueKind.ShouldBe(JsonValueKind.Null);
        text.ShouldNotContain("canary");
        text.ShouldNotContain("mistake");
    }

    [Fact]
    public async Task Reload_OfAnotherFile_IsAnEntryOfTheFiles()
    {
        var time = new ManualTime();
        await using var server = await ServerUnderTest.StartAsync(
            Key,
            "aliases: {}\n",
            options => options with { Time = time }
        );
        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "dragoman.yaml"),
            "aliases: { }\n"
        );

        JsonElement entries = default;
        await Eventually.TrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            entries = (
                await JsonAsync(server, "/api/admin/audit?action=configuration")
            ).GetProperty("data");
            return entries.GetArrayLength() > 1;
        });

        entries[1].GetProperty("who").GetString().ShouldBe("start");
        entries[0].GetProperty("who").GetString().ShouldBe("file");
        entries[0].GetProperty("subject").GetString()!.ShouldEndWith("dragoman.yaml");
        entries[0]
            .GetProperty("before")
            .GetProperty("sha256")
            .GetString()
            .ShouldBe(entries[1].GetProperty("after").GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Export_InBothFormats_HoldsEveryEntry()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MakeTeamsAsync(server, 3);

        using var lines = await server.GetAsync("/api/admin/audit/export", ("x-api-key", Key));
        using var table = await server.GetAsync(
            "/api/admin/audit/export?format=csv&action=team",
            ("x-api-key", Key)
        );

        var entries = (await lines.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .ToList();
        entries.Count.ShouldBe(4);
        entries[0].GetProperty("number").GetInt64().ShouldBe(4);
        lines.Content.Headers.ContentDisposition!.FileName.ShouldBe("dragoman-audit.jsonl");
        var rows = (await table.Content.ReadAsStringAsync()).Split(
            "\r\n",
            StringSplitOptions.RemoveEmptyEntries
        );
        rows.Length.ShouldBe(4);
        rows[0].ShouldStartWith("number,at,who");
        // A name that begins like a formula is none to a spreadsheet.
        rows[1].ShouldContain("'=cmd");
    }

    [Fact]
    public async Task Verify_OverHttpAndAtTheCommandLine_SeesWhatWasChanged()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MakeTeamsAsync(server, 3);
        var line = new CommandLine { UsualServer = server.Server.Address }
            .With("DRAGOMAN_DATA", server.Folder)
            .With("DRAGOMAN_ADMIN_KEY", Key);

        var whole = await JsonAsync(server, "/api/admin/audit/verify");
        whole.GetProperty("whole").GetBoolean().ShouldBeTrue();
        whole.GetProperty("entries").GetInt64().ShouldBe(4);
        var end = whole.GetProperty("end").GetString()!;
        foreach (var args in Ways())
        {
            var ran = await line.RunAsync(args);
            ran.Code.ShouldBe(ExitCodes.Success, ran.Error);
            ran.Out.ShouldContain("whole: 4 entries");
        }

        Change(server, "UPDATE audit SET subject = 'other' WHERE number = 3");

        foreach (var args in Ways())
        {
            var ran = await line.RunAsync(args);
            ran.Code.ShouldBe(ExitCodes.Failure);
            ran.Error.ShouldContain("Entry 3");
        }
        (await JsonAsync(server, "/api/admin/audit/verify"))
            .GetProperty("first_broken")
            .GetInt64()
            .ShouldBe(3);

        string[][] Ways() =>
            [
                ["audit", "verify"],
                ["audit", "verify", "--offline"],
                ["audit", "verify", "--database", Path.Combine(server.Folder, "dragoman.db")],
                ["audit", "verify", "--end", end],
            ];
    }

    [Fact]
    public async Task Verify_WithoutTheKeyOrTheDatabase_SaysSoAndMakesNone()
    {
        using var folder = new TemporaryFolder();
        var line = new CommandLine().With("DRAGOMAN_DATA", folder.Path);

        var ran = await line.RunAsync("audit", "verify", "--offline");
        ran.Code.ShouldBe(ExitCodes.Failure);
        ran.Error.ShouldContain("no database");

        await File.WriteAllTextAsync(folder.File("dragoman.db"), "");
        ran = await line.RunAsync("audit", "verify", "--offline");
        ran.Error.ShouldContain("key");
        File.Exists(folder.File("master.key")).ShouldBeFalse();
        (await line.RunAsync("audit", "verify", "--end", "x")).Code.ShouldBe(ExitCodes.WrongUsage);
    }

    [Fact]
    public async Task CommandLine_ListsAndExports()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MakeTeamsAsync(server, 2);
        var line = new CommandLine { UsualServer = server.Server.Address }.With(
            "DRAGOMAN_ADMIN_KEY",
            Key
        );

        var list = await line.RunAsync("audit", "list", "--action", "team");
        list.Code.ShouldBe(ExitCodes.Success, list.Error);
        list.Out.Split('\n').Count(static row => row.Contains("team.create")).ShouldBe(2);
        var export = await line.RunAsync("audit", "export", "--format", "csv");
        export.Out.ShouldStartWith("number,at,who");
        var json = await line.RunAsync("audit", "list", "--limit", "1", "--json");
        JsonDocument.Parse(json.Out).RootElement.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("audit?since=yesterday", "since")]
    [InlineData("audit?after=x", "after")]
    [InlineData("audit?limit=0", "limit")]
    [InlineData("audit?actor=x", "actor")]
    [InlineData("audit/export?format=xml", "format")]
    [InlineData("audit/verify?end=1:2", "end")]
    public async Task Get_WithoutSense_Is400ThatNamesTheParameter(string path, string param)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.GetAsync("/api/admin/" + path, ("x-api-key", Key));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task Trail_AfterARestart_GoesOn()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        await MakeTeamsAsync(server, 2);

        await using var again = await ServerUnderTest.StartAsync(
            Key,
            configure: options =>
                options with
                {
                    Environment = name => name == "DRAGOMAN_DATA" ? server.Folder : null,
                }
        );
        using var made = await again.PostAsync(
            "/api/admin/teams",
            """{"name":"later"}""",
            ("x-api-key", Key)
        );

        var check = await JsonAsync(again, "/api/admin/audit/verify");
        check.GetProperty("whole").GetBoolean().ShouldBeTrue(check.ToString());
        ExpectedEnd.Read(check.GetProperty("end").GetString()!)!.Number.ShouldBeGreaterThan(4);
    }

    /// <summary>The first of them, which is the last told, has a name that a spreadsheet would work out.</summary>
    private static async Task MakeTeamsAsync(ServerUnderTest server, int count)
    {
        for (var i = 1; i <= count; i++)
            using (
                var made = await server.PostAsync(
                    "/api/admin/teams",
                    $$"""{"id":"team{{i}}","name":"Team"}""",
                    ("x-api-key", Key),
                    ("User-Agent", "=cmd|' /C calc'!A0")
                )
            )
                made.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static void Change(ServerUnderTest server, string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(server.Folder, "dragoman.db")};Pooling=False"
        );
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery().ShouldBe(1);
    }

    private static async Task<IReadOnlyList<long>> NumbersAsync(
        ServerUnderTest server,
        string query
    ) =>
        [
            .. (await JsonAsync(server, "/api/admin/audit?" + query))
                .GetProperty("data")
                .EnumerateArray()
                .Select(static entry => entry.GetProperty("number").GetInt64()),
        ];

    private static async Task<JsonElement> JsonAsync(ServerUnderTest server, string path)
    {
        using var answer = await server.GetAsync(path, ("x-api-key", Key));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.JsonAsync();
    }
}
