using System.Net;
using Dragoman.Exchanges;
using Dragoman.Simulator;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.Usage;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed class DrainTests
{
    private const string Chat = "/v1/chat/completions";

    private static string Ask(string model) =>
        $"{{\"model\":\"sim/{model}\",\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}]}}";

    [Fact]
    public async Task Stop_WhileAStreamRuns_LetsItEndAndStoresItsRecord()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { ChunkDelay = TimeSpan.FromMilliseconds(20) }
        );
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator)
        );
        using var answer = await BeginAsync(server, "swift");
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await stream.ReadLineAsync())!.ShouldStartWith("data:");

        var stopping = server.Server.DisposeAsync();
        var rest = await stream.ReadToEndAsync();
        await stopping;

        rest.ShouldEndWith("data: [DONE]\n\n");
        (await RecordOf(server, answer)).Outcome.ShouldBe(ExchangeOutcome.Succeeded);
    }

    [Fact]
    public async Task Stop_WhenAStreamDoesNotEndInTime_BreaksItOffAndStoresItsRecord()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(
            config: ServerUnderTest.ConfigOf(simulator),
            configure: options => options with { DrainTime = TimeSpan.FromMilliseconds(200) }
        );
        using var answer = await BeginAsync(server, "fault-stall");
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await stream.ReadLineAsync())!.ShouldStartWith("data:");

        await server.Server.DisposeAsync();

        await Should.ThrowAsync<Exception>(stream.ReadToEndAsync);
        (await RecordOf(server, answer)).Outcome.ShouldBe(ExchangeOutcome.Cancelled);
    }

    private static async Task<HttpResponseMessage> BeginAsync(ServerUnderTest server, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat)
        {
            Content = new StringContent(
                Ask(model),
                System.Text.Encoding.UTF8,
                ServerUnderTest.Json
            ),
        };
        var answer = await server.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return answer;
    }

    /// <summary>Reads it from the database as the stopped server left it.</summary>
    private static async Task<UsageRecord> RecordOf(
        ServerUnderTest server,
        HttpResponseMessage answer
    )
    {
        RequestId
            .TryParse(answer.Headers.GetValues("x-dragoman-request-id").Single(), out var id)
            .ShouldBeTrue();
        using var database = SqliteDatabase.Open(
            new DatabaseLocation(Path.Combine(server.Folder, "dragoman.db"))
        );
        using var store = new SqliteUsageStore(database);
        return (await store.FindAsync(id)).ShouldNotBeNull();
    }
}
