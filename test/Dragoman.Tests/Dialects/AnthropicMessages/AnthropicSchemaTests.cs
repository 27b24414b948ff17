using Dragoman.Canonical;
using Dragoman.Dialects.AnthropicMessages;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.AnthropicMessages;

public class AnthropicSchemaTests
{
    [Theory]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"""
    )]
    [InlineData(
        """{"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/b"}},"$defs":{"b":{"type":["string","null"],"format":"date","pattern":"^(?:a|b)\\d+$"}}}"""
    )]
    [InlineData(
        """{"anyOf":[{"type":"array","items":{"enum":[1,"x",null]},"minItems":1},{"const":true}],"description":"d","title":"t","default":1}"""
    )]
    public void TryAdapt_ASchemaOfTheSubset_LeavesItByteForByte(string schema)
    {
        AnthropicSchema.TryAdapt(RawJson.Of(schema), out var adapted, out var moved).ShouldBeTrue();

        adapted.ToString().ShouldBe(schema);
        moved.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"integer","minimum":1,"maximum":9,"description":"How many"}}}""",
        """{"type":"object","properties":{"a":{"type":"integer","description":"How many (minimum: 1, maximum: 9)"}},"additionalProperties":false}""",
        "minimum maximum"
    )]
    [InlineData(
        """{"$schema":"x","type":"array","items":{"type":"string","format":"phone","pattern":"^(?=a)"},"minItems":2}""",
        """{"type":"array","items":{"type":"string","description":"(format: \"phone\", pattern: \"^(?=a)\")"},"description":"(minItems: 2)"}""",
        "format pattern minItems"
    )]
    [InlineData(
        """{"oneOf":[{"type":"string"},{"type":"number"}]}""",
        """{"anyOf":[{"type":"string"},{"type":"number"}],"description":"(oneOf: exactly one of the alternatives)"}""",
        "oneOf"
    )]
    public void TryAdapt_LimitsTheSubsetLacks_AreSaidInTheDescription(
        string schema,
        string expected,
        string keywords
    )
    {
        AnthropicSchema.TryAdapt(RawJson.Of(schema), out var adapted, out var moved).ShouldBeTrue();

        adapted.ToString().ShouldBe(expected);
        string.Join(' ', moved).ShouldBe(keywords);
    }

    [Theory]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"object","additionalProperties":true,"properties":{}}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"not":{"type":"string"}}}}""")]
    [InlineData("""{"type":"array","items":{"type":"object","patternProperties":{"x":{}}}}""")]
    [InlineData("""{"type":"array","items":true}""")]
    [InlineData("""{"$ref":"https://example.com/s.json"}""")]
    [InlineData("""{"type":"object","properties":{"next":{"$ref":"#"}}}""")]
    [InlineData(
        """{"$ref":"#/$defs/a","$defs":{"a":{"type":"array","items":{"$ref":"#/$defs/b"}},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}]}}}"""
    )]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("")]
    public void TryAdapt_WhatWouldBeAnotherSchema_IsNotAdapted(string schema) =>
        AnthropicSchema.TryAdapt(RawJson.Of(schema), out _, out _).ShouldBeFalse();

    [Fact]
    public void TryAdapt_ASchemaWithoutEnd_IsNotAdapted() =>
        AnthropicSchema
            .TryAdapt(
                RawJson.Of(
                    string.Concat(Enumerable.Repeat("""{"type":"array","items":""", 100))
                        + """{"type":"string"}"""
                        + new string('}', 100)
                ),
                out _,
                out _
            )
            .ShouldBeFalse();
}
