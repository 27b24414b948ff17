using Dragoman.Forwarding;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class PromptQuotesTests
{
    [Theory]
    [InlineData(
        "I cannot serve 'the merger with Initech is off' today.",
        "Write: the merger with Initech is off, and nobody knows.",
        "I cannot serve '[…]' today."
    )]
    [InlineData("The model is overloaded.", "Write about the merger.", "The model is overloaded.")]
    [InlineData("hello", "hello", "hello")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "[…]")]
    public void Mask_WhatIsQuoted_IsLeftOut(string message, string prompt, string masked) =>
        PromptQuotes.Mask(message, prompt).ShouldBe(masked);
}
