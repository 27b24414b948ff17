using Dragoman.Routing.Conditions;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Routing.Conditions;

/// <summary>Conditions that are written out: what they mean, and what is told of those that mean nothing.</summary>
public sealed class ExpressionParserTests
{
    [Theory]
    [InlineData("task_type == \"code\"", true)]
    [InlineData("task_type == 'CODE'", true)]
    [InlineData("task_type != \"code\"", false)]
    [InlineData("task_type in [\"math\", \"code\"]", true)]
    [InlineData("not task_type in ['math']", true)]
    [InlineData("difficulty > 0.6 and estimated_tokens <= 400", true)]
    [InlineData("difficulty > 0.6 && estimated_tokens < 400", false)]
    [InlineData("difficulty < 0.1 or \"vip\" == user_tier || tags contains \"vip\"", true)]
    [InlineData("contains_code", true)]
    [InlineData("!contains_code", false)]
    [InlineData("contains_math", false)]
    [InlineData("content_length / 4 + 100 == estimated_tokens", true)]
    [InlineData("content_length * 2 - 400 >= 2_000", true)]
    [InlineData("-difficulty < 0", true)]
    [InlineData("model starts_with \"au\" and model ends_with \"to\"", true)]
    [InlineData("model matches \"^a.to$\"", true)]
    [InlineData("header(\"x-team\") == \"search\"", true)]
    [InlineData("header(\"x-none\") == \"search\"", false)]
    [InlineData("hour >= 14 and weekday == \"wednesday\"", true)]
    [InlineData("streaming == false and has_tools", true)]
    [InlineData("(task_type == 'math' or language == 'de') and not (user_tier == 'free')", true)]
    [InlineData("required_capabilities contains 'tools'", true)]
    // What nobody knows is neither this nor that.
    [InlineData("has_images", false)]
    [InlineData("has_images == false", false)]
    [InlineData("workspace == 'a' or workspace != 'a'", false)]
    [InlineData("caller starts_with ''", false)]
    [InlineData("1 / 0 > 0 or 1 / 0 <= 0", false)]
    public void Parse_WhatCanBeMeant_IsMeant(string text, bool holds)
    {
        var facts = GivenFacts.Code();
        facts.Headers["x-team"] = "search";

        ExpressionParser.Parse(text).Holds(facts).ShouldBe(holds, text);
    }

    [Theory]
    [InlineData("task_type = \"code\"", 11, "'=' is no comparison: write ==")]
    [InlineData("task_typ == \"code\"", 1, "did you mean task_type?")]
    [InlineData("difficulty > \"high\"", 14, "a number behind > was expected, and this is a text")]
    [InlineData("task_type > 3", 1, "a number before > was expected, and this is a text")]
    [InlineData("task_type == 3", 11, "a text cannot be compared with a number")]
    [InlineData("task_type == \"coding\"", 14, "'coding' is no task_type: known are code, math")]
    [InlineData("weekday in [\"monday\", \"funday\"]", 12, "'funday' is no weekday")]
    [InlineData(
        "difficulty",
        1,
        "a condition that is true or false was expected, and this is a number"
    )]
    [InlineData(
        "contains_code and",
        18,
        "a fact, a number, a text or '(' was expected, not the end"
    )]
    [InlineData(
        "contains_code contains_math",
        15,
        "'and', 'or' or the end was expected, not 'contains_math'"
    )]
    [InlineData("(contains_code", 15, "')' was expected, not the end")]
    [InlineData("model == \"a", 10, "has no end")]
    [InlineData("model matches tags", 15, "a text behind matches was expected")]
    [InlineData("model matches model", 15, "a pattern in quotes was expected")]
    [InlineData("model matches \"(a\"", 15, "this pattern cannot be used")]
    [InlineData("model matches \"(a)\\\\1\"", 15, "this pattern cannot be used")]
    [InlineData("header(\"authorization\") == \"x\"", 8, "holds a secret")]
    [InlineData("header(x)", 8, "a header's name in quotes was expected, not 'x'")]
    [InlineData("tags in [\"a\"]", 1, "a text before in was expected, and this is a list")]
    [InlineData("1.2.3 > 1", 1, "'1.2.3' is no number")]
    [InlineData("difficulty § 3", 12, "'§' has no meaning here")]
    [InlineData("", 1, "a fact, a number")]
    public void Parse_WhatCannot_SaysWhereAndWhatWasExpected(
        string text,
        int position,
        string message
    )
    {
        var wrong = Should.Throw<ExpressionException>(() => ExpressionParser.Parse(text));

        wrong.Message.ShouldContain(message);
        wrong.Position.ShouldBe(position);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    public void Parse_WhatIsNestedWithoutEnd_IsRefused(string before, string behind)
    {
        var deep =
            string.Concat(Enumerable.Repeat(before, 150))
            + (before == "-" ? "1" : "contains_code")
            + string.Concat(Enumerable.Repeat(behind, 150));

        Should
            .Throw<ExpressionException>(() => ExpressionParser.Parse(deep))
            .Message.ShouldContain("nested");
        Should
            .Throw<ExpressionException>(() =>
                ExpressionParser.Parse(string.Join(" or ", Enumerable.Repeat("true", 201)))
            )
            .Message.ShouldContain("parts", Case.Sensitive);
        Should
            .Throw<ExpressionException>(() =>
                ExpressionParser.Parse("model == \"" + new string('a', 2_100) + "\"")
            )
            .Message.ShouldContain("longer");
    }

    [Fact]
    public void Parse_AnyText_IsReadOrRefusedAndReadsAgainAsItPrints()
    {
        string[] words =
        [
            "task_type",
            "difficulty",
            "tags",
            "contains_code",
            "header(\"x-a\")",
            "and",
            "or",
            "not",
            "==",
            "<",
            "in",
            "contains",
            "matches",
            "\"code\"",
            "'x'",
            "0.5",
            "12",
            "(",
            ")",
            "[",
            "]",
            ",",
            "+",
            "/",
            "-",
            "true",
            "§",
            "\\",
            "\"",
        ];
        var chance = new Random(31);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join(
                ' ',
                Enumerable.Range(0, chance.Next(1, 9)).Select(_ => words[chance.Next(words.Length)])
            );
            try
            {
                var condition = ExpressionParser.Parse(text);
                read++;
                condition.Holds(GivenFacts.Code());
                var printed = condition.ToString()!;
                ExpressionParser.Parse(printed).ToString().ShouldBe(printed, text);
            }
            catch (ExpressionException wrong)
            {
                wrong.Position.ShouldBeInRange(1, text.Length + 1);
                wrong.Message.ShouldNotBeEmpty();
            }
        }
        read.ShouldBeGreaterThan(100);
    }
}
