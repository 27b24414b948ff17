using System.Text;
using Dragoman.Guardrails;
using Dragoman.Guardrails.Detectors;
using Dragoman.Guardrails.Text;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Guardrails.Detectors;

/// <summary>How often detectors err on texts that people write: the figures that docs/guides/guardrails.md tells.</summary>
public sealed class DetectorErrorsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("email", 25, 1, 22, 1)]
    [InlineData("phone", 25, 1, 31, 1)]
    [InlineData("card", 20, 1, 22, 2)]
    [InlineData("iban", 18, 1, 16, 0)]
    [InlineData("api_key", 20, 0, 19, 1)]
    [InlineData("jwt", 5, 0, 6, 0)]
    [InlineData("private_key", 6, 0, 5, 0)]
    [InlineData("injection", 40, 8, 44, 6)]
    public void Detector_OnLabelledTexts_ErrsAsTheGuideSays(
        string kind,
        int positives,
        int missed,
        int negatives,
        int falseAlarms
    )
    {
        var texts = LabelledTexts.Of(kind);
        var misses = texts.Where(text => text.IsOne && !Finds(kind, text.Text)).ToList();
        var alarms = texts.Where(text => !text.IsOne && Finds(kind, text.Text)).ToList();
        foreach (var text in misses)
            output.WriteLine("missed: " + text.Text);
        foreach (var text in alarms)
            output.WriteLine("false alarm: " + text.Text);
        (
            texts.Count(static text => text.IsOne),
            misses.Count,
            texts.Count(static text => !text.IsOne),
            alarms.Count
        ).ShouldBe((positives, missed, negatives, falseAlarms));
    }

    private static bool Finds(string kind, string text)
    {
        if (kind == "injection")
            return InjectionCues.Score(text) >= InjectionCues.UsualThreshold;
        var counts = new FindingCounts();
        var window = new TextWindow(
            [
                new TextRule(
                    "g",
                    kind switch
                    {
                        "email" => PersonalData.Email,
                        "phone" => PersonalData.Phone,
                        "card" => PersonalData.Card,
                        "iban" => PersonalData.Iban,
                        "api_key" => KnownSecrets.ApiKey,
                        "jwt" => KnownSecrets.Jwt,
                        _ => KnownSecrets.PrivateKey,
                    },
                    GuardrailAction.Flag
                ),
            ],
            counts
        );
        window.Take(text, new StringBuilder());
        window.End(new StringBuilder());
        return !counts.IsEmpty;
    }
}
