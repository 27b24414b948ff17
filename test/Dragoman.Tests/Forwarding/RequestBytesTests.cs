using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>What of the client's body reaches the provider: all of it, but for what must be spliced.</summary>
public sealed class RequestBytesTests
{
    private const string Odd = """
        { "temperature" : 1e-1 ,	"model":"a-route",
          "messages" : [ {"role":"user","content":"Gr\u00fc\u00dfe 東京 \"x\" 🙂"} ],
          "unknown":{"model":"inner","stream":true,"dragoman":{"a":[1,2.50]}} , "n":1 }
        """;

    private static readonly DeploymentParameters Defaults = new()
    {
        Temperature = 0.25,
        TopP = 0.5,
        PresencePenalty = -1,
        FrequencyPenalty = 1.5,
        MaxTokens = 77,
        SystemPrompt = "Say \"yes\"\nor nö.",
    };

    [Fact]
    public async Task Forward_APlainCall_SendsTheClientsBytesButForTheModel()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(Odd, bench.Deployment("swift"));

        finished.Status.ShouldBe(200);
        Sent(bench).ShouldBe(Odd.Replace("\"a-route\"", "\"swift\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forward_AnEmbeddingsCall_SendsTheClientsBytesButForTheModel()
    {
        await using var bench = await ForwardingBench.StartAsync();
        const string body = """{"input":["a","b"],"encoding_format":"base64","model":"x"}""";

        var finished = await bench.AskAsync(
            body,
            ForwardingBench.Chain(null, bench.Deployment("embed")),
            Operation.Embeddings
        );

        finished.Status.ShouldBe(200);
        finished.Text.ShouldContain("\"embedding\":\"");
        bench.Upstream.Requests.Last[0].Path.ShouldBe("/v1/embeddings");
        Sent(bench).ShouldBe(body.Replace("\"x\"", "\"embed\"", StringComparison.Ordinal));
        finished.Log.Attempts[0].Usage!.Input!.Value.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(
        """{"dragoman":{"cache":"no-store"},"model":"x","messages":[]}""",
        """{"model":"swift","messages":[]}"""
    )]
    [InlineData(
        """{"dragoman":{},"model":"x","messages":[]}""",
        """{"model":"swift","messages":[]}"""
    )]
    [InlineData(
        """{ "dragoman" : {} , "model":"x","messages":[]}""",
        """{ "model":"swift","messages":[]}"""
    )]
    [InlineData(
        """{"model":"x","dragoman":{"tags":["}"]},"messages":[]}""",
        """{"model":"swift","messages":[]}"""
    )]
    [InlineData(
        """{"model":"x","messages":[] , "dragoman": {} }""",
        """{"model":"swift","messages":[] }"""
    )]
    [InlineData(
        """{"messages":[],"model":"x","dragoman":{}}""",
        """{"messages":[],"model":"swift"}"""
    )]
    public async Task Forward_WithOurOwnObject_CutsItAndNothingElse(string body, string sent)
    {
        await using var bench = await ForwardingBench.StartAsync();

        await bench.AskAsync(body, bench.Deployment("swift"));

        Sent(bench).ShouldBe(sent);
    }

    [Theory]
    [InlineData(
        """{"model":"x","stream":true,"messages":[]}""",
        """{"stream_options":{"include_usage":true},"model":"swift","stream":true,"messages":[]}"""
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":null}""",
        """{"model":"swift","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":{ }}""",
        """{"model":"swift","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":{"a":1}}""",
        """{"model":"swift","stream":true,"stream_options":{"include_usage":true,"a":1}}"""
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":{ "include_usage" : false , "a":1}}""",
        """{"model":"swift","stream":true,"stream_options":{ "include_usage" : true , "a":1}}"""
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":{"include_usage":null}}""",
        """{"model":"swift","stream":true,"stream_options":{"include_usage":true}}"""
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":{"include_usage":true,"a":1}}""",
        """{"model":"swift","stream":true,"stream_options":{"include_usage":true,"a":1}}"""
    )]
    [InlineData(
        """{"dragoman":{},"stream":true,"model":"x"}""",
        """{"stream_options":{"include_usage":true},"stream":true,"model":"swift"}"""
    )]
    [InlineData(
        """{"model":"x","stream":false,"messages":[]}""",
        """{"model":"swift","stream":false,"messages":[]}"""
    )]
    [InlineData(
        """{"model":"x","stream":null,"stream_options":null,"messages":[]}""",
        """{"model":"swift","stream":null,"stream_options":null,"messages":[]}"""
    )]
    public async Task Forward_AStream_AsksForUsageWhereTheClientDidNot(string body, string sent)
    {
        await using var bench = await ForwardingBench.StartAsync();

        await bench.AskAsync(body, bench.Deployment("swift"));

        Sent(bench).ShouldBe(sent);
    }

    [Theory]
    [InlineData(
        """{"model":"x","stream":true,"messages":[]}""",
        """{"model":"swift","stream":true,"messages":[]}""",
        false
    )]
    [InlineData(
        """{"stream_options":{"include_usage":true},"model":"x","stream":true}""",
        """{"model":"swift","stream":true}""",
        true
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":null}""",
        """{"model":"swift","stream":true}""",
        true
    )]
    [InlineData(
        """{"model":"x","dragoman":{},"stream_options":{"include_usage":false},"stream":true}""",
        """{"model":"swift","stream":true}""",
        true
    )]
    [InlineData(
        """{"dragoman":{},"stream_options":{},"model":"x","stream":true}""",
        """{"model":"swift","stream":true}""",
        true
    )]
    public async Task Forward_ToAProviderWithoutStreamOptions_SendsNone(
        string body,
        string sent,
        bool dropped
    )
    {
        await using var bench = await ForwardingBench.StartAsync();
        var type = new ProviderType
        {
            Name = "perplexity",
            Dialect = "openai",
            StreamOptions = false,
        };

        var finished = await bench.AskAsync(
            body,
            bench.Deployment("swift", bench.Provider(type: type))
        );

        Sent(bench).ShouldBe(sent);
        finished.Log.Changes.Contains("dropped:stream_options").ShouldBe(dropped);
    }

    [Fact]
    public async Task Forward_AfterARefusalOfStreamOptions_NeverAsksThatProviderAgain()
    {
        await using var bench = await ForwardingBench.StartAsync();
        var deployment = bench.Deployment("fault-refuses-stream-options");
        await bench.AskAsync(Ask.Streamed, deployment);

        var second = await bench.AskAsync(Ask.Streamed, deployment);

        second.Words.ShouldBe(["success"]);
        bench.Upstream.Requests.Count.ShouldBe(3);
        bench.Upstream.Requests.Last[0].BodyText.ShouldContain("stream_options");
        bench.Upstream.Requests.Last[1].BodyText.ShouldNotContain("stream_options");
        bench.Upstream.Requests.Last[2].BodyText.ShouldNotContain("stream_options");
        // Its usage is estimated then.
        second.Log.Attempts[0].Usage!.Estimated.ShouldBeTrue();
    }

    [Fact]
    public async Task Forward_ClientsOwnStreamOptionsRefused_AreDroppedAndNamed()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            """{"model":"x","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}]}""",
            bench.Deployment("fault-refuses-stream-options")
        );

        finished.Words.ShouldBe(["refuses_stream_options", "success"]);
        finished.Log.Changes.ShouldBe(["dropped:stream_options"]);
        finished.Header("x-dragoman-changes").ShouldBe("dropped:stream_options");
    }

