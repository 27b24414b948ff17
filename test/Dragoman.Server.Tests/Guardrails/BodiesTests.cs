using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Exchanges;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.Inference;
using Dragoman.TestKit;
using Dragoman.Usage.Bodies;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Guardrails;

/// <summary>Prompts and answers are kept for whom configuration names, redacted and encrypted, and shown to who may see them.</summary>
public sealed class BodiesTests
{
    private const string AdminKey = "the-admin-key-of-this-test";
    private const string Prompt = "Tell the walrus story to anna.berg@example.com";

    [Theory]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("openai-responses", false)]
    [InlineData("openai-responses", true)]
    [InlineData("anthropic", false)]
    [InlineData("anthropic", true)]
    [InlineData("gemini", false)]
    [InlineData("gemini", true)]
    [InlineData("ollama", false)]
    [InlineData("ollama", true)]
    public async Task Bodies_OfARouteThatKeepsThem_AreShownRedacted(string dialect, bool stream)
    {
        await using var provider = await Answering("I sent it to bob@example.org, as asked.");
        await using var server = await StartAsync(provider, "bodies: { m: { route: m } }");

        using var answer = await new DialectClient(server, dialect).SendAsync(Asking(stream));
        await answer.Content.ReadAsStringAsync();
        var record = await RecordAsync(server, answer);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var bodies = record.GetProperty("bodies");
        Text(bodies.GetProperty("prompt")).ShouldBe("Tell the walrus story to [email]");
        Text(bodies.GetProperty("answer")).ShouldBe("I sent it to [email], as asked.");
        var days =
            bodies.GetProperty("kept_until").GetDateTimeOffset()
            - record.GetProperty("started_at").GetDateTimeOffset();
        days.TotalDays.ShouldBe(30, 0.01);
    }

    [Fact]
    public async Task Bodies_OfTheNativeApi_AreKeptToo()
    {
        await using var provider = await Answering("Once there was a walrus.");
        await using var server = await StartAsync(provider, "bodies: { all: { } }");

        using var answer = await server.PostAsync(
            "/api/llm/query",
            $$"""{"prompt":"{{Prompt}}","model":"m"}"""
        );
        var id = (await answer.JsonAsync()).GetProperty("id").GetString();
        using var shown = await server.GetAsync("/api/llm/requests/" + id);

        var bodies = (await shown.JsonAsync()).GetProperty("bodies");
        Text(bodies.GetProperty("prompt")).ShouldBe("Tell the walrus story to [email]");
        Text(bodies.GetProperty("answer")).ShouldBe("Once there was a walrus.");
    }

    [Fact]
    public async Task Bodies_OfAnotherRoute_AreNotKept()
    {
        await using var provider = await Answering("Fine.");
        await using var server = await StartAsync(provider, "bodies: { m: { route: other } }");

        using var answer = await new DialectClient(server, "openai").SendAsync(Asking(false));
        var record = await RecordAsync(server, answer);

        record.GetProperty("bodies").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Bodies_OnDisk_AreNotReadable()
    {
        await using var provider = await Answering("Once there was a walrus.");
        await using var server = await StartAsync(
            provider,
            "bodies: { m: { route: m, redact: [], retention_days: 2 } }"
        );
        using var answer = await new DialectClient(server, "openai").SendAsync(Asking(false));
        var record = await RecordAsync(server, answer);

        Text(record.GetProperty("bodies").GetProperty("prompt")).ShouldBe(Prompt);
        foreach (var file in Directory.GetFiles(server.Folder, "dragoman.db*"))
        {
            await using var open = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite
            );
            using var bytes = new MemoryStream();
            await open.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            Encoding.UTF8.GetString(bytes.ToArray()).ShouldNotContain("walrus");
        }
    }

    [Fact]
    public async Task Keeper_WhenTheTimeIsOver_ShowsNothingAndDeletes()
    {
        var time = new ManualTime();
        var store = new InMemoryBodyStore();
        await using var keeper = new BodyKeeper(
            store,
            static () => new byte[32],
            time,
            NullLogger<BodyKeeper>.Instance
        );
        var id = new RequestId(42);
        keeper.Take(
            new WaitingBody(
                id,
                time.GetUtcNow(),
                new BodyRule("r") { Retention = TimeSpan.FromDays(1) },
                Dragoman.Dialects.DialectSlice.Find("openai")!
            )
            {
                Prompt = """[{"role":"user"}]"""u8.ToArray(),
            }
        );
        var token = TestContext.Current.CancellationToken;
        (await keeper.FindAsync(id, token))!.Prompt.ShouldNotBeNull();

        time.Advance(TimeSpan.FromDays(1));

        (await keeper.FindAsync(id, token)).ShouldBeNull();
        // What the sweep does every ten minutes.
        (store.DeleteExpired(time.GetUtcNow()) is 0 or 1).ShouldBeTrue();
        store.Find(id, DateTimeOffset.MinValue).ShouldBeNull();
    }

    [Fact]
    public void Seal_OfAnotherRequest_DoesNotOpen()
    {
        var seal = new BodySeal(new byte[32]);
        var box = seal.Close("secret"u8, [1]);

        seal.Open(box, [1]).ShouldBe("secret"u8.ToArray());
        seal.Open(box, [2]).ShouldBeNull();
        new BodySeal([.. Enumerable.Repeat((byte)1, 32)]).Open(box, [1]).ShouldBeNull();
        box[^1] ^= 1;
        seal.Open(box, [1]).ShouldBeNull();
    }

    [Fact]
    public async Task Bodies_OfAKey_AreShownToItAndToAdminsAlone()
    {
        await using var provider = await Answering("Fine.");
        await using var server = await StartAsync(provider, "bodies: { all: { } }", AdminKey);
        var mine = await KeyAsync(server, "inference");
        var viewer = await KeyAsync(server, "viewer");
        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"user","content":"walrus"}]}""",
            ("Authorization", "Bearer " + mine)
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await ShownAsync(mine)).ShouldBe("walrus");
        (await ShownAsync(AdminKey)).ShouldBe("walrus");
        (await ShownAsync(viewer)).ShouldBeNull();

        async Task<string?> ShownAsync(string key)
        {
            var bodies = (await RecordAsync(server, answer, key)).GetProperty("bodies");
            return bodies.ValueKind == JsonValueKind.Null
                ? null
                : Text(bodies.GetProperty("prompt"));
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/a.png", "")]
    [InlineData("http://169.254.169.254/a.png", "allow_private_urls: ['files.corp']")]
    [InlineData("http://gpu/a.png", "allow_private_urls: false")]
    public async Task PrivateUrl_InARequest_IsRefusedBeforeAnybodyIsAsked(string url, string more)
    {
        await using var provider = await Answering("Fine.");
        await using var server = await StartAsync(provider, more);

        using var answer = await server.PostAsync("/v1/chat/completions", WithImage(url));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.ErrorCodeAsync()).ShouldBe("private_url");
        provider.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/a.png", "allow_private_urls: true")]
    [InlineData("http://files.corp.local/a.png", "allow_private_urls: ['*.corp.local']")]
    [InlineData("https://8.8.8.8/a.png", "")]
    public async Task PrivateUrl_Allowed_GoesByUntouched(string url, string more)
    {
        await using var provider = await Answering("Fine.");
        await using var server = await StartAsync(provider, more);

        using var answer = await server.PostAsync("/v1/chat/completions", WithImage(url));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        provider.Last.Body.ShouldBe(WithImage(url));
    }

    private static string WithImage(string url) =>
        $$$"""{"model":"m", "messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}""";

    private static async Task<string> KeyAsync(ServerUnderTest server, string role)
    {
        using var made = await server.PostAsync(
            "/api/admin/keys",
            $$"""{"name":"{{role}}","role":"{{role}}"}""",
            ("Authorization", "Bearer " + AdminKey)
        );
        var text = await made.Content.ReadAsStringAsync();
        made.IsSuccessStatusCode.ShouldBeTrue(text);
        var at = text.IndexOf("sk-dm-", StringComparison.Ordinal);
        return text[at..text.IndexOf('"', at)];
    }

    private static Task<ServerUnderTest> StartAsync(
        ScriptedProvider provider,
        string more,
        string? key = null
    ) =>
        ServerUnderTest.StartAsync(
            key,
            $$"""
            providers: { sim: { dialect: openai, base_url: "{{provider.BaseUrl}}", api_keys: [k] } }
            models: [{ name: m, provider: sim, model: m, capabilities: [vision] }]
            {{more}}
            """
        );

    private static ChatRequest Asking(bool stream) =>
        new()
        {
            Model = JsonText.Of("m"),
            Messages = [Message.OfText(MessageRole.User, Prompt)],
            MaxTokens = 64,
            Stream = stream,
        };

    private static async Task<JsonElement> RecordAsync(
        ServerUnderTest server,
        HttpResponseMessage answer,
        string? key = null
    )
    {
        var path =
            "/api/llm/requests/" + answer.Headers.GetValues("x-dragoman-request-id").Single();
        using var record = await (
            key is null
                ? server.GetAsync(path)
                : server.GetAsync(path, ("Authorization", "Bearer " + key))
        );
        return await record.JsonAsync();
    }

    /// <summary>All texts of a kept body.</summary>
    private static string Text(JsonElement body) =>
        string.Concat(
            body.EnumerateArray()
                .SelectMany(static message => message.GetProperty("parts").EnumerateArray())
                .Where(static part => part.TryGetProperty("text", out _))
                .Select(static part => part.GetProperty("text").GetString())
        );

    private static Task<ScriptedProvider> Answering(string text) =>
        ScriptedAnswers.SayingAsync(text);
}
