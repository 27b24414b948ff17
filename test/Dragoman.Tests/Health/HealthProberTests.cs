using System.Net;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Health;
using Dragoman.Native;
using Dragoman.Providers;
using Dragoman.TestKit;
using Microsoft.Extensions.AI;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Health;

public sealed class HealthProberTests
{
    private const string Key = "sk-live-0123456789abcdef";

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("openai", "https://api.openai.com/v1/models", "Authorization: Bearer " + Key)]
    [InlineData(
        "openrouter",
        "https://openrouter.ai/api/v1/models",
        "Authorization: Bearer " + Key
    )]
    [InlineData("anthropic", "https://api.anthropic.com/v1/models", "x-api-key: " + Key)]
    [InlineData(
        "google",
        "https://generativelanguage.googleapis.com/v1beta/models",
        "x-goog-api-key: " + Key
    )]
    [InlineData("ollama", "http://127.0.0.1:11434/api/tags", "Authorization: Bearer " + Key)]
    public async Task Probe_AProvider_AsksForItsModelsAsTheVendorWantsIt(
        string type,
        string address,
        string credential
    )
    {
        var vendor = new Vendor(static (_, _) => Vendor.Of(200, """{"data":[]}"""));
        var provider = Provider(type, Key);

        await ProbeAsync(vendor, provider);

        var request = vendor.Asked.ShouldHaveSingleItem();
        request.Method.ShouldBe(HttpMethod.Get);
        request.RequestUri!.AbsoluteUri.ShouldBe(address);
        var headers = request.Headers.ToString();
        headers.ShouldContain(credential);
        headers
            .Contains("anthropic-version", StringComparison.Ordinal)
            .ShouldBe(type == "anthropic");
        provider.State.Health.View(_time.GetUtcNow()).IsAvailable.ShouldBe(true);
    }

    [Theory]
    [InlineData(200, "[]", true, null)]
    [InlineData(200, "\n {\"data\":[]}", true, null)]
    [InlineData(200, "<html>Sign in to the hotel's network</html>", false, "upstream")]
    [InlineData(200, "", false, "upstream")]
    [InlineData(401, "{}", false, "authentication")]
    [InlineData(400, """{"error":{"message":"API key not valid."}}""", false, "authentication")]
    [InlineData(402, "{}", false, "payment")]
    [InlineData(429, """{"error":{"code":"insufficient_quota"}}""", false, "payment")]
    [InlineData(429, "{}", true, "rate_limited")]
    [InlineData(
        403,
        """{"error":{"message":"Missing scopes: api.model.read"}}""",
        null,
        "permission"
    )]
    [InlineData(404, "{}", null, "not_found")]
    [InlineData(503, "{}", false, "upstream")]
    [InlineData(302, "", false, "upstream")]
    public async Task Probe_AnAnswer_TellsWhetherItCanBeCalled(
        int status,
        string body,
        bool? available,
        string? kind
    )
    {
        var vendor = new Vendor((_, _) => Vendor.Of(status, body));
        var provider = Provider("openai", Key);

        var info = await ProbeAsync(vendor, provider);

        info.Available.ShouldBe(available);
        info.LastError?.Kind.ShouldBe(kind);
        (info.LastError is null).ShouldBe(kind is null);
        info.LastCheckedAt.ShouldBe(_time.GetUtcNow());
        info.Score.ShouldBe(
            available is null ? null
            : available is true ? 100
            : 0
        );
        info.Since.HasValue.ShouldBe(available is not null);
    }

    [Fact]
    public async Task Probe_AWrongKey_SaysWhatToDoAndNotTheKey()
    {
        var vendor = new Vendor(
            static (_, _) =>
                Vendor.Of(
                    401,
                    $$$"""{"error":{"message":"Incorrect API key provided: {{{Key}}}."}}"""
                )
        );
        var provider = Provider("openai", Key);

        var info = await ProbeAsync(vendor, provider);

        var error = info.LastError.ShouldNotBeNull();
        error.Status.ShouldBe(401);
        error.Message.ShouldBe("Incorrect API key provided: ***");
        error.Remedy.ShouldContain("OPENAI_API_KEY");
        info.Keys.ShouldHaveSingleItem().Refused.ShouldBeTrue();
        // And calls do not try it any more, for a while.
        provider.Keys.Take("m", _time.GetUtcNow()).ShouldBeNull();
    }

    [Fact]
    public async Task Probe_OneOfSeveralKeysIsWrong_NamesItByItsPlace()
    {
        var vendor = new Vendor(
            static (request, _) =>
                request.Headers.Authorization!.Parameter == "second-key-7654321"
                    ? Vendor.Of(401, """{"error":{"message":"no such key: second-key-7654321"}}""")
                    : Vendor.Of(200, "{}")
        );
        var provider = Provider("openai", Key, "second-key-7654321", "third-key-1234567");

        var info = await ProbeAsync(vendor, provider);

        vendor.Asked.Count.ShouldBe(3);
        info.Available.ShouldBe(true);
        info.Keys.Select(static key => (key.Position, key.Refused))
            .ShouldBe([(1, false), (2, true), (3, false)]);
        info.LastError!.Message.ShouldBe("key 2: no such key: ***");
    }

    [Theory]
    [InlineData("unreachable")]
    [InlineData("timeout")]
    public async Task Probe_NoAnswer_IsToldWithinFiveSeconds(string kind)
    {
        var vendor = new Vendor(
            async (_, cancellationToken) =>
            {
                if (kind == "unreachable")
                    throw new HttpRequestException(HttpRequestError.ConnectionError);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException("never");
            }
        );
        var provider = Provider("ollama");

        var probing = ProbeAsync(vendor, provider);
        if (kind == "timeout")
        {
            await _time.UntilTimerAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
            _time.Advance(TimeSpan.FromSeconds(4.9));
            probing.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }
        var info = await probing;

        info.Available.ShouldBe(false);
        info.LatencyMs.ShouldBeNull();
        info.LastError!.Kind.ShouldBe(kind);
        if (kind == "unreachable")
            info.LastError.Remedy.ShouldContain("Start the server of ollama");
    }

    [Fact]
    public async Task Probe_AskedForByMany_IsOne()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var vendor = new Vendor((_, _) => answer.Task);
        var provider = Provider("openai", Key);
        using var http = new HttpProvider(vendor);
        var prober = new HealthProber(http, _time);
        using var impatient = new CancellationTokenSource();

        var first = prober.ProbeAsync([provider], impatient.Token);
        var others = Enumerable
            .Range(0, 20)
            .Select(_ => prober.ProbeAsync([provider], CancellationToken.None))
            .ToList();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        others.ShouldAllBe(static other => !other.IsCompleted);
        answer.SetResult(await Vendor.Of(200, "{}"));
        await Task.WhenAll(others);

        vendor.Asked.Count.ShouldBe(1);
        // The next one asks anew.
        await prober.ProbeAsync([provider], CancellationToken.None);
        vendor.Asked.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("vertex", "free")]
    [InlineData("azure", "free")]
    [InlineData("perplexity", "free")]
    [InlineData("cohere", "free")]
    [InlineData("client", "client in this process")]
    public async Task Probe_AProviderWithoutAFreeCall_IsNotMadeAndSaysSo(string type, string reason)
    {
        var vendor = new Vendor(static (_, _) => Vendor.Of(200, "{}"));
        var provider =
            type == "client"
                ? new Dragoman.Providers.ChatClients.ChatClientProvider(
                    "own",
                    new NoClient(),
                    "m"
                ).ToProvider()
                : Provider(type, Key);

        var info = await ProbeAsync(vendor, provider);

        vendor.Asked.ShouldBeEmpty();
        info.Available.ShouldBeNull();
        info.Score.ShouldBeNull();
        info.LastCheckedAt.ShouldBeNull();
        info.NotProbed!.ShouldContain(reason);
    }

    [Fact]
    public async Task Check_SomeProvidersWellAndSomeNot_IsDegraded()
    {
        var vendor = new Vendor(
            static (request, _) =>
                request.RequestUri!.Host.Contains("openai", StringComparison.Ordinal)
                    ? Vendor.Of(200, "{}")
                    : Vendor.Of(500, "{}")
        );
        using var http = new HttpProvider(vendor);
        Provider[] all =
        [
            Provider("openai", Key),
            Provider("mistral", Key),
            Provider("vertex", Key),
        ];
        var health = Health(http, all);

        (await health.CheckAsync())!.Status.ShouldBe("unknown");
        var info = (await health.CheckAsync(now: true))!;

        info.Status.ShouldBe("degraded");
        info.Counts.ShouldBe(
            new HealthCounts
            {
                Total = 3,
                Available = 1,
                Unavailable = 1,
                Unknown = 1,
            }
        );
        info.Providers.Select(static provider => provider.Provider)
            .ShouldBe(["mistral", "openai", "vertex"]);
        (await health.CheckAsync(provider: "openai"))!.Status.ShouldBe("ok");
        (await health.CheckAsync(provider: "mistral"))!.Status.ShouldBe("down");
        (await health.CheckAsync(provider: "nobody")).ShouldBeNull();
    }

    [Fact]
    public async Task Check_RestingModels_LowerTheScoreAndAreNamed()
    {
        using var http = new HttpProvider(new Vendor(static (_, _) => Vendor.Of(200, "{}")));
        var states = new DeploymentStates();
        var health = Health(http, [Provider("openai", Key)], states);
        var until = _time.GetUtcNow().AddSeconds(30);
        states.Of("openai", "gpt-4o").Cool(until);
        for (var i = 0; i < 5; i++)
            states
                .Of("openai", "org/tuned")
                .Breaker.Failed(
                    _time.GetUtcNow(),
                    5,
                    TimeSpan.FromMinutes(1),
                    TimeSpan.FromSeconds(10)
                );
        states.Of("openai-eu", "gpt-4o").Cool(until);

        var info = (await health.CheckAsync(now: true))!;

        info.Status.ShouldBe("degraded");
        var provider = info.Providers.ShouldHaveSingleItem();
        provider.Available.ShouldBe(true);
        provider.Score.ShouldBe(70);
        provider
            .Resting.Select(static model => (model.Model, model.CoolsUntil, model.Breaker))
            .ShouldBe([("gpt-4o", until, "closed"), ("org/tuned", null, "open")]);
    }

    private static Provider Provider(string type, params string[] keys)
    {
        var known = ProviderTypes.Default.Find(type)!;
        return new Provider
        {
            Name = type,
            Type = known,
            Dialect = known.Dialect,
            BaseUrl = new Uri(known.BaseUrl ?? "https://me.example"),
            Local = known.KeyOptional,
            Keys = new KeyPool(keys.Select(static key => new SecretText(key))),
        };
    }

    private GatewayHealth Health(
        HttpProvider http,
        IReadOnlyList<Provider> providers,
        DeploymentStates? states = null
    )
    {
        using var snapshots = new GatewaySnapshots(new(), new DeploymentStates(), _time);
        var nothing = snapshots.Current;
        var snapshot = new GatewaySnapshot
        {
            Providers = providers.ToDictionary(static provider => provider.Name),
            Names = nothing.Names,
            Parts = nothing.Parts,
            Version = 1,
        };
        return new GatewayHealth(
            () => snapshot,
            states ?? new DeploymentStates(),
            new HealthProber(http, _time),
            _time
        );
    }

    private async Task<ProviderHealthInfo> ProbeAsync(Vendor vendor, Provider provider)
    {
        using var http = new HttpProvider(vendor);
        var info = await Health(http, [provider]).CheckAsync(now: true);
        return info!.Providers.ShouldHaveSingleItem();
    }

    private sealed class NoClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}

/// <summary>Whoever is asked: answers as it is told, and keeps what came.</summary>
internal sealed class Vendor(
    Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer
) : HttpMessageHandler
{
    public List<HttpRequestMessage> Asked { get; } = [];

    public static Task<HttpResponseMessage> Of(int status, string body) =>
        Task.FromResult(
            new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }
        );

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        lock (Asked)
            Asked.Add(request);
        return answer(request, cancellationToken);
    }
}
