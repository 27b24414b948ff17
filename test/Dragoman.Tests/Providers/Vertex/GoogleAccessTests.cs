using System.Net;
using Dragoman.Canonical;
using Dragoman.Providers.Vertex;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Providers.Vertex;

/// <summary>Tokens are fetched once, kept, and renewed in time.</summary>
public sealed class GoogleAccessTests : IDisposable
{
    private readonly FakeGoogle _google = new();
    private readonly ManualTime _time = new();
    private readonly HttpMessageInvoker _client;
    private readonly GoogleAccess _access;

    public GoogleAccessTests()
    {
        _client = new HttpMessageInvoker(_google);
        _access = new GoogleAccess(new SecretText(FakeGoogle.ServiceAccount()), _time);
    }

    public void Dispose()
    {
        _client.Dispose();
        _google.Dispose();
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken = default) =>
        await _access.TokenAsync(_client, cancellationToken);

    [Fact]
    public async Task Token_AskedForByManyAtOnce_IsFetchedOnce()
    {
        var gate = new TaskCompletionSource();
        _google.Gate = gate.Task;
        var asked = Enumerable.Range(0, 20).Select(_ => TokenAsync()).ToList();
        gate.SetResult();

        (await Task.WhenAll(asked)).ShouldAllBe(token => token == "t1");
        (await TokenAsync()).ShouldBe("t1");
        _google.Forms.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Token_NearItsEnd_ServesWhileAnotherIsFetched()
    {
        await TokenAsync();
        var gate = new TaskCompletionSource();
        _google.Gate = gate.Task;
        _time.Advance(TimeSpan.FromMinutes(56));

        (await TokenAsync()).ShouldBe("t1");
        (await TokenAsync()).ShouldBe("t1");
        gate.SetResult();
        await Eventually.TrueAsync(() =>
            _access.TokenAsync(_client, default) is { IsCompletedSuccessfully: true, Result: "t2" }
        );

        _google.Forms.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Token_PastItsEnd_IsNotUsed()
    {
        await TokenAsync();
        _time.Advance(TimeSpan.FromMinutes(60));

        (await TokenAsync()).ShouldBe("t2");
    }

    [Fact]
    public async Task Token_WithinItsLife_IsKept()
    {
        await TokenAsync();
        _time.Advance(TimeSpan.FromMinutes(54));

        (await TokenAsync()).ShouldBe("t1");
        _google.Forms.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Forget_ARefusedToken_FetchesAnother_AndOneOfBeforeDoesNothing()
    {
        await TokenAsync();
        _access.Forget("t1");
        (await TokenAsync()).ShouldBe("t2");

        _access.Forget("t1");

        (await TokenAsync()).ShouldBe("t2");
    }

    [Fact]
    public async Task Token_WhoAskedFirstGoes_IsFetchedForTheOthers()
    {
        var gate = new TaskCompletionSource();
        _google.Gate = gate.Task;
        using var gone = new CancellationTokenSource();
        var first = TokenAsync(gone.Token);
        var second = TokenAsync();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        gate.SetResult();

        (await second).ShouldBe("t1");
    }

    [Fact]
    public async Task Token_RefusedByGoogle_IsToldByItsWordAlone()
    {
        _google.Refusal = (
            HttpStatusCode.BadRequest,
            """{"error":"invalid_grant","error_description":"Invalid JWT: eyJ..."}"""
        );

        var told = await Should.ThrowAsync<UnusableCredentialException>(() => TokenAsync());

        told.Message.ShouldContain("invalid_grant");
        told.ToString().ShouldNotContain("eyJ");
        told.ToString().ShouldNotContain("PRIVATE KEY");
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "")]
    [InlineData(HttpStatusCode.OK, "not json")]
    [InlineData(HttpStatusCode.OK, """{"access_token":5,"expires_in":3600}""")]
    [InlineData(HttpStatusCode.OK, """{"access_token":"x","expires_in":"soon"}""")]
    [InlineData(HttpStatusCode.OK, "[]")]
    public async Task Token_NotToBeHad_IsAFailureOfThisCallAlone(HttpStatusCode status, string body)
    {
        _google.Refusal = (status, body);
        await Should.ThrowAsync<HttpRequestException>(() => TokenAsync());
        _google.Refusal = null;

        (await TokenAsync()).ShouldBe("t1");
    }

    [Fact]
    public async Task Token_NoAnswerInTime_IsGivenUp()
    {
        _google.Gate = new TaskCompletionSource().Task;
        var asked = TokenAsync();
        await _time.UntilTimerAsync(TimeSpan.FromSeconds(19), TimeSpan.FromSeconds(21));

        _time.Advance(TimeSpan.FromSeconds(20));

        await Should.ThrowAsync<HttpRequestException>(asked);
    }

    [Fact]
    public async Task Ask_OfAServiceAccount_IsASignedAssertion()
    {
        await TokenAsync();

        var form = _google.Forms.ShouldHaveSingleItem();
        form["grant_type"].ShouldBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
        var assertion = form["assertion"];
        FakeGoogle.IsSigned(assertion).ShouldBeTrue();
        FakeGoogle.Part(assertion, 0).GetProperty("alg").GetString().ShouldBe("RS256");
        FakeGoogle.Part(assertion, 0).GetProperty("kid").GetString().ShouldBe("kid-1");
        var claims = FakeGoogle.Part(assertion, 1);
        claims.GetProperty("iss").GetString().ShouldBe("robot@p-1.iam.gserviceaccount.com");
        claims.GetProperty("aud").GetString().ShouldBe("https://token.example/token");
        claims.GetProperty("scope").GetString()!.ShouldEndWith("/auth/cloud-platform");
        var issued = claims.GetProperty("iat").GetInt64();
        issued.ShouldBe(_time.GetUtcNow().ToUnixTimeSeconds());
        (claims.GetProperty("exp").GetInt64() - issued).ShouldBe(3600);
    }

    [Fact]
    public async Task Ask_OfAUser_IsARefreshToken()
    {
        var user = new GoogleAccess(
            new SecretText(
                """{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r","quota_project_id":"q","token_uri":"https://token.example/"}"""
            ),
            _time
        );

        (await user.TokenAsync(_client, default)).ShouldBe("t1");

        _google
            .Forms.ShouldHaveSingleItem()
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "refresh_token",
                    ["client_id"] = "c",
                    ["client_secret"] = "s",
                    ["refresh_token"] = "r",
                },
                ignoreOrder: true
            );
        user.Credential.Project.ShouldBe("q");
    }

