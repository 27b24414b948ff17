using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Embeddings: deterministic unit vectors, in both encodings.</summary>
public sealed class EmbeddingTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Embed_Base64_IsTheSameVectorAsFloats()
    {
        var floats = await EmbedAsync("\"a cat\"", ",\"dimensions\":64");
        var base64 = await EmbedAsync(
            "\"a cat\"",
            ",\"dimensions\":64,\"encoding_format\":\"base64\""
        );
        var vector = Vector(floats, 0);

        vector.Length.ShouldBe(64);
        MathF.Sqrt(vector.Sum(value => value * value)).ShouldBe(1, 1e-5);
        MemoryMarshal
            .Cast<byte, float>(
                Convert.FromBase64String(base64["data"]![0]!["embedding"]!.GetValue<string>())
            )
            .ToArray()
            .ShouldBe(vector);
    }

    [Fact]
    public async Task Embed_Batch_KeepsOrderAndCountsTokens()
    {
        var answer = await EmbedAsync("[\"a cat\",\"a dog\",\"a cat\"]");

        answer["data"]!
            .AsArray()
            .Select(item => item!["index"]!.GetValue<int>())
            .ShouldBe([0, 1, 2]);
        Vector(answer, 2).ShouldBe(Vector(answer, 0));
        Vector(answer, 1).ShouldNotBe(Vector(answer, 0));
        answer["usage"]!["prompt_tokens"]!.GetValue<int>().ShouldBe(6);
        answer["usage"]!["total_tokens"]!.GetValue<int>().ShouldBe(6);
    }

    [Fact]
    public async Task Embed_SharedWords_AreNearer()
    {
        var answer = await EmbedAsync(
            "[\"the cat sat on the mat\",\"the cat lay on the mat\",\"stock prices fell sharply today\"]"
        );

        Dot(Vector(answer, 0), Vector(answer, 1))
            .ShouldBeGreaterThan(Dot(Vector(answer, 0), Vector(answer, 2)) + 0.3f);
    }

    [Fact]
    public async Task Embed_Tokens_AreTaken()
    {
        (await EmbedAsync("[1,2,3]"))["data"]!.AsArray().Count.ShouldBe(1);
        (await EmbedAsync("[[1,2],[3]]"))["data"]!.AsArray().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("\"\"", "", "input")]
    [InlineData("[]", "", "input")]
    [InlineData("{}", "", "input")]
    [InlineData("\"x\"", ",\"dimensions\":0", "dimensions")]
    public async Task Embed_Malformed_IsRefused(string input, string more, string param)
    {
        using var response = await _client.PostAsync(
            "/embeddings",
            $$"""{"model":"embed","input":{{input}}{{more}}}"""
        );

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["param"]!
            .GetValue<string>()
            .ShouldBe(param);
    }

    private async Task<JsonNode> EmbedAsync(string input, string more = "")
    {
        using var response = await _client.PostAsync(
            "/embeddings",
            $$"""{"model":"embed","input":{{input}}{{more}}}"""
        );
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static float[] Vector(JsonNode answer, int index) =>
        [
            .. answer["data"]![index]!["embedding"]!
                .AsArray()
                .Select(value => value!.GetValue<float>()),
        ];

    private static float Dot(float[] one, float[] other) => one.Zip(other, (a, b) => a * b).Sum();
}
