using System.Text.Json;
using Dragoman.Simulator.Schemas;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Instances are valid for the schemas they are made for, and the same each time.</summary>
public sealed class SchemaInstancesTests
{
    public static TheoryData<string> Schemas =>
        new(
            """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":18,"maximum":18},"tags":{"type":"array","items":{"type":"string"},"minItems":3,"uniqueItems":true}},"required":["name","age","tags"],"additionalProperties":false}""",
            """{"type":"object","properties":{"unit":{"type":"string","enum":["c","f"]},"kind":{"const":"weather"},"on":{"type":"boolean"},"none":{"type":"null"}},"required":["unit","kind","on","none"]}""",
            """{"$defs":{"node":{"type":"object","properties":{"value":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["value","next"]}},"$ref":"#/$defs/node"}""",
            """{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}},"name":{"type":["string","null"]}},"required":["children","name"]}""",
            """{"type":"object","properties":{"id":{"type":"string","format":"uuid"},"at":{"type":"string","format":"date-time"},"code":{"type":"string","pattern":"^[A-Z]{3}-\\d{4}(x|y)?$"},"short":{"type":"string","maxLength":3},"long":{"type":"string","minLength":40}},"required":["id","at","code","short","long"]}""",
            """{"allOf":[{"type":"object","properties":{"a":{"type":"integer","multipleOf":7,"minimum":8}},"required":["a"]},{"properties":{"b":{"type":"integer","exclusiveMaximum":-2}},"required":["b"]}]}""",
            """{"type":"array","items":{"oneOf":[{"type":"object","properties":{"kind":{"const":"a"}},"required":["kind"]},{"type":"string"}]},"minItems":2,"maxItems":2}""",
            """{"type":"object","required":["free","other"],"additionalProperties":{"type":"integer"}}""",
            """{"type":"array","prefixItems":[{"type":"integer"},{"type":"boolean"}],"items":{"type":"string"},"minItems":4}""",
            """{"type":"object","minProperties":2,"additionalProperties":{"type":"string"}}""",
            """{"type":"number","minimum":0.25,"maximum":0.3}""",
            """{"type":"integer","maximum":-5}"""
        );

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Instance_OfASchema_IsValidAndRepeats(string text)
    {
        using var schema = JsonDocument.Parse(text);
        for (var variant = 0; variant < 3; variant++)
        {
            var made = SchemaInstances.Of(schema.RootElement, variant);
            using var instance = JsonDocument.Parse(made);

            SchemaCheck.Violation(schema.RootElement, instance.RootElement).ShouldBeNull(made);
            SchemaInstances.Of(schema.RootElement, variant).ShouldBe(made);
        }
    }

    [Fact]
    public void Instance_WithoutSchema_IsAnEmptyObject() =>
        SchemaInstances.Of(default).ShouldBe("{}");

    [Theory]
    [InlineData("""{"type":"object","properties":{"x":{"$ref":"#"}},"required":["x"]}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData(
        """{"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"},"c":{"$ref":"#"}},"required":["a","b","c"]}"""
    )]
    [InlineData("""{"type":"array","minItems":1e20,"items":{"type":"string","minLength":1e9}}""")]
    [InlineData("""{"type":"number","multipleOf":0}""")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""")]
    public void Instance_OfAnImpossibleSchema_StillEnds(string text)
    {
        using var schema = JsonDocument.Parse(text);

        JsonDocument.Parse(SchemaInstances.Of(schema.RootElement)).Dispose();
    }
}
