using Dragoman.Canonical;
using Dragoman.Dialects.Schemas;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.Schemas;

public class SchemaCheckTests
{
    private const string Offer = """
        {"$defs":{"lamp":{"type":"object","properties":{"name":{"type":"string","minLength":2},"price":{"type":"number","exclusiveMinimum":0}},
        "required":["name"],"additionalProperties":false}},
        "type":"object","properties":{"lamps":{"type":"array","items":{"$ref":"#/$defs/lamp"},"minItems":1},"kind":{"enum":["a","b",null]}},"required":["lamps"]}
        """;

    [Theory]
    [InlineData("""{"lamps":[{"name":"Aa","price":1.5}],"kind":null,"more":1}""", null)]
    [InlineData("""{}""", "it lacks 'lamps'")]
    [InlineData("""{"lamps":[]}""", "lamps must have at least 1 items")]
    [InlineData("""{"lamps":[{"name":"🏮"}]}""", "lamps[0].name must have at least 2 letters")]
    [InlineData("""{"lamps":[{"name":"Aa","price":0}]}""", "lamps[0].price must be more than 0")]
    [InlineData("""{"lamps":[{"name":"Aa","x":0}]}""", "lamps[0].x must not be there")]
    [InlineData("""{"lamps":[{"name":"Aa"}],"kind":"c"}""", "kind must be one of")]
    [InlineData("""{"lamps":{}}""", "lamps must be array, and is object")]
    [InlineData("""[]""", "it must be object, and is array")]
    [InlineData("Sure! {}", "the answer is not JSON")]
    [InlineData("", "the answer is empty")]
    public void Fault_InAnAnswer_IsSaidWithItsPlace(string answer, string? fault) =>
        ShouldSay(Offer, answer, fault);