    [Fact]
    public async Task Forward_WithDefaults_PutsInWhatTheClientLeftOut()
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.Plain,
            bench.Deployment("swift", parameters: Defaults)
        );

        var sent = JsonDocument.Parse(Sent(bench)).RootElement;
        sent.GetProperty("temperature").GetDouble().ShouldBe(0.25);
        sent.GetProperty("top_p").GetDouble().ShouldBe(0.5);
        sent.GetProperty("presence_penalty").GetDouble().ShouldBe(-1);
        sent.GetProperty("frequency_penalty").GetDouble().ShouldBe(1.5);
        sent.GetProperty("max_tokens").GetInt32().ShouldBe(77);
        var messages = sent.GetProperty("messages");
        messages.GetArrayLength().ShouldBe(2);
        messages[0].GetProperty("role").GetString().ShouldBe("system");
        messages[0].GetProperty("content").GetString().ShouldBe(Defaults.SystemPrompt);
        messages[1].GetProperty("content").GetString().ShouldBe("Hello there");
        finished.Log.Changes.ShouldBe(
            [
                "defaulted:temperature=0.25",
                "defaulted:top_p=0.5",
                "defaulted:presence_penalty=-1",
                "defaulted:frequency_penalty=1.5",
                "defaulted:max_tokens=77",
                "defaulted:system_prompt",
            ],
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData(
        """{"model":"swift","temperature":0,"top_p":1,"presence_penalty":0,"frequency_penalty":0,"max_tokens":5,"messages":[{"role":"system","content":"s"}]}"""
    )]
    [InlineData(
        """{"model":"swift","temperature":0,"top_p":1,"presence_penalty":0,"frequency_penalty":0,"max_completion_tokens":5,"messages":[{"content":"s","role":"developer"}]}"""
    )]
    // A null is something the client said, and a key must not appear twice.
    [InlineData(
        """{"model":"swift","temperature":null,"top_p":null,"presence_penalty":null,"frequency_penalty":null,"max_tokens":null,"messages":[{"role":"system","content":[]}]}"""
    )]
    public async Task Forward_WithDefaultsForWhatTheClientSet_SendsTheClientsBytes(string body)
    {
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(body, bench.Deployment("swift", parameters: Defaults));

        Sent(bench).ShouldBe(body);
        finished.Log.Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"model":"x","messages":[]}""")]
    [InlineData("""{"model":"x","messages":[ ] }""")]
    [InlineData(
        """{"dragoman":{},"stream":true,"model":"x","messages":[{"role":"user","content":"Hi"}]}"""
    )]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":{},"messages":[{"role":"user","content":"Hi"}],"dragoman":{}}"""
    )]
    public async Task Forward_WithEverythingSplicedAtOnce_SendsSoundJsonWithoutRepeatedKeys(
        string body
    )
    {
        await using var bench = await ForwardingBench.StartAsync();

        await bench.AskAsync(body, bench.Deployment("swift", parameters: Defaults));

        using var sent = JsonDocument.Parse(
            Sent(bench),
            new JsonDocumentOptions { AllowDuplicateProperties = false }
        );
        sent.RootElement.GetProperty("model").GetString().ShouldBe("swift");
        sent.RootElement.TryGetProperty("dragoman", out _).ShouldBeFalse();
        sent.RootElement.GetProperty("messages")[0]
            .GetProperty("role")
            .GetString()
            .ShouldBe("system");
    }

    [Fact]
    public async Task Forward_ARetry_SendsTheSameBytesAgain()
    {
        await using var bench = await ForwardingBench.StartAsync();

        await bench.AskAsync(Odd, bench.Deployment("fault-500-once", parameters: Defaults));

        bench.Upstream.Requests.Count.ShouldBe(2);
        bench.Upstream.Requests.Last[1].BodyText.ShouldBe(bench.Upstream.Requests.Last[0].BodyText);
    }

    [Fact]
    public async Task Forward_AModelNameWithOddLetters_IsWrittenAsJson()
    {
        await using var bench = await ForwardingBench.StartAsync();

        await bench.AskAsync(Ask.Plain, bench.Deployment("a\"b\\größe"));

        JsonDocument
            .Parse(Sent(bench))
            .RootElement.GetProperty("model")
            .GetString()
            .ShouldBe("a\"b\\größe");
    }

    private static string Sent(ForwardingBench bench) => bench.Upstream.Requests.Last[^1].BodyText;

    [Theory]
    [InlineData("""{"model":"x","stream_options":{"include_usage":true},"messages":[]}""")]
    [InlineData(
        """{"model":"x","stream":true,"stream_options":{"include_usage":true,"odd":1},"messages":[]}"""
    )]
    public async Task Forward_OddStreamOptionsOfOneClientRefused_AreNotHeldAgainstTheProvider(
        string body
    )
    {
        await using var bench = await ForwardingBench.StartAsync();
        var deployment = bench.Deployment("fault-refuses-stream-options");

        var finished = await bench.AskAsync(body, deployment);

        finished.Words.ShouldBe(["invalid_request"]);
        finished.Status.ShouldBe(400);
        deployment.Provider.State.RefusesStreamOptions.ShouldBeFalse();
    }

    [Fact]
    public async Task Forward_EmbeddingsWithDefaultsOfChats_PutsNothingIn()
    {
        await using var bench = await ForwardingBench.StartAsync();

        await bench.AskAsync(
            Ask.Embedding,
            ForwardingBench.Chain(null, bench.Deployment("embed", parameters: Defaults)),
            Operation.Embeddings
        );

        Sent(bench).ShouldBe(Ask.Embedding.Replace("a-route", "embed", StringComparison.Ordinal));
    }
}
