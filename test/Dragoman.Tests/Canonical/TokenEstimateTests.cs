using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Canonical;

public class TokenEstimateTests
{
    private static long Of(string text) => TokenEstimate.OfText(Encoding.UTF8.GetBytes(text));

    [Theory] // the counts are o200k's
    [InlineData(
        "The quick brown fox jumps over the lazy dog. It was a bright cold day in April, and the clocks were striking thirteen.",
        26
    )]
    [InlineData("用简单的语言解释什么是量子计算，以及它为什么重要。请给出三个例子。", 22)]
    [InlineData(
        "Erkläre mir bitte in einfachen Worten, wie ein Verbrennungsmotor funktioniert und warum er warm wird.",
        23
    )]
    [InlineData(
        "Объясни простыми словами, как работает двигатель внутреннего сгорания и почему он нагревается.",
        22
    )]
    [InlineData("public static int Add(int left, int right)\n{\n    return left + right;\n}\n", 18)]
    [InlineData("{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Paris\",\"days\":3}}", 16)]
    public void OfText_ManyKinds_IsNearTheRealCount(string text, int real) =>
        ((double)Of(text)).ShouldBe(real, real * 0.35);

    [Fact]
    public void OfText_Empty_IsZeroAndAnythingElseIsNot()
    {
        Of("").ShouldBe(0);
        Of("a").ShouldBe(1);
        Of("。").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Add_InPiecesCutAnywhere_IsTheSame()
    {
        var text = Encoding.UTF8.GetBytes(
            "Grüße! ภาษาไทย — हिन्दी, Tiếng Việt, 日本語 12345 camelCase  😀\r\n\r\nend"
        );
        var whole = TokenEstimate.OfText(text);
        for (var size = 1; size < 9; size++)
        {
            var pieces = new TokenEstimate();
            for (var at = 0; at < text.Length; at += size)
                pieces.Add(text.AsSpan(at, Math.Min(size, text.Length - at)));
            pieces.Tokens.ShouldBe(whole);
        }
    }

    [Fact]
    public void OfText_BytesThatAreNoText_IsBounded()
    {
        var bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        TokenEstimate.OfText(bytes).ShouldBeInRange(1, 20_000);
    }

    [Fact]
    public void Add_AnyText_AllocatesNothing()
    {
        var text = Encoding.UTF8.GetBytes("Some words, 日本語 and 123 numbers.\n");
        _ = TokenEstimate.OfText(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _ = TokenEstimate.OfText(text);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void OfText_RecordedAnswers_AreNearTheCountsThatProvidersSent()
    {
        List<double> errors = [];
        foreach (var line in File.ReadLines(SharedData.PathOf("data/recordings/expected.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var facts = row.RootElement;
            // Only answers whose whole count is visible text: no tools, no hidden reasoning.
            if (
                facts.GetProperty("wire").GetString() is not ("openai-chat" or "anthropic")
                || facts.GetProperty("text").GetString() is not { Length: > 100 } text
                || facts.GetProperty("reasoning").GetString() is not { Length: 0 }
                || facts.GetProperty("tool_calls").GetArrayLength() > 0
                || !facts.TryGetProperty("usage", out var usage)
                || usage.ValueKind != JsonValueKind.Object
                || !usage.TryGetProperty("out", out var output)
                || !output.TryGetInt64(out var real)
                || real == 0
                || (
                    usage.TryGetProperty("reasoning", out var hidden)
                    && hidden.ValueKind == JsonValueKind.Number
                    && hidden.GetInt64() > 0
                )
            )
                continue;
            errors.Add(Math.Abs(Of(text) / (double)real - 1));
        }
        errors.Count.ShouldBeGreaterThan(15);
        errors.Order().ElementAt(errors.Count / 2).ShouldBeLessThan(0.12);
    }
}