    [Theory]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"type":["string","null"]}""", "1", false)]
    [InlineData("""{"type":"STRING","nullable":true}""", "null", true)]
    [InlineData("""{"type":"integer"}""", "2.0", true)]
    [InlineData("""{"type":"integer"}""", "2.5", false)]
    [InlineData("""{"const":{"a":[1]}}""", """{ "a" : [ 1 ] }""", true)]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"number"}]}""", "true", false)]
    [InlineData("""{"oneOf":[{"type":"number"},{"type":"integer"}]}""", "1", false)]
    [InlineData("""{"oneOf":[{"type":"number"},{"type":"integer"}]}""", "1.5", true)]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "3", false)]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", false)]
    [InlineData(
        """{"if":{"type":"string"},"then":{"maxLength":1},"else":{"minimum":5}}""",
        "\"ab\"",
        false
    )]
    [InlineData(
        """{"if":{"type":"string"},"then":{"maxLength":1},"else":{"minimum":5}}""",
        "4",
        false
    )]
    [InlineData("""{"pattern":"^a+$"}""", "\"aab\"", false)]
    [InlineData("""{"pattern":"(unclosed"}""", "\"x\"", true)]
    [InlineData("""{"multipleOf":0.1}""", "0.3", true)]
    [InlineData("""{"multipleOf":0.1}""", "0.35", false)]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1.0]", false)]
    [InlineData(
        """{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}""",
        """["a",1]""",
        true
    )]
    [InlineData(
        """{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}""",
        """["a","b"]""",
        false
    )]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", """["a","b"]""", false)]
    [InlineData("""{"contains":{"const":1},"maxContains":1}""", "[1,1]", false)]
    [InlineData("""{"contains":{"const":1}}""", "[2]", false)]
    [InlineData(
        """{"patternProperties":{"^x":{"type":"number"}},"additionalProperties":false}""",
        """{"x1":1}""",
        true
    )]
    [InlineData(
        """{"patternProperties":{"^x":{"type":"number"}},"additionalProperties":false}""",
        """{"y":1}""",
        false
    )]
    [InlineData("""{"patternProperties":{"^x":{"type":"number"}}}""", """{"x1":"a"}""", false)]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"abc":1}""", false)]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", false)]
    [InlineData("""{"dependentSchemas":{"a":{"required":["b"]}}}""", """{"a":1}""", false)]
    [InlineData("""{"minProperties":2}""", """{"a":1}""", false)]
    [InlineData("""{"format":"date"}""", "\"2026-02-30\"", false)]
    [InlineData("""{"format":"date-time"}""", "\"2026-02-28T10:00:00Z\"", true)]
    [InlineData("""{"format":"uuid"}""", "\"x\"", false)]
    [InlineData("""{"format":"a-format-of-ours"}""", "\"x\"", true)]
    [InlineData(
        """{"$ref":"#node","$defs":{"n":{"$anchor":"node","type":"string"}}}""",
        "1",
        false
    )]
    [InlineData("""{"$ref":"https://elsewhere.example/schema"}""", "1", true)]
    [InlineData("""{"$ref":"#"}""", "1", true)]
    [InlineData("true", "1", true)]
    [InlineData("false", "1", false)]
    [InlineData("not a schema", "1", true)]
    public void Keywords_OfTheDraft_HoldAgainstAnAnswer(
        string schema,
        string answer,
        bool follows
    ) => (SchemaCheck.FaultIn(RawJson.Of(schema), answer) is null).ShouldBe(follows);

    [Fact]
    public void Fault_OfARecursiveSchema_IsFound()
    {
        const string tree =
            """{"type":"object","properties":{"left":{"$ref":"#"},"value":{"type":"integer"}},"required":["value"]}""";

        ShouldSay(tree, """{"value":1,"left":{"value":2,"left":{"value":3}}}""", null);
        ShouldSay(tree, """{"value":1,"left":{"value":2,"left":{}}}""", "left.left lacks 'value'");
    }

    [Fact]
    public void Fault_OfAHostileSchemaOrAnswer_ComesInTime()
    {
        var pattern = """{"pattern":"^(a+)+$"}""";
        SchemaCheck.FaultIn(RawJson.Of(pattern), $"\"{new string('a', 60)}!\"").ShouldNotBeNull();
        var backwards = """{"pattern":"^(a+)+\\1$"}""";
        SchemaCheck.FaultIn(RawJson.Of(backwards), $"\"{new string('a', 60)}!\"").ShouldBeNull();
        var doubling =
            """{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}""";
        SchemaCheck.FaultIn(RawJson.Of(doubling), "1").ShouldBeNull();
        foreach (var broken in Mutations.Of(System.Text.Encoding.UTF8.GetBytes(Offer), 500, 3))
            SchemaCheck.FaultIn(new RawJson(broken), """{"lamps":[{"name":"Aa"}]}""");
        foreach (var broken in Mutations.Of("""{"lamps":[{"name":"Aa"}]}"""u8.ToArray(), 500, 4))
            SchemaCheck.FaultIn(RawJson.Of(Offer), System.Text.Encoding.UTF8.GetString(broken));
    }

    [Theory]
    [InlineData(StopReason.Length)]
    [InlineData(StopReason.ContentFilter)]
    [InlineData(StopReason.ToolCalls)]
    public void Reply_ThatStoppedShort_SaysSoItself(StopReason stop) =>
        SchemaCheck.FaultIn(Asked, Reply(stop, new TextPart(JsonText.Of("{")))).ShouldBeNull();

    [Fact]
    public void Reply_OfSeveralTexts_IsTheirSum()
    {
        SchemaCheck
            .FaultIn(
                Asked,
                Reply(
                    StopReason.Stop,
                    new ReasoningPart(JsonText.Of("hm")),
                    new TextPart(JsonText.Of("{\"lamps\":[{\"na")),
                    new TextPart(JsonText.Of("me\":\"Aa\"}]}"))
                )
            )
            .ShouldBeNull();
        SchemaCheck
            .FaultIn(Asked, Reply(StopReason.Stop, new TextPart(JsonText.Of("{}"))))
            .ShouldBe("the answer does not follow the schema: it lacks 'lamps'");
        SchemaCheck
            .FaultIn(Asked, Reply(StopReason.Stop, new RefusalPart(JsonText.Of("no"))))
            .ShouldBeNull();
        SchemaCheck
            .FaultIn(null, Reply(StopReason.Stop, new TextPart(JsonText.Of("x"))))
            .ShouldBeNull();
    }

    private static ResponseFormat Asked =>
        new(ResponseFormatKind.JsonSchema) { Schema = RawJson.Of(Offer) };

    private static ChatReply Reply(StopReason stop, params Part[] parts) =>
        new()
        {
            Choices =
            [
                new ChatChoice(0, new Message(MessageRole.Assistant, parts)) { Stop = stop },
            ],
        };

    private static void ShouldSay(string schema, string answer, string? fault)
    {
        var said = SchemaCheck.FaultIn(RawJson.Of(schema), answer);
        if (fault is null)
            said.ShouldBeNull();
        else
            said.ShouldNotBeNull().ShouldContain(fault);
    }
}
