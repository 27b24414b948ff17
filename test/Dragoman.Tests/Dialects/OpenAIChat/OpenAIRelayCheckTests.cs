using System.Text;
using Dragoman.Catalog;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects.OpenAIChat;

/// <summary>Which bodies of a client of this dialect go to its vendors as they are.</summary>
public class OpenAIRelayCheckTests
{
    private const string Carried = "ZHJhZ29tYW46YW50aHJvcGljOnM=";

    [Theory]
    [InlineData("mistral", """ "max_tokens":5 """, true)]
    [InlineData("mistral", """ "max_completion_tokens":5 """, false)]
    [InlineData("mistral", """ "seed":5 """, false)]
    [InlineData("mistral", """ "seed":null """, true)]
    [InlineData("mistral", """ "safe_prompt":true """, true)]
    [InlineData("mistral", """ "tools":[{"type":"function","function":{"name":"seed"}}] """, true)]
    [InlineData("openai", """ "max_tokens":5 """, true)]
    [InlineData("openai", """ "top_k":5 """, false)]
    [InlineData("openai", """ "temperature":0.1,"stop":"x" """, true)]
    [InlineData("deepseek", """ "response_format":{"type":"json_object"} """, true)]
    [InlineData(
        "deepseek",
        """ "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}} """,
        false
    )]
    [InlineData(
        "openrouter",
        """ "provider":{"order":["x"]},"reasoning":{"effort":"low"} """,
        true
    )]
    public void Members_ThatTheVendorDoesNotTake_KeepABodyFromGoingAsItIs(
        string vendor,
        string members,
        bool passes
    ) => Passes(vendor, members, """ {"role":"user","content":"hi"} """).ShouldBe(passes);

    [Theory]
    [InlineData("groq", """ "reasoning_content":"hm" """, false)]
    [InlineData("groq", """ "reasoning_content":null """, true)]
    [InlineData("groq", """ "content":[{"type":"text","text":"reasoning_content"}] """, true)]
    [InlineData("deepseek", """ "reasoning_content":"hm" """, true)]
    [InlineData(
        "openrouter",
        """ "reasoning_details":[{"type":"reasoning.text","signature":"s"}] """,
        true
    )]
    [InlineData(
        "openrouter",
        """ "reasoning_details":[{"type":"reasoning.text","signature":" """ + Carried + """ "}] """,
        false
    )]
    [InlineData(
        "groq",
        """ "tool_calls":[{"id":"a","function":{},"extra_content":{"google":{}}}] """,
        false
    )]
    public void History_ThatTheVendorDoesNotTake_KeepsABodyFromGoingAsItIs(
        string vendor,
        string member,
        bool passes
    ) => Passes(vendor, null, $$""" {"role":"assistant",{{member}}} """).ShouldBe(passes);

    [Theory]
    [InlineData("mistral", "abcdef123", true)]
    [InlineData("mistral", "call_123", false)]
    [InlineData("groq", "call_123", true)]
    public void ToolIds_OfAnotherShape_KeepABodyFromGoingAsItIs(
        string vendor,
        string id,
        bool passes
    ) =>
        Passes(vendor, null, $$""" {"role":"tool","tool_call_id":"{{id}}","content":""} """)
            .ShouldBe(passes);

    [Fact]
    public void ReasoningModels_AreLookedAtMoreClosely()
    {
        var can = new ModelCapabilities { Reasoning = true, Temperature = false };
        foreach (
            var member in (string[])["\"max_tokens\":5", "\"temperature\":1", "\"stop\":\"x\""]
        )
            Passes("openai", member, """ {"role":"user","content":"hi"} """, can)
                .ShouldBeFalse(member);
        Passes("openai", "\"reasoning_effort\":\"low\"", """ {"role":"user"} """, can)
            .ShouldBeTrue();
    }

    [Fact]
    public void Check_AllocatesNextToNothing()
    {
        var body = Encoding.UTF8.GetBytes(
            """{"model":"m","temperature":1,"messages":[{"role":"user","content":"hi"}]}"""
        );
        var target = Targets.Of("openai", type: ProviderTypes.Default.Find("mistral"));
        for (var i = 0; i < 100; i++)
            OpenAIRelayCheck.Passes(body, target);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            OpenAIRelayCheck.Passes(body, target);

        ((GC.GetAllocatedBytesForCurrentThread() - before) / 1000).ShouldBeLessThan(300);
    }

    private static bool Passes(
        string vendor,
        string? members,
        string message,
        ModelCapabilities? can = null
    )
    {
        var between = members is null ? "" : members + ",";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"model":"m",{{between}}"messages":[{{message}}]}"""
        );
        return OpenAIRelayCheck.Passes(
            body,
            Targets.Of("openai", type: ProviderTypes.Default.Find(vendor), can: can)
        );
    }
}
