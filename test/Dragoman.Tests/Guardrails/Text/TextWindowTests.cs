using System.Text;
using System.Text.RegularExpressions;
using Dragoman.Guardrails;
using Dragoman.Guardrails.Detectors;
using Dragoman.Guardrails.Text;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Guardrails.Text;

/// <summary>A text is judged and masked alike, however it is cut into pieces.</summary>
public sealed class TextWindowTests
{
    private const string Pem =
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq\nQmFzZTY0\n-----END RSA PRIVATE KEY-----";

    // Whole ones, halves of some, and what stands between: joined at random they touch, overlap and just miss.
    private static readonly string[] Fragments =
    [
        "anna.berg@example.com",
        "müller@münchen.example",
        "@",
        "a@b",
        ".com ",
        "4111 1111 1111 1111",
        "4111111111111112",
        "5500-0000-0000-0004",
        "1",
        "4",
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "DE",
        "+49 30 1234567",
        "(415) 555-2671",
        "415-555-2671",
        "0171/1234567",
        "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "sk-",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        Pem,
        "-----BEGIN PRIVATE KEY-----\nMIIE",
        "-----END ",
        "project falcon",
        "falcon",
        "aab",
        "xaaab",
        "🙂",
        "\ud83d",
        "東京都",
        " ",
        ", ",
        ".",
        "-",
        "\n",
        "The quick brown fox. ",
        "Nothing to see",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Window_TextCutAnywhere_MasksAndFindsAsInTheWhole(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var rules = RandomRules(random);
            var text = RandomText(random);
            var whole = Judge(rules, [text]);

            for (var cut = 0; cut < 3; cut++)
            {
                var pieces = Cut(text, random);
                var streamed = Judge(rules, pieces);
                var told = $"seed {seed}, round {round}: {string.Join('|', pieces)}";
                streamed.BlockedBy.ShouldBe(whole.BlockedBy, told);
                streamed.Found.ShouldBe(whole.Found, told);
                if (whole.BlockedBy is null)
                    streamed.Text.ShouldBe(whole.Text, told);
                else
                    Judge(Unblocked(rules), [text]).Text.ShouldStartWith(streamed.Text);
            }
        }
    }

    [Fact]
    public void Window_OneCharacterAtATime_NeverLetsOutWhatItMasks()
    {
        var output = new StringBuilder();
        var window = new TextWindow(Rules(GuardrailAction.Mask), new FindingCounts());
        const string Text = $"Write to anna.berg@example.com or pay 4111 1111 1111 1111. {Pem} Bye";
        foreach (var unit in Text)
        {
            window.Take([unit], output);
            output.ToString().ShouldNotContain("@");
            output.ToString().ShouldNotContain("4111");
            output.ToString().ShouldNotContain("MIIE");
        }
        window.End(output);

        output.ToString().ShouldBe("Write to [email] or pay [card]. [private_key] Bye");
    }

    [Fact]
    public void Window_Blocked_LetsOutNothingOfTheMatchAndNothingBehind()
    {
        var output = new StringBuilder();
        var window = new TextWindow(Rules(GuardrailAction.Block), new FindingCounts());
        foreach (var unit in "Your card is 4111 1111 1111 1111, isn't it? Yes")
            window.Take([unit], output);
        window.End(output);

        window.BlockedBy!.Shape.Kind.ShouldBe("card");
        output.ToString().ShouldBe("Your card is");
    }

    [Fact]
    public void Window_PlainWords_HoldsBackNoMoreThanTheLastOne()
    {
        var output = new StringBuilder();
        var window = new TextWindow(Rules(GuardrailAction.Mask), new FindingCounts());
        window.Take("The quick brown fox jumps over the lazy", output);

        output.ToString().ShouldBe("The quick brown fox jumps over the ");
    }

