using Dragoman.Catalog;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>Answers that are not of the shape that was asked for: the simulated DeepSeek knows JSON objects, and no schemas.</summary>
public sealed class SchemaMismatchTests
{
    private const string Asked = """
        {"model":"a-route","stream":false,"messages":[{"role":"user","content":"Three lamps"}],
        "response_format":{"type":"json_schema","json_schema":{"name":"offer","schema":{"type":"object",
        "properties":{"lamps":{"type":"integer"}},"required":["lamps"],"additionalProperties":false}}}}
        """;

    private static string Asking(bool stream) =>
        stream ? Asked.Replace("false,\"mess", "true,\"mess", StringComparison.Ordinal) : Asked;

    [Fact]
    public async Task Forward_AnAnswerOfAnotherShape_IsTriedAgainThenFailedOver()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Asking(stream: false),
            DeepSeek(bench),
            bench.Deployment("swift")
        );

        finished.Status.ShouldBe(200);
        finished.Words.ShouldBe(["schema_mismatch", "schema_mismatch", "success"]);
        finished.Text.ShouldContain("lamps");
        // The provider was paid for it, and did not fail.
        finished.Log.Attempts[0].Usage!.Output!.Value.ShouldBeGreaterThan(0);
        finished.Log.Changes.ShouldContain(
            "translated:response_format=json_object and an instruction"
        );
    }

    [Fact]
    public async Task Forward_NobodyWhoAnswersInShape_IsToldWithWhatIsWrong()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var deployment = DeepSeek(bench);

        var finished = await bench.AskAsync(Asking(stream: false), deployment);

        finished.Status.ShouldBe(502);
        var error = finished.Error();
        error.Code().ShouldBe("schema_mismatch");
        error.GetProperty("message").GetString()!.ShouldContain("does not follow the schema");
        deployment.State.IsCooling(DateTimeOffset.UtcNow).ShouldBeFalse();
    }

    [Fact]
    public async Task Forward_AStream_SaysThatNobodyChecksIt()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(Asking(stream: true), DeepSeek(bench));

        finished.Status.ShouldBe(200);
        finished.Log.Changes.ShouldContain("unvalidated:response_format");
    }

    private static Deployment DeepSeek(ForwardingBench bench) =>
        bench.Deployment(
            "swift",
            bench.Provider("deepseek", type: ProviderTypes.Default.Find("deepseek"))
        );
}
