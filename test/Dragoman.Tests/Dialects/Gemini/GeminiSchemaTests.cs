using System.Buffers;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Gemini;

/// <summary>JSON schema and Google's own schemas, each said in the other's words; what cannot be said is named.</summary>
public class GeminiSchemaTests
{
    [Theory]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"type":"integer"}},"required":["a"]}""",
        """{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true},"b":{"type":"INTEGER"}},"required":["a"]}""",
        ""
    )]
    [InlineData(
        """{"$schema":"x","$defs":{"n":{"type":"string","description":"inner"}},"type":"object","properties":{"a":{"$ref":"#/$defs/n"},"b":{"$ref":"#/$defs/n","description":"outer"}}}""",
        """{"type":"OBJECT","properties":{"a":{"type":"STRING","description":"inner"},"b":{"type":"STRING","description":"outer"}}}""",
        ""
    )]
    [InlineData(
        """{"anyOf":[{"type":"string"},{"type":"null"}]}""",
        """{"anyOf":[{"type":"STRING"}],"nullable":true}""",
        ""
    )]
    [InlineData(
        """{"oneOf":[{"const":"a"},{"enum":["b",null]}]}""",
        """{"anyOf":[{"enum":["a"]},{"enum":["b"],"nullable":true}]}""",
        ""
    )]
    [InlineData(
        """{"allOf":[{"type":"string","minLength":2}]}""",
        """{"type":"STRING","minLength":2}""",
        ""
    )]
    [InlineData(
        """{"type":"object","additionalProperties":false,"properties":{"a":{"enum":[1,2]},"b":{"not":{}}}}""",
        """{"type":"OBJECT","properties":{"a":{},"b":{}}}""",
        "s (additionalProperties)|s (enum)|s (not)"
    )]
    [InlineData(
        """{"type":"object","properties":{"me":{"$ref":"#"},"no":{"$ref":"https://x.example"}}}""",
        null,
        "s (recursive $ref)|s ($ref)"
    )]
    [InlineData(
        """{"type":["string","integer","null"]}""",
        """{"anyOf":[{"type":"STRING"},{"type":"INTEGER"}],"nullable":true}""",
        ""
    )]
    public void Write_AJsonSchema_IsGooglesOwn(string schema, string? expected, string named)
    {
        var (output, losses) = (new ArrayBufferWriter<byte>(), new Losses());
        using (var json = DialectJson.NewWriter(output))
            GeminiSchemaWriter.Write(json, RawJson.Of(schema), "s", losses);

        losses.ShouldBe(named.Length == 0 ? [] : named.Split('|'), ignoreOrder: true);
        if (expected is not null)
            ShouldBe(output.WrittenSpan.ToArray(), expected);
    }

    [Theory]
    [InlineData(
        """{"type":"OBJECT","properties":{"type":{"type":"STRING","nullable":true,"enum":["a"]}},"propertyOrdering":["type"]}""",
        """{"type":"object","properties":{"type":{"type":["string","null"],"enum":["a",null]}},"propertyOrdering":["type"]}"""
    )]
    [InlineData(
        """{"type":"ARRAY","items":{"anyOf":[{"type":"NUMBER"}],"nullable":true},"minItems":1}""",
        """{"type":"array","items":{"anyOf":[{"type":"number"},{"type":"null"}]},"minItems":1}"""
    )]
    public void Read_GooglesOwn_IsJsonSchema_AndIsWrittenBackTheSame(string own, string expected)
    {
        var (schema, marks) = GeminiSchemaReader.Read(RawJson.Of(own));

        ShouldBe(schema.Utf8.ToArray(), expected);
        GeminiJson.IsMarked(marks, "schema"u8).ShouldBeTrue();
        var (output, losses) = (new ArrayBufferWriter<byte>(), new Losses());
        using (var json = DialectJson.NewWriter(output))
            GeminiSchemaWriter.Write(json, schema, "s", losses);
        losses.ShouldBeEmpty();
        ShouldBe(output.WrittenSpan.ToArray(), own);
    }

    [Fact]
    public void Write_ForAModelThatTakesJsonSchemas_GoesAsItIs_AndWhatItIgnoresIsNamed()
    {
        const string Tools =
            """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"pattern":{"type":"string","pattern":"a+"}},"additionalProperties":false}}}]}""";

        var (later, losses) = GeminiRequestWriterTests.Write(Tools, "gemini-2.5-flash");
        var (older, others) = GeminiRequestWriterTests.Write(Tools, "gemini-2.0-flash");

        later["tools"]![0]!["functionDeclarations"]![0]!["parametersJsonSchema"]![
            "additionalProperties"
        ]!
            .GetValue<bool>()
            .ShouldBeFalse();
        losses.ShouldBe(["tools[0].parameters (pattern)"]);
        older["tools"]![0]!["functionDeclarations"]![0]!["parameters"]!["type"]!
            .ToString()
            .ShouldBe("OBJECT");
        others.ShouldBe(["tools[0].parameters (additionalProperties)"]);
    }

    private static void ShouldBe(byte[] actual, string expected) =>
        JsonNode
            .DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected))
            .ShouldBeTrue(System.Text.Encoding.UTF8.GetString(actual));
}
