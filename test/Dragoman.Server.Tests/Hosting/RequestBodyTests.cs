using System.Globalization;
using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed class RequestBodyTests
{
    private const string Chat = "/v1/chat/completions";

    private static Task<ServerUnderTest> StartSmallAsync() =>
        ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                MaxBodyBytes = 1024 * 1024,
            }
        );

    [Fact]
    public async Task Body_AnnouncedTooLarge_Answers413WithoutReadingIt()
    {
        await using var server = await StartSmallAsync();
        await using var connection = await server.ConnectAsync();

        await connection.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Chat} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n"
            )
        );

        var answer = await new StreamReader(connection).ReadLineAsync();
        answer.ShouldBe("HTTP/1.1 413 Payload Too Large");
    }

    [Fact]
    public async Task Body_TooLargeInChunks_Answers413InItsShape()
    {
        await using var server = await StartSmallAsync();
        await using var connection = await server.ConnectAsync();
        await connection.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Chat} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
        );
        var chunk = Encoding.ASCII.GetBytes(
            $"{0x10000.ToString("x", CultureInfo.InvariantCulture)}\r\n{new string(' ', 0x10000)}\r\n"
        );
        for (var i = 0; i < 17; i++)
            await connection.WriteAsync(chunk);

        var reader = new StreamReader(connection);
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 413 Payload Too Large");
        while (await reader.ReadLineAsync() is { Length: > 0 }) { }
        (await reader.ReadLineAsync())!.ShouldContain("request_too_large");
    }

    [Theory]
    [InlineData("ffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}and more\r\n0\r\n\r\n")]
    public async Task Body_InChunksThatAreNone_IsTheClientsMistake(string body)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var connection = await server.ConnectAsync();

        await connection.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Chat} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{body}"
            )
        );

        var reader = new StreamReader(connection);
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 400 Bad Request");
        while (await reader.ReadLineAsync() is { Length: > 0 }) { }
        (await reader.ReadLineAsync())!.ShouldContain("invalid_request_error");
    }

    [Fact]
    public async Task Body_NotJson_TellsThePosition()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.PostAsync(Chat, "{\"model\":\"m\",\n  nope}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.JsonAsync()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("invalid_json");
        error.GetProperty("message").GetString()!.ShouldContain("line 2");
        answer.Headers.GetValues("x-dragoman-request-id").Single().ShouldStartWith("req_");
    }

    [Fact]
    public async Task Body_EmptyOne_Answers400()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.PostAsync(Chat, "");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Wish_OfAnUnknownName_IsRefusedWithTheKnownOnes()
    {
        await using var server = await ServerUnderTest.StartAsync();

        using var answer = await server.PostAsync(
            Chat,
            "{\"model\":\"m\",\"messages\":[]}",
            ("x-dragoman-stratgy", "balanced")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("strategy");
    }
}