    [Fact]
    public void Window_RulesThatOnlyFlag_HoldBackNothing()
    {
        var output = new StringBuilder();
        var counts = new FindingCounts();
        var window = new TextWindow(Rules(GuardrailAction.Flag), counts);
        window.Take("mail anna@exam", output);
        output.ToString().ShouldBe("mail anna@exam");
        window.Take("ple.com", output);
        window.End(output);

        output.ToString().ShouldBe("mail anna@example.com");
        counts.On("output").ShouldHaveSingleItem().Kind.ShouldBe("email");
    }

    [Fact]
    public void Window_HalfACharacter_WaitsForTheOtherHalf()
    {
        var output = new StringBuilder();
        var window = new TextWindow(Rules(GuardrailAction.Mask), new FindingCounts());
        window.Take("ok \ud83d", output);
        output.ToString().ShouldBe("ok ");
        window.Take("\ude42", output);

        output.ToString().ShouldBe("ok 🙂");
    }

    private static List<TextRule> Rules(GuardrailAction action) =>
        [
            new("g", PersonalData.Email, action),
            new("g", PersonalData.Card, action),
            new("g", KnownSecrets.PrivateKey, action),
        ];

    private static List<TextRule> Unblocked(List<TextRule> rules) =>
        [.. rules.Where(static rule => rule.Action != GuardrailAction.Block)];

    private static List<TextRule> RandomRules(Random random)
    {
        TextShape[] shapes =
        [
            PersonalData.Email,
            PersonalData.Phone,
            PersonalData.Card,
            PersonalData.Iban,
            KnownSecrets.ApiKey,
            KnownSecrets.Jwt,
            KnownSecrets.PrivateKey,
            Pattern("falcon", @"project\s+falcon"),
            Pattern("greedy", "a.*b"),
            Pattern("end", "falcon$"),
            Pattern("word", @"\bfox\b"),
        ];
        var rules = new List<TextRule>();
        foreach (var shape in shapes)
            if (random.Next(3) > 0)
                rules.Add(
                    new TextRule($"g{rules.Count}", shape, RandomAction(random))
                    {
                        Allowed =
                            random.Next(3) == 0
                                ?
                                [
                                    new AllowedText(
                                        @"anna\..*|\+49.*",
                                        RegexOptions.NonBacktracking,
                                        TimeSpan.FromSeconds(1)
                                    ),
                                ]
                                : [],
                    }
                );
        return rules;
    }

    private static TextShape Pattern(string name, string pattern) =>
        new(
            name,
            new Regex(
                pattern,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
                TimeSpan.FromSeconds(1)
            ),
            20
        )
        {
            IsBounded = false,
        };

    private static GuardrailAction RandomAction(Random random) =>
        random.Next(8) switch
        {
            0 => GuardrailAction.Block,
            <= 2 => GuardrailAction.Flag,
            _ => GuardrailAction.Mask,
        };

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 12); i > 0; i--)
            text.Append(Fragments[random.Next(Fragments.Length)]);
        return text.ToString();
    }

    private static List<string> Cut(string text, Random random)
    {
        var most = random.Next(1, 20);
        var pieces = new List<string>();
        for (var at = 0; at < text.Length; )
        {
            var length = Math.Min(random.Next(1, most + 1), text.Length - at);
            pieces.Add(text.Substring(at, length));
            at += length;
        }
        return pieces;
    }

    private static (string Text, string? BlockedBy, string Found) Judge(
        List<TextRule> rules,
        IReadOnlyList<string> pieces
    )
    {
        var (output, counts) = (new StringBuilder(), new FindingCounts());
        var window = new TextWindow(rules, counts);
        foreach (var piece in pieces)
            window.Take(piece, output);
        window.End(output);
        return (
            output.ToString(),
            window.BlockedBy?.Guardrail,
            string.Join(
                "; ",
                counts
                    .On("output")
                    .Select(static found => found.ToString())
                    .Order(StringComparer.Ordinal)
            )
        );
    }
}
