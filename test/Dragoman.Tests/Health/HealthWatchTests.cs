using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Health;
using Dragoman.Providers;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Health;

public sealed class HealthWatchTests
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Watch_Providers_AreAskedOnceAndThenWhileInUse()
    {
        var time = new ManualTime();
        var answers = 200;
        var vendor = new Vendor((_, _) => Vendor.Of(Volatile.Read(ref answers), "{}"));
        using var http = new HttpProvider(vendor);
        List<Provider> providers = [Provider("openai"), Provider("mistral"), Provider("vertex")];
        using var stop = new CancellationTokenSource();

        var looks = 0;
        var watching = new HealthWatch(
            () =>
            {
                Interlocked.Increment(ref looks);
                return [.. providers];
            },
            new HealthProber(http, time),
            time
        ).RunAsync(stop.Token);
        await PassAsync(1);
        Count("openai").ShouldBe(1);
        Count("mistral").ShouldBe(1);
        vendor.Asked.Count.ShouldBe(2);

        // Nobody uses them: nobody asks.
        await PassAsync(30);
        vendor.Asked.Count.ShouldBe(2);

        // In use: at the next look when the last probe was long ago, and then once a minute.
        for (var i = 0; i < 24; i++)
        {
            providers[0].State.Health.Answered(time.GetUtcNow());
            await PassAsync(1);
        }
        Count("openai").ShouldBe(3);
        Count("mistral").ShouldBe(1);

        // Down, and nobody calls it: it is looked whether it is back. With a wrong key that would be in vain.
        answers = 503;
        providers[0].State.Health.Answered(time.GetUtcNow());
        await PassAsync(14);
        var asked = Count("openai");
        await PassAsync(12);
        Count("openai").ShouldBe(asked + 1);
        answers = 401;
        await PassAsync(12);
        asked = Count("openai");
        await PassAsync(36);
        Count("openai").ShouldBe(asked);

        // One that a reload brings.
        providers.Add(Provider("groq"));
        await PassAsync(2);
        Count("groq").ShouldBe(1);

        await stop.CancelAsync();
        await watching;

        int Count(string host)
        {
            lock (vendor.Asked)
                return vendor.Asked.Count(request =>
                    request.RequestUri!.Host.Contains(host, StringComparison.Ordinal)
                );
        }

        // A look begins when the probes of the one before are over.
        async Task PassAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var before = Volatile.Read(ref looks);
                time.Advance(Look);
                await Eventually.TrueAsync(() => Volatile.Read(ref looks) > before);
            }
        }
    }

    private static Provider Provider(string type)
    {
        var known = ProviderTypes.Default.Find(type)!;
        return new Provider
        {
            Name = type,
            Type = known,
            Dialect = known.Dialect,
            BaseUrl = new Uri(known.BaseUrl!),
            Keys = new KeyPool([new SecretText("k")]),
        };
    }
}
