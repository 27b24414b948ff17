using Dragoman.Dialects.AnthropicMessages;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

public class ClaudeModelTests
{
    [Theory]
    [InlineData("claude-3-5-sonnet-20241022", "sonnet", 3, 5)]
    [InlineData("claude-3-opus-20240229", "opus", 3, 0)]
    [InlineData("claude-2.1", "", 2, 1)]
    [InlineData("claude-sonnet-4-20250514", "sonnet", 4, 0)]
    [InlineData("claude-opus-4-1-20250805", "opus", 4, 1)]
    [InlineData("claude-haiku-4-5@20251001", "haiku", 4, 5)]
    [InlineData("us.anthropic.claude-opus-4-6-v1", "opus", 4, 6)]
    [InlineData("anthropic/claude-opus-4.7", "opus", 4, 7)]
    [InlineData("claude-fable-5-1", "fable", 5, 1)]
    [InlineData("Claude-Sonnet-5", "sonnet", 5, 0)]
    public void Find_ANameOfAnthropics_TellsTheGeneration(
        string name,
        string line,
        int major,
        int minor
    ) => ClaudeModel.Find(name).ShouldBe(new ClaudeModel(line, major, minor));

    [Theory]
    [InlineData("deepseek-v4-pro")]
    [InlineData("m")]
    [InlineData("claude-latest")]
    [InlineData("")]
    public void Find_AnotherName_IsNull(string name) => ClaudeModel.Find(name).ShouldBeNull();

    // Prefill, sampling, one sampler, schemas, effort, adaptive, budget, always thinks, forced tools.
    [Theory]
    [InlineData("claude-3-5-haiku-20241022", "p s . . . . . . f")]
    [InlineData("claude-3-7-sonnet-20250219", "p s . . . . b . f")]
    [InlineData("claude-opus-4-1-20250805", "p s 1 . . . b . f")]
    [InlineData("claude-sonnet-4-5-20250929", "p s 1 j . . b . f")]
    [InlineData("claude-opus-4-5-20251101", "p s 1 j e . b . f")]
    [InlineData("claude-sonnet-4-6", ". s 1 j e a b . f")]
    [InlineData("claude-opus-4-7", ". . 1 j e a . . f")]
    [InlineData("claude-fable-5", ". . 1 j e a . t f")]
    [InlineData("claude-fable-5-1", ". . 1 j e a . t .")]
    [InlineData("claude-opus-5", ". . 1 j e a . . f")]
    [InlineData("claude-opus-5-5", ". . 1 j e a . t .")]
    [InlineData("claude-sonnet-5", ". . 1 j e a . . f")]
    [InlineData("claude-sonnet-5-5", ". . 1 j e a . t .")]
    [InlineData("claude-haiku-5-5", ". . 1 j e a . . f")]
    public void Facts_OfAGeneration_AreItsOwn(string name, string facts)
    {
        var model = ClaudeModel.Find(name)!.Value;
        string.Join(
                ' ',
                model.TakesPrefill ? "p" : ".",
                model.TakesSampling ? "s" : ".",
                model.TakesOneSampler ? "1" : ".",
                model.TakesSchemas ? "j" : ".",
                model.TakesEffort ? "e" : ".",
                model.ThinksAdaptively ? "a" : ".",
                model.ThinksByBudget ? "b" : ".",
                model.AlwaysThinks ? "t" : ".",
                model.TakesForcedTools ? "f" : "."
            )
            .ShouldBe(facts);
    }
}
