using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Dragoman.Server.Tests.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Limits;

/// <summary>A real server that is killed with calls under way: what they may have cost is counted when it starts again.</summary>
public sealed class BudgetKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Kill_WithCallsUnderWay_CountsEachOnceAndNeverLetsMoreThroughThanTheBudgetAllows()
    {
        const int Affordable = 24;
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { FirstDelay = TimeSpan.FromMilliseconds(60) }
        );
        var config = _folder.File("dragoman.yaml");
        await File.WriteAllTextAsync(
            config,
            ServerUnderTest.ConfigOf(simulator)
                + $$"""

                models: [{ name: quick, provider: sim, model: swift, cost_per_1k_input: 0, cost_per_1k_output: 1 }]
                budgets: { race: { amount: 0.{{Affordable}}, wait: 60 } }
                """
        );
        var port = FreePort.Take();
        using var client = new HttpClient
        {
            BaseAddress = new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}")),
        };
        var served = 0;

        using (var first = await StartAsync(config, port, client))
        {
            var calls = Enumerable.Range(0, 16).Select(_ => CallAsync()).ToList();
            await Eventually.TrueAsync(() => Volatile.Read(ref served) >= 6);
            first.Kill();
            await first.WaitForExitAsync();
            await Task.WhenAll(calls);
        }

        using var second = await StartAsync(config, port, client);
        try
        {
            var state = await StateAsync();
            Usd(state, "orphaned_usd").ShouldBeGreaterThan(0);
            Usd(state, "reserved_usd").ShouldBe(0);
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => CallAsync()));

            served.ShouldBeLessThanOrEqualTo(Affordable);
            state = await StateAsync();
            // All of it is spent, to the last token: on answers, or on what was under way when the process was killed.
            Usd(state, "spent_usd").ShouldBe(Affordable * 0.01m);
            state.GetProperty("calls").GetInt32().ShouldBe(Affordable);
        }
        finally
        {
            second.Kill();
            await second.WaitForExitAsync();
        }

        async Task CallAsync()
        {
            while (true)
            {
                try
                {
                    using var answer = await client.PostAsync(
                        new Uri("/v1/chat/completions", UriKind.Relative),
                        new StringContent(
                            """{"model":"quick","max_tokens":10,"messages":[{"role":"user","content":"[[say 1 2 3 4 5 6 7 8 9 10]]"}]}""",
                            Encoding.UTF8,
                            "application/json"
                        )
                    );
                    if (answer.StatusCode != HttpStatusCode.OK)
                    {
                        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
                        return;
                    }
                    await answer.Content.ReadAsStringAsync();
                    Interlocked.Increment(ref served);
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        }

        async Task<JsonElement> StateAsync() =>
            JsonDocument
                .Parse(
                    await client.GetStringAsync(
                        new Uri("/api/admin/budgets/race/state", UriKind.Relative)
                    )
                )
                .RootElement.GetProperty("data")[0];

        static decimal Usd(JsonElement state, string name) => state.GetProperty(name).GetDecimal();
    }

    public void Dispose() => _folder.Dispose();

    private async Task<System.Diagnostics.Process> StartAsync(
        string config,
        int port,
        HttpClient client
    )
    {
        var process = CliProcess.Start(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["DRAGOMAN_DATA"] = _folder.Path,
            },
            "serve",
            "--config",
            config,
            "--port",
            port.ToString(CultureInfo.InvariantCulture)
        );
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using var answer = await client.GetAsync(
                    new Uri("/health/ready", UriKind.Relative)
                );
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return process;
    }
}