    [Theory]
    [InlineData("/nowhere/hush-hush.json", "cannot be read")]
    [InlineData("{\"type\":\"service_account\",\"hush-hush\"", "not valid JSON")]
    [InlineData("{\"type\":\"external_account\",\"x\":\"hush-hush\"}", "neither of")]
    [InlineData("{\"type\":\"service_account\",\"private_key\":\"hush-hush\"}", "client_email")]
    [InlineData(
        "{\"type\":\"service_account\",\"client_email\":\"hush-hush\",\"private_key\":\"k\",\"token_uri\":\"http://elsewhere.example/hush-hush\"}",
        "token_uri"
    )]
    public void Read_WhatIsNoCredential_SaysWhyWithoutShowingIt(string text, string why)
    {
        var told = Should.Throw<UnusableCredentialException>(() => GoogleCredential.Read(text));

        told.Message.ShouldContain(why);
        told.Message.ShouldNotContain("hush-hush");
    }

    [Fact]
    public async Task Ask_WithWhatIsNoKey_SaysSo()
    {
        var access = new GoogleAccess(
            new SecretText(
                """{"type":"service_account","client_email":"e","private_key":"hush-hush"}"""
            ),
            _time
        );

        var told = await Should.ThrowAsync<UnusableCredentialException>(async () =>
            await access.TokenAsync(_client, default)
        );

        told.Message.ShouldContain("private_key");
        told.Message.ShouldNotContain("hush-hush");
    }

    [Fact]
    public void Read_AFile_IsTheSameAsItsText()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "account.json");
        File.WriteAllText(file, FakeGoogle.ServiceAccount());

        GoogleCredential.Read(file).Project.ShouldBe("p-1");
    }
}
