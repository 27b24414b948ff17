using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Providers;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>Providers of the dialect that do not know all of it: what they lack is made up for, and named.</summary>
public sealed class BentProviderTests
{
    private static readonly ProviderType Plain = new() { Name = "vllm", Dialect = "openai" };

    [Fact]
    public async Task Forward_DeveloperRoleToProviderWithoutIt_SendsSystem()
    {
        await using var bench = await ForwardingBench.StartAsync();
        const string body =
            """{"model":"x","messages":[{"role":"developer","content":"developer"},{"content":"Hi","role":"user"}]}""";

        var finished = await bench.AskAsync(
            body,
            bench.Deployment("swift", bench.Provider(type: Plain))
        );

        bench
            .Upstream.Requests.Last[^1]
            .BodyText.ShouldBe(
                body.Replace("\"x\"", "\"swift\"")
                    .Replace("\"role\":\"developer\"", "\"role\":\"system\"")
            );
        finished.Log.Changes.ShouldBe(["translated:role=system"]);
    }

    [Theory]
    [InlineData("base64", "[0.25,-0.5]", "\"AACAPgAAAL8=\"", "translated:encoding_format=base64")]
    [InlineData("float", "\"AACAPgAAAL8=\"", "[0.25,-0.5]", "translated:encoding_format=float")]
    [InlineData("float", "[0.25,-0.5]", "[0.25,-0.5]", null)]
    [InlineData("base64", "\"AACAPgAAAL8=\"", "\"AACAPgAAAL8=\"", null)]
    public async Task Forward_EmbeddingsInAnotherEncoding_AreEncodedAsAsked(
        string asked,
        string answered,
        string expected,
        string? change
    )
    {
        using var http = new HttpProvider(
            new AnsweringHandler(
                $$$"""{"object":"list","model":"e","data":[{"object":"embedding","index":0,"embedding":{{{answered}}}}],"usage":{"prompt_tokens":3,"total_tokens":3}}"""
            )
        );
        await using var bench = await ForwardingBench.StartAsync(http: http);

        var finished = await bench.AskAsync(
            $$"""{"model":"e","input":"a","encoding_format":"{{asked}}"}""",
            ForwardingBench.Chain(null, bench.Deployment("e")),
            Operation.Embeddings
        );

        using var reply = JsonDocument.Parse(finished.Reply.Bytes);
        reply
            .RootElement.GetProperty("data")[0]
            .GetProperty("embedding")
            .GetRawText()
            .ShouldBe(expected);
        reply.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(3);
        finished.Log.Changes.ShouldBe(change is null ? [] : [change]);
    }

    private sealed class AnsweringHandler(string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(body, Encoding.UTF8, "application/json"),
                }
            );
    }
}
