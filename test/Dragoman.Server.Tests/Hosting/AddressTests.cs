using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed class AddressTests
{
    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "unknown_url")]
    [InlineData("POST", "/v1/completions", 404, "unknown_url")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/embeddings", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/models", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/models/no/such:model", 404, "model_not_found")]
    public async Task OpenAIAddress_NotServed_AnswersInItsShape(
        string method,
        string path,
        int status,
        string code
    )
    {
        await using var server = await ServerUnderTest.StartAsync();
        var content =
            method == "POST" ? new StringContent("{}", Encoding.UTF8, ServerUnderTest.Json) : null;

        using var answer = await server.SendAsync(new HttpMethod(method), path, content);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.ErrorCodeAsync()).ShouldBe(code);
    }

    [Fact]
    public async Task UnknownAddress_Asked_AnswersAProblemDocument()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/api/llm/nothing");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.JsonAsync();
        problem.GetProperty("code").GetString().ShouldBe("not_found");
        problem.GetProperty("detail").GetString()!.ShouldContain("/v1");
    }

    [Fact]
    public async Task Answers_AnyAddress_DoNotNameTheServersSoftware()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/v1/models");

        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Models_Asked_AreAList()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync("/v1/models");

        var list = await answer.JsonAsync();
        list.GetProperty("object").GetString().ShouldBe("list");
        list.GetProperty("data").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Array);
    }

    [Theory]
    [InlineData("/api/llm/requests/req_0000000000000")]
    [InlineData("/api/llm/requests/nonsense")]
    public async Task Record_OfNoExchange_IsAProblemWithItsCode(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.JsonAsync()).GetProperty("code").GetString().ShouldBe("request_not_found");
    }
}
