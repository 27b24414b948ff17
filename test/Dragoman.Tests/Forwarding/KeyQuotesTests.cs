using System.Text;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Forwarding;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

public sealed class KeyQuotesTests
{
    private const string Key = "sk-proj-aBcDeFgHiJkLmNoP";

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-****************mNoP. You can find it.")]
    [InlineData("Incorrect API key provided: sk***oP.")]
    [InlineData("Your api key: ****mNoP is invalid")]
    [InlineData("Bad token (sk-proj-aBcDeFgHiJkLmNoP)")]
    public void Mask_AQuotedKey_LeavesNothingOfIt(string message)
    {
        var masked = Mask(message);

        masked.Message.ShouldNotBeNull();
        masked.Message.ShouldNotContain("mNoP");
        masked.Message.ShouldNotContain("oP");
        masked.Message.ShouldContain("***");
        masked.Message.ShouldStartWith(message[..3]);
        masked.IsCanonicalShape.ShouldBeFalse();
    }

    [Fact]
    public void Mask_AKeyElsewhereInTheBody_KeepsTheBodyBack() =>
        Mask("No.", body: $$"""{"error":{"message":"No."},"sent":"{{Key}}"}""")
            .IsCanonicalShape.ShouldBeFalse();

    [Theory]
    [InlineData("Rate limit reached for gpt-4o: limit 3, used 3.", Key)]
    [InlineData("The task1 of k1 failed.", "k1")]
    public void Mask_OtherWords_LeavesThemAlone(string message, string key)
    {
        var error = Mask(message, key);

        error.Message.ShouldBe(message);
        error.IsCanonicalShape.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_AProviderThatQuotesTheKey_TellsItNeitherTheClientNorTheRecord(
        bool stream
    )
    {
        var body =
            $$$"""{"error":{"message":"Cannot serve {{{Key}}} now","type":"server_error","code":"x"}}""";
        using var upstream = new ScriptedUpstream(
            body,
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        );
        await using var bench = await ForwardingBench.StartAsync();

        var finished = await bench.AskAsync(
            Ask.For(stream),
            bench.Deployment("m", bench.Provider(keys: [Key], baseUrl: upstream.BaseUrl))
        );

        finished.Status.ShouldBe(400);
        finished.Text.ShouldNotContain("aBcDeF");
        finished.Error().GetProperty("message").GetString().ShouldBe("Cannot serve *** now");
        finished.Log.Attempts[0].Error.ShouldBe("Cannot serve *** now");
    }

    private static UpstreamError Mask(string message, string key = Key, string body = "")
    {
        var pool = new KeyPool([new SecretText(key)]);
        return KeyQuotes.Mask(
            new UpstreamError { Message = message, IsCanonicalShape = true },
            Encoding.UTF8.GetBytes(body),
            pool.Take("m", DateTimeOffset.UnixEpoch)
        );
    }
}
