using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Microsoft.AspNetCore.WebUtilities;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Vertex AI: tokens, Gemini and Claude below a project.</summary>
public sealed class VertexTests
{
    private const string Root = "/v1/projects/p1/locations/europe-west4/publishers/";
    private const string Gemini = Root + "google/models/swift:generateContent";
    private const string Claude = Root + "anthropic/models/swift:rawPredict";
    private const string GeminiBody =
        """{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}""";
    private const string ClaudeBody =
        """{"anthropic_version":"vertex-2023-10-16","max_tokens":99,"messages":[{"role":"user","content":"Hello"}]}""";

    private static readonly DateTimeOffset Start = new ManualTime().GetUtcNow();

    [Fact]
    public async Task Token_ForASignedAssertion_OpensBothFamiliesUntilItExpires()
    {
        using var rsa = RSA.Create(2048);
        var time = new ManualTime();
        await using var host = await SimulatorHost.StartAsync(
            new()
            {
                ApiKeys = [],
                TokenLife = TimeSpan.FromMinutes(10),
                ServiceAccountKey = rsa.ExportSubjectPublicKeyInfoPem(),
                TimeProvider = time,
            }
        );
        using var client = new SimulatorClient(host);
        var granted = await TokenAsync(client, Assertion(rsa, time.GetUtcNow()));
        var bearer = (
            "Authorization",
            "Bearer " + granted.Json["access_token"]!.GetValue<string>()
        );

        granted.Json["token_type"]!.GetValue<string>().ShouldBe("Bearer");
        granted.Json["expires_in"]!.GetValue<int>().ShouldBe(600);
        (await client.CallAsync(Gemini, GeminiBody, bearer)).Status.ShouldBe(200);
        var claude = await client.CallAsync(Claude, ClaudeBody, bearer);
        claude.Status.ShouldBe(200);
        claude.Json["content"]![0]!["text"]!.GetValue<string>().ShouldContain("Hello");
        (await client.CallAsync(Gemini, GeminiBody)).Status.ShouldBe(401);
        time.Advance(TimeSpan.FromMinutes(11));
        var expired = await client.CallAsync(Gemini, GeminiBody, bearer);
        expired.Status.ShouldBe(401);
        expired.Json["error"]!["status"]!.GetValue<string>().ShouldBe("UNAUTHENTICATED");
        host.Requests.CountOf("token").ShouldBe(1);
        host.Requests.Of("token")[0].BodyText.ShouldContain("jwt-bearer");
    }

    [Fact]
    public async Task Token_Revoked_IsRefusedWhereAnybodyIsLetIn()
    {
        using var rsa = RSA.Create(2048);
        await using var host = await SimulatorHost.StartAsync();
        using var client = new SimulatorClient(host);
        var granted = await TokenAsync(client, Assertion(rsa, DateTimeOffset.UtcNow));
        var bearer = (
            "Authorization",
            "Bearer " + granted.Json["access_token"]!.GetValue<string>()
        );

        (await client.CallAsync(Gemini, GeminiBody, bearer)).Status.ShouldBe(200);
        host.RevokeTokens();
        (await client.CallAsync(Gemini, GeminiBody, bearer)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Token_BadAssertions_AreRefused()
    {
        using var rsa = RSA.Create(2048);
        using var other = RSA.Create(2048);
        var time = new ManualTime();
        await using var host = await SimulatorHost.StartAsync(
            new() { ServiceAccountKey = rsa.ExportSubjectPublicKeyInfoPem(), TimeProvider = time }
        );
        using var client = new SimulatorClient(host);

        (await TokenAsync(client, Assertion(other, Start))).Json["error_description"]!
            .GetValue<string>()
            .ShouldBe("Invalid JWT Signature.");
        (await TokenAsync(client, Assertion(rsa, Start.AddHours(-2)))).Text.ShouldContain(
            "short-lived"
        );
        (await TokenAsync(client, "nonsense")).Json["error"]!
            .GetValue<string>()
            .ShouldBe("invalid_grant");
        (await TokenAsync(client, "x", grant: "password")).Json["error"]!
            .GetValue<string>()
            .ShouldBe("unsupported_grant_type");
        host.SetFault("token", "500-once");
        (await TokenAsync(client, Assertion(rsa, Start))).Status.ShouldBe(500);
        host.SetFault("token", null);
        (await TokenAsync(client, Assertion(rsa, Start))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(
        """{"max_tokens":99,"messages":[{"role":"user","content":"Hello"}]}""",
        "anthropic_version"
    )]
    [InlineData(
        """{"model":"swift","anthropic_version":"vertex-2023-10-16","max_tokens":99,"messages":[{"role":"user","content":"Hello"}]}""",
        "model: Extra inputs"
    )]
    public async Task Claude_BodyOfTheOwnApi_IsRefused(string body, string message)
    {
        await using var host = await SimulatorHost.StartAsync();
        using var client = new SimulatorClient(host);
        var answer = await client.CallAsync(Claude, body);

        answer.Status.ShouldBe(400);
        answer.Text.ShouldContain(message);
    }

    [Fact]
    public async Task Claude_Streamed_EndsAsAtAnthropic()
    {
        await using var host = await SimulatorHost.StartAsync();
        using var client = new SimulatorClient(host);
        var stream = await client.CallAsync(
            Root + "anthropic/models/swift:streamRawPredict",
            ClaudeBody[..^1] + ",\"stream\":true}"
        );

        stream.Events[^1].Name.ShouldBe("message_stop");
        host.Requests.Last[^1].Dialect.ShouldBe(SimulatedDialect.AnthropicMessages);
    }

    [Fact]
    public async Task Embeddings_ArePredicted()
    {
        await using var host = await SimulatorHost.StartAsync();
        using var client = new SimulatorClient(host);
        var answer = await client.CallAsync(
            Root + "google/models/embed:predict",
            """{"instances":[{"content":"cats"}],"parameters":{"outputDimensionality":16}}"""
        );

        answer.Json["predictions"]![0]!["embeddings"]!["values"]!.AsArray().Count.ShouldBe(16);
    }

    private static Task<WireAnswer> TokenAsync(
        SimulatorClient client,
        string assertion,
        string grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    ) =>
        client.SendAsync(
            HttpMethod.Post,
            "/token",
            new FormUrlEncodedContent([new("grant_type", grant), new("assertion", assertion)])
        );

    private static string Assertion(RSA rsa, DateTimeOffset now)
    {
        var issued = now.ToUnixTimeSeconds();
        var claims = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"iss":"a@p1.iam.gserviceaccount.com","scope":"https://www.googleapis.com/auth/cloud-platform","aud":"https://oauth2.googleapis.com/token","iat":{{issued}},"exp":{{issued + 3600}}}"""
        );
        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims)}";
        var signature = rsa.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{signed}.{WebEncoders.Base64UrlEncode(signature)}";
    }

    private static string Encode(string text) =>
        WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(text));
}
