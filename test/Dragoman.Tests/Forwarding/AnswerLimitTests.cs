using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>A budget's bound on the answer, wherever a dialect has its place.</summary>
public sealed class AnswerLimitTests
{
    [Theory]
    [InlineData(
        "openai",
        """{"model":"a","messages":[]}""",
        """{"max_tokens":9,"model":"m","messages":[]}"""
    )]
    [InlineData("openai", """{"model":"a","max_tokens":100}""", """{"model":"m","max_tokens":9}""")]
    [InlineData("openai", """{"model":"a","max_tokens":5}""", """{"model":"m","max_tokens":5}""")]
    [InlineData(
        "openai",
        """{"model":"a","max_tokens":null}""",
        """{"model":"m","max_tokens":9}"""
    )]
    [InlineData(
        "openai",
        """{"max_completion_tokens":100,"model":"a"}""",
        """{"max_completion_tokens":9,"model":"m"}"""
    )]
    [InlineData(
        "openai-responses",
        """{"model":"a","input":"x"}""",
        """{"max_output_tokens":9,"model":"m","input":"x"}"""
    )]
    [InlineData(
        "anthropic",
        """{"model":"a","max_tokens":4096,"messages":[]}""",
        """{"model":"m","max_tokens":9,"messages":[]}"""
    )]
    [InlineData(
        "ollama",
        """{"model":"a","prompt":"x"}""",
        """{"options":{"num_predict":9},"model":"m","prompt":"x"}"""
    )]
    [InlineData(
        "ollama",
        """{"model":"a","options":{"num_predict":-1,"seed":1}}""",
        """{"model":"m","options":{"num_predict":9,"seed":1}}"""
    )]
    [InlineData(
        "ollama",
        """{"model":"a","options":{}}""",
        """{"model":"m","options":{"num_predict":9}}"""
    )]
    [InlineData(
        "ollama",
        """{"model":"a","options":{"seed":1}}""",
        """{"model":"m","options":{"num_predict":9,"seed":1}}"""
    )]
    public void Splice_ABody_HoldsTheBoundOnce(string dialect, string body, string expected) =>
        Spliced(dialect, body, default).ShouldBe(expected);

    [Theory]
    [InlineData(
        """{"contents":[]}""",
        """{"generationConfig":{"maxOutputTokens":9},"contents":[]}"""
    )]
    [InlineData(
        """{"contents":[],"generationConfig":{"maxOutputTokens":50,"topK":1}}""",
        """{"contents":[],"generationConfig":{"maxOutputTokens":9,"topK":1}}"""
    )]
    [InlineData(
        """{"contents":[],"generation_config":{"max_output_tokens":3}}""",
        """{"contents":[],"generation_config":{"max_output_tokens":3}}"""
    )]
    public void Splice_OfGemini_HoldsTheBoundOnce(string body, string expected) =>
        Spliced("gemini", body, new RequestAddress { Model = "a" }).ShouldBe(expected);

    [Fact]
    public void Splice_ToOpenAIItself_UsesTheNameThatAllItsModelsTake() =>
        JsonNode.Parse(
            Spliced(
                "openai",
                """{"model":"a","messages":[]}""",
                default,
                new ProviderType { Name = "openai", Dialect = "openai" }
            )
        )!["max_completion_tokens"]!
            .GetValue<int>()
            .ShouldBe(9);

    [Fact]
    public void Splice_WithADefaultOfTheDeployments_HoldsTheBoundAlone()
    {
        var target = new Deployment
        {
            Name = "p/m",
            Model = "m",
            Provider = Targets.Of("openai").Provider,
            Parameters = new DeploymentParameters { MaxTokens = 50 },
            State = new DeploymentState("p/m"),
        };

        Spliced("openai", """{"model":"a","messages":[]}""", default, target: target)
            .ShouldBe("""{"max_tokens":9,"model":"m","messages":[]}""");
    }

    [Fact]
    public void Request_ThatIsTranslated_KeepsTheShorterWish()
    {
        var target = Targets.Of("anthropic");

        AnswerLimit.Bound(Of() with { MaxTokens = 100 }, 9, target).MaxTokens.ShouldBe(9);
        AnswerLimit.Bound(Of() with { MaxTokens = 5 }, 9, target).MaxTokens.ShouldBe(5);
        AnswerLimit.Bound(Of(), 9, target).MaxTokens.ShouldBe(9);
        var newer = AnswerLimit.Bound(Of() with { MaxCompletionTokens = 100 }, 9, target);
        (newer.MaxCompletionTokens, newer.MaxTokens).ShouldBe((9, null));
    }

    private static ChatRequest Of() => new() { Model = JsonText.Of("m"), Messages = [] };

    private static string Spliced(
        string dialect,
        string body,
        RequestAddress address,
        ProviderType? type = null,
        Deployment? target = null
    )
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        RequestEnvelope
            .TryRead(bytes, address, out var envelope, out var error)
            .ShouldBeTrue(error?.Message);
        var pieces = BodySplice.For(
            bytes,
            envelope!,
            target ?? Targets.Of(dialect, type: type),
            new SpokenDialect(dialect, ""),
            askUsage: false,
            prefill: null,
            PrefillStyle.None,
            new ExchangeLog(),
            mostTokens: 9
        );
        return string.Concat(pieces.Select(static piece => Encoding.UTF8.GetString(piece.Span)));
    }
}
