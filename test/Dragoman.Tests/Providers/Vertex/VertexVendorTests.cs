using System.Net;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Gemini;
using Dragoman.Providers;
using Dragoman.Providers.Vertex;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Providers.Vertex;

/// <summary>Vertex AI's addresses, and what becomes of a token that is refused.</summary>
public sealed class VertexVendorTests
{
    private static readonly ProviderType Vertex = ProviderTypes.Default.Find("vertex")!;

    [Theory]
    [InlineData(
        "europe-west4",
        "gemini-2.5-pro",
        false,
        "https://europe-west4-aiplatform.googleapis.com/v1/projects/p-2/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent"
    )]
    [InlineData(
        null,
        "gemini-2.5-pro",
        true,
        "https://aiplatform.googleapis.com/v1/projects/p-2/locations/global/publishers/google/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
    )]
    [InlineData(
        "eu",
        "gemini-2.5-pro",
        false,
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/p-2/locations/eu/publishers/google/models/gemini-2.5-pro:generateContent"
    )]
    [InlineData(
        "us-east5",
        "claude-sonnet-4-5@20250929",
        false,
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p-2/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5%4020250929:rawPredict"
    )]
    [InlineData(
        "us-east5",
        "claude-sonnet-4-5",
        true,
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p-2/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5:streamRawPredict"
    )]
    [InlineData(
        "us-central1",
        "endpoints/123",
        false,
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p-2/locations/us-central1/endpoints/123:generateContent"
    )]
    public void AddressOf_ALocationAndAModel_IsGooglesOwn(
        string? location,
        string model,
        bool stream,
        string expected
    ) =>
        new VertexVendor(TimeProvider.System)
            .AddressOf(Call(model, stream, location: location))
            .AbsoluteUri.ShouldBe(expected);

    [Fact]
    public void AddressOf_AnAddressOfOnesOwn_StaysAsItIs() =>
        new VertexVendor(TimeProvider.System)
            .AddressOf(
                Call("gemini-2.5-pro", location: "us-east5", baseUrl: "http://127.0.0.1:9/v1")
            )
            .AbsoluteUri.ShouldBe(
                "http://127.0.0.1:9/v1/projects/p-2/locations/us-east5/publishers/google/models/gemini-2.5-pro:generateContent"
            );

    [Theory]
    [InlineData(Operation.CountTokens, "gemini-2.5-pro:countTokens")]
    [InlineData(Operation.Embeddings, "gemini-2.5-pro:predict")]
    public void AddressOf_OtherCalls_HaveMethodsOfTheirOwn(Operation operation, string ending) =>
        new VertexVendor(TimeProvider.System)
            .AddressOf(Call("gemini-2.5-pro", operation: operation))
            .AbsoluteUri.ShouldEndWith(ending);

    [Fact]
    public void AddressOf_NoProjectInTheSettings_TakesTheCredentials() =>
        new VertexVendor(TimeProvider.System)
            .AddressOf(Call("gemini-2.5-pro", project: null))
            .AbsoluteUri.ShouldContain("/projects/p-1/");

    [Theory]
    [InlineData("evil.example/x#")]
    [InlineData("a b")]
    public void AddressOf_ALocationThatIsNone_IsRefused(string location) =>
        Should.Throw<UnusableCredentialException>(() =>
            new VertexVendor(TimeProvider.System).AddressOf(Call("m", location: location))
        );

    [Fact]
    public async Task Send_ATokenThatWasTakenBack_IsSentOnceMoreWithAnother()
    {
        var google = new FakeGoogle { Revoked = { "t1" } };
        using var http = new HttpProvider(google);

        using var response = await http.SendAsync(Call("gemini-2.5-pro"), default);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        google
            .Calls.Select(static call => call.Credential!.ToString())
            .ShouldBe(["Bearer t1", "Bearer t2"]);
        google.Calls.Select(static call => call.Body).Distinct().ShouldBe(["{}"]);
    }

    [Fact]
    public async Task Send_EveryTokenRefused_IsToldAfterTheSecond()
    {
        var google = new FakeGoogle { Revoked = { "t1", "t2", "t3" } };
        using var http = new HttpProvider(google);

        using var response = await http.SendAsync(Call("gemini-2.5-pro"), default);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        google.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Send_ACredentialThatIsNone_IsLikeARefusedKey()
    {
        var google = new FakeGoogle();
        using var http = new HttpProvider(google);

        using var response = await http.SendAsync(
            Call("gemini-2.5-pro", credential: "/nowhere/hush-hush"),
            default
        );

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("hush-hush");
        google.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_TwoCalls_ShareOneToken()
    {
        var google = new FakeGoogle();
        using var http = new HttpProvider(google);
        var call = Call("gemini-2.5-pro");

        (await http.SendAsync(call, default)).Dispose();
        (await http.SendAsync(call, default)).Dispose();

        google.Forms.Count.ShouldBe(1);
        google.Calls.Count.ShouldBe(2);
    }

    private static UpstreamCall Call(
        string model,
        bool stream = false,
        string? location = null,
        string? project = "p-2",
        string? baseUrl = null,
        Operation operation = Operation.Chat,
        string? credential = null
    )
    {
        var settings = new Dictionary<string, string>();
        if (location is not null)
            settings["location"] = location;
        if (project is not null)
            settings["project"] = project;
        var keys = new KeyPool([new SecretText(credential ?? FakeGoogle.ServiceAccount())]);
        var provider = new Provider
        {
            Name = "vertex",
            Type = Vertex,
            Dialect = Vertex.Dialect,
            BaseUrl = new Uri(baseUrl ?? Vertex.BaseUrl!),
            Keys = keys,
            Settings = settings,
        };
        var spoken = provider.MainDialect(model);
        return new UpstreamCall
        {
            Deployment = new Deployment
            {
                Name = model,
                Model = model,
                Provider = provider,
                State = new DeploymentState(model),
            },
            Key = keys.Take(model, DateTimeOffset.UnixEpoch),
            Operation = operation,
            Dialect = DialectSlice.Find(spoken.Dialect) ?? new GeminiDialect(),
            Spoken = spoken,
            Stream = stream,
            Content = new SplicedContent(["{}"u8.ToArray()]),
            Headers = [],
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
    }
}
