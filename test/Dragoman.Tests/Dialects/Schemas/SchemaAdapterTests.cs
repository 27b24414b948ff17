using System.Text;
using Dragoman.Canonical;
using Dragoman.Dialects.Schemas;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Schemas;

public class SchemaAdapterTests
{
    [Fact]
    public void Adapt_ToOpenAIStrict_ClosesObjectsAndNamesWhatItLeavesOut()
    {
        var adapted = SchemaAdapter.Adapt(
            RawJson.Of(
                """
                {"type":"object","title":"T","properties":{"if":{"type":"string","minLength":2,"format":"uri","default":"x"},
                "list":{"type":"array","items":{"type":"object","properties":{"n":{"type":["integer","null"],"minimum":0}},"required":["n"]},"uniqueItems":true}},
                "required":["if","list"],"minProperties":1}
                """
            ),
            SchemaSubset.OpenAIStrict
        );

        JsonEquality.ShouldBeEqual(
            """
            {"type":"object","title":"T","properties":{"if":{"type":"string"},
            "list":{"type":"array","items":{"type":"object","properties":{"n":{"type":["integer","null"],"minimum":0}},"required":["n"],"additionalProperties":false}}},
            "required":["if","list"],"additionalProperties":false}
            """u8.ToArray(),
            adapted.ShouldNotBeNull().Json.Utf8,
            "schema"
        );
        adapted.LeftOut.ShouldBe(["minLength", "format", "uniqueItems", "minProperties"]);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""")]
    [InlineData(
        """{"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":true}"""
    )]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"allOf":[{"type":"object"}]}""")]
    [InlineData("""{"type":"object","properties":{"a":true},"required":["a"]}""")]
    [InlineData("true")]
    [InlineData("{")]
    public void Adapt_WhatTheSubsetCannotSay_IsNone(string schema) =>
        SchemaAdapter.Adapt(RawJson.Of(schema), SchemaSubset.OpenAIStrict).ShouldBeNull();

    [Fact]
    public void Adapt_HostileSchemas_NeverThrow()
    {
        var schema = Encoding.UTF8.GetBytes(
            """{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["a"],"$defs":{"x":{}}}"""
        );
        foreach (var broken in Mutations.Of(schema, 1000, 5))
            SchemaAdapter.Adapt(new RawJson(broken), SchemaSubset.OpenAIStrict);
    }
}
