using System.Text.Json.Nodes;
using Dragoman.Configuration;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration.Stored;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("""{"a":"true","b":true,"c":"12","d":12,"e":"null","f":null,"g":"","h":"yes"}""")]
    [InlineData(
        """{"models":[{"name":"a b: c #d","provider":"x"},{"name":"ü🙂","tags":[]}],"x":{}}"""
    )]
    [InlineData(
        """{"k":"${secret:a-1}","u":"http://a:1/v1","q":"say \"so\"\nand\tso","z":"~","n":"0x1F","m":"1e3","t":"2024-10-21"}"""
    )]
    [InlineData("""{"n":[1,0.00025,1e-7,-3],"deep":{"a":{"b":[["c"]]}},"weird key: 1":"- a"}""")]
    public void Of_ADocument_ReadsBackAsTheSame(string json)
    {
        var mistakes = new ConfigMistakes("yaml");

        var read = ConfigTree.Read(YamlText.Of(JsonNodes.Parse(json)), mistakes);

        mistakes.All.ShouldBeEmpty();
        // Whether a letter is escaped is JSON's own affair.
        JsonNode
            .DeepEquals(JsonNode.Parse(JsonNodes.ToJson(read!)), JsonNode.Parse(json))
            .ShouldBeTrue(JsonNodes.ToJson(read!));
    }

    [Fact]
    public void Of_APlainNumberThatIsNone_StaysAText()
    {
        var read = ConfigTree.Read("api_key: 007\nversion: 1.10\n", new ConfigMistakes("yaml"));

        JsonNodes.ToJson(read!).ShouldBe("""{"api_key":"007","version":1.10}""");
    }
}
