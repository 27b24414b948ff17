using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed class GateTests
{
    private const string Key = "dk-correct-horse";

    [Theory]
    [InlineData("Authorization", "Bearer " + Key)]
    [InlineData("Authorization", "bearer " + Key)]
    [InlineData("x-api-key", Key)]
    [InlineData("api-key", Key)]
    [InlineData("x-goog-api-key", Key)]
    public async Task Gate_RightKeyInAnyHeader_LetsPass(string header, string value)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.GetAsync("/v1/models", (header, value));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gate_RightKeyInTheQuery_LetsPass()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.GetAsync("/v1/models?key=" + Key);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gate_PlaceholderBesideTheRightKey_LetsPass()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.GetAsync(
            "/v1/models",
            ("Authorization", "Bearer unused"),
            ("x-api-key", Key)
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null, null, "No API key")]
    [InlineData("Authorization", "Basic " + Key, "malformed")]
    [InlineData("Authorization", "Bearer ", "malformed")]
    [InlineData("Authorization", "Bearer wrong", "not one of this server's")]
    [InlineData("x-api-key", Key + "x", "not one of this server's")]
    [InlineData("api-key", "dk-correct-hors", "not one of this server's")]
    public async Task Gate_NoRightKey_Answers401WithTheReason(
        string? header,
        string? value,
        string reason
    )
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = header is null
            ? await server.GetAsync("/v1/models")
            : await server.GetAsync("/v1/models", (header, value!));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("invalid_api_key");
        error.GetProperty("message").GetString()!.ShouldContain(reason);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/messages")]
    [InlineData("/v1beta/models/x:generateContent")]
    [InlineData("/api/chat")]
    [InlineData("/api/llm/requests")]
    [InlineData("/api/admin/keys")]
    [InlineData("/metrics")]
    [InlineData("/")]
    public async Task Gate_WithKey_GuardsEveryAddress(string path)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Gate_WithKey_LeavesHealthProbesOpen(string path)
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gate_WithKey_ServesAnyHostName()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);

        using var answer = await server.GetAsync(
            "/v1/models",
            ("Host", "gateway.example"),
            ("x-api-key", Key)
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8007", true)]
    [InlineData("app.localhost", true)]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("[::1]:8007", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("192.168.0.2", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("[fe80::1]", false)]
    public async Task Gate_Open_ServesOnlyHostsThatAreThisMachine(string host, bool served)
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/v1/models", ("Host", host));

        answer.StatusCode.ShouldBe(served ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        if (!served)
            (await answer.ErrorCodeAsync()).ShouldBe("host_not_allowed");
    }

    [Theory]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1:8007", true)]
    [InlineData("http://[::1]", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("null", false)]
    [InlineData("file://", false)]
    public async Task Gate_Open_RefusesPagesOfOtherOrigins(string origin, bool served)
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/v1/models", ("Origin", origin));

        answer.StatusCode.ShouldBe(served ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        if (!served)
            (await answer.ErrorCodeAsync()).ShouldBe("origin_not_allowed");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Gate_OpenAndNotJson_Answers415(string? contentType)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var answer = await server.SendAsync(HttpMethod.Post, "/v1/chat/completions", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await answer.ErrorCodeAsync()).ShouldBe("unsupported_media_type");
    }

    [Fact]
    public async Task Start_WithoutKeyOnAnOutsideAddress_IsRefusedWithTheReason()
    {
        var refusal = await Should.ThrowAsync<ServerStartException>(() =>
            ServerUnderTest.StartAsync(configure: options => options with { Host = "0.0.0.0" })
        );

        refusal.Message.ShouldContain("DRAGOMAN_ADMIN_KEY");
    }

    [Fact]
    public async Task Start_OnATakenPort_SaysSo()
    {
        await using var first = await ServerUnderTest.StartAsync();

        var refusal = await Should.ThrowAsync<ServerStartException>(() =>
            ServerUnderTest.StartAsync(configure: options =>
                options with
                {
                    Host = "127.0.0.1",
                    Port = first.Server.Address.Port,
                }
            )
        );

        refusal.Message.ShouldContain("in use");
    }
}
