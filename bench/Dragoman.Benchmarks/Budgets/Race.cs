using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Dragoman.Simulator;

namespace Dragoman.Benchmarks.Budgets;

/// <summary>One race: 64 clients at once ask a real server for answers until its budget refuses them all, while it is watched.</summary>
/// <param name="Name">What is special about it.</param>
internal sealed record Race(string Name)
{
    public const int Clients = 64;

    /// <summary>A token of an answer costs a tenth of a cent, a prompt nothing.</summary>
    public const decimal UsdPerToken = 0.001m;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    /// <summary>Calls of ten tokens that the budget is enough for.</summary>
    public required int Affordable { get; init; }
    public bool Streams { get; init; }

    /// <summary>Clients do not say how long an answer may be, and answers are of any length: streams outgrow what is set aside.</summary>
    public bool Outgrows { get; init; }

    /// <summary>Of ten upstream calls so many fail.</summary>
    public int FailuresOfTen { get; init; }

    /// <summary>Of ten calls so many are left by their client before the end.</summary>
    public int LeftOfTen { get; init; }

    /// <summary>Times the server is killed in the middle, and started again.</summary>
    public int Kills { get; init; }

    /// <summary>Further budgets that each call counts in: by workspace, of which there are four.</summary>
    public bool ByWorkspace { get; init; }

    /// <summary>Every answer costs the same, so that the number of those that are served is known in advance.</summary>
    private bool IsExact => !Outgrows && LeftOfTen == 0 && (FailuresOfTen == 0 || !Streams);

    /// <summary>With so much left a client is not refused: a call of ten tokens; where answers are of any length, half of a middling one.</summary>
    private decimal Least => (Outgrows ? 200 : 10) * UsdPerToken;

    public async Task<RaceResult> RunAsync(int seed)
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions
            {
                FirstDelay = TimeSpan.FromMilliseconds(20),
                ChunkDelay = TimeSpan.FromMilliseconds(2),
                JournalLength = 0,
            }
        );
        if (FailuresOfTen > 0)
            simulator.Script("swift", [.. Faults(new Random(seed))]);
        await using var server = new RacedServer(ConfigOf(simulator));
        await server.StartAsync();
        var run = new Run(this, server, seed);
        return await run.ToTheEndAsync();
    }

    private IEnumerable<Fault> Faults(Random chance)
    {
        // A stream that is cut has cost something: then the number of those that are served is not known.
        Fault[] known = Streams
            ? ["500", "503", "reset", "cut"]
            : ["500", "503", "reset", "cut-plain"];
        for (var i = 0; i < Affordable * 3; i++)
            yield return chance.Next(10) < FailuresOfTen
                ? known[chance.Next(known.Length)]
                : "none";
    }

    private string ConfigOf(SimulatorHost simulator) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            defaults: { model: race }
            providers: { sim: { dialect: openai, base_url: "{{simulator.BaseUrl}}", api_keys: [sk-upstream] } }
            models:
              - { name: race, provider: sim, model: swift, cost_per_1k_input: 0, cost_per_1k_output: 1 }
            budgets:
              race: { amount: {{Limit}}, window: day, wait: 120 }
            {{(
                ByWorkspace
                    ? FormattableString.Invariant(
                        $"  each: {{ workspace: \"*\", amount: {Limit / 3}, window: day, wait: 120 }}\n  models: {{ model: \"sim/*\", amount: {Limit * 2}, window: month, wait: 120 }}"
                    )
                    : ""
            )}}
            """
        );

    public decimal Limit => Affordable * 10 * UsdPerToken;

    /// <summary>The race under way.</summary>
    private sealed class Run(Race race, RacedServer server, int seed)
    {
        private readonly ConcurrentBag<int> _served = [];
        private readonly ConcurrentBag<int> _left = [];
        private int _refused;
        private int _broken;
        private int _unknown;
        private int _samples;
        private decimal _highest;
        private bool _isDown;

        public async Task<RaceResult> ToTheEndAsync()
        {
            var started = Stopwatch.GetTimestamp();
            using var watching = new CancellationTokenSource(Longest);
            var watch = WatchAsync(watching.Token);
            var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(ClientAsync));
            var kills = KillAsync(clients);
            await clients;
            await kills;
            await watching.CancelAsync();
            await watch;
            var took = Stopwatch.GetElapsedTime(started);
            await WaitUntilIdleAsync();
            var states = await server.StatesAsync("race");
            var state = states.Single();
            var spent = state.GetProperty("spent_usd").GetDecimal();
            var orphaned = state.GetProperty("orphaned_usd").GetDecimal();
            var overrun = state.GetProperty("overrun_usd").GetDecimal();
            var ledger = await server.LedgerAsync();
            var mistakes = new List<string>();
            if (_highest > race.Limit + overrun)
                mistakes.Add($"spent and reserved were {_highest} of {race.Limit}");
            if (spent > race.Limit + overrun)
                mistakes.Add($"spent {spent} of {race.Limit}");
            if (state.GetProperty("reserved_usd").GetDecimal() != 0)
                mistakes.Add("something is still reserved");
            if (race.Kills == 0 && ledger != spent)
                mistakes.Add($"the ledger says {ledger}, the budget {spent}");
            if (race.Kills > 0 && ledger + orphaned > spent)
                mistakes.Add(
                    $"the ledger says {ledger} and {orphaned} of those killed, the budget {spent}"
                );
            if (
                race.IsExact
                && race.Kills == 0
                && !race.ByWorkspace
                && _served.Count != race.Affordable
            )
                mistakes.Add($"{_served.Count} were served of {race.Affordable}");
            if (_served.Count > race.Affordable && race.IsExact)
                mistakes.Add($"{_served.Count} were served, more than {race.Affordable}");
            if (race.IsExact && !race.ByWorkspace && spent != race.Limit)
                mistakes.Add($"all were refused with {race.Limit - spent} left");
            if (!race.ByWorkspace && race.Limit - spent >= race.Least)
                mistakes.Add($"all were refused with {race.Limit - spent} left");
            if (race.ByWorkspace)
                await CheckWorkspacesAsync(mistakes);
            return new RaceResult(race, _served.Count, _refused, _broken, _left.Count, _unknown)
            {
                Spent = spent,
                Ledger = ledger,
                Orphaned = orphaned,
                Overrun = overrun,
                Highest = _highest,
                Samples = _samples,
                Took = took,
                Mistakes = mistakes,
            };
        }

        private async Task CheckWorkspacesAsync(List<string> mistakes)
        {
            var sum = 0m;
            foreach (var one in await server.StatesAsync("each"))
            {
                var spent = one.GetProperty("spent_usd").GetDecimal();
                sum += spent;
                if (spent > one.GetProperty("limit_usd").GetDecimal())
                    mistakes.Add($"{one.GetProperty("values").GetString()} spent {spent}");
            }
            var all = (await server.StatesAsync("race"))
                .Single()
                .GetProperty("spent_usd")
                .GetDecimal();
            if (sum != all)
                mistakes.Add($"workspaces spent {sum}, together {all}");
        }

        /// <summary>Asks until the budget refuses it.</summary>
        private async Task ClientAsync(int number)
        {
            var chance = new Random(seed * 1000 + number);
            var started = Stopwatch.GetTimestamp();
            for (var failures = 0; Stopwatch.GetElapsedTime(started) < Longest; )
            {
                using var patience = new CancellationTokenSource();
                if (chance.Next(10) < race.LeftOfTen)
                    patience.CancelAfter(TimeSpan.FromMilliseconds(chance.Next(5, 60)));
                try
                {
                    using var request = new HttpRequestMessage(
                        HttpMethod.Post,
                        "/v1/chat/completions"
                    )
                    {
                        Content = new StringContent(
                            BodyOf(chance),
                            Encoding.UTF8,
                            "application/json"
                        ),
                    };
                    if (race.ByWorkspace)
                        request.Headers.Add("x-dragoman-workspace-id", $"w{number % 4}");
                    using var answer = await server.Client.SendAsync(
                        request,
                        HttpCompletionOption.ResponseHeadersRead,
                        patience.Token
                    );
                    var text = await answer.Content.ReadAsStringAsync(patience.Token);
                    if (answer.StatusCode == HttpStatusCode.PaymentRequired)
                    {
                        Interlocked.Increment(ref _refused);
                        return;
                    }
                    if (!answer.IsSuccessStatusCode)
                    {
                        // Upstream failed, or there was no turn: it comes again.
                        failures++;
                        await Task.Delay(chance.Next(5, 40));
                    }
                    else if (race.Streams && !text.Contains("[DONE]", StringComparison.Ordinal))
                        Interlocked.Increment(ref _broken);
                    else
                        _served.Add(number);
                }
                catch (OperationCanceledException)
                {
                    _left.Add(number);
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    // A stream that was ended has no end; a server that was killed answers nothing.
                    if (race.Kills == 0 || (race.Outgrows && !Volatile.Read(ref _isDown)))
                        Interlocked.Increment(ref _broken);
                    else
                        Interlocked.Increment(ref _unknown);
                    await Task.Delay(chance.Next(50, 200));
                }
            }
        }

        private string BodyOf(Random chance)
        {
            var words = race.Outgrows ? chance.Next(5, 400) : 10;
            var say = string.Join(' ', Enumerable.Range(0, words).Select(static i => $"w{i}"));
            var most = race.Outgrows ? "" : "\"max_tokens\":10,";
            return $$"""{"model":"race",{{most}}"stream":{{(race.Streams ? "true" : "false")}},"messages":[{"role":"user","content":"[[say {{say}}]]"}]}""";
        }

        private async Task KillAsync(Task clients)
        {
            for (var kill = 1; kill <= race.Kills; kill++)
            {
                // Long answers take the money of many short ones.
                var calls = race.Outgrows ? race.Affordable / 40 : race.Affordable;
                var at = calls * kill / (race.Kills + 1);
                while (_served.Count < at && !clients.IsCompleted)
                    await Task.Delay(2);
                if (clients.IsCompleted)
                    return;
                Volatile.Write(ref _isDown, true);
                await server.KillAsync();
                await server.StartAsync();
                Volatile.Write(ref _isDown, false);
            }
        }

        /// <summary>Looks again and again whether more is spent and reserved than there is.</summary>
        private async Task WatchAsync(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    foreach (var state in await server.StatesAsync("race"))
                    {
                        _samples++;
                        _highest = Math.Max(
                            _highest,
                            state.GetProperty("spent_usd").GetDecimal()
                                + state.GetProperty("reserved_usd").GetDecimal()
                        );
                    }
                    await Task.Delay(10, cancellationToken);
                }
                catch (Exception e)
                    when (e is HttpRequestException or IOException or OperationCanceledException)
                {
                    // It is killed, or the race is over.
                }
            }
        }

        /// <summary>Calls that were left by their clients are still being settled.</summary>
        private async Task WaitUntilIdleAsync()
        {
            for (var i = 0; i < 200; i++)
            {
                var state = (await server.StatesAsync("race")).Single();
                if (state.GetProperty("reserved_usd").GetDecimal() == 0)
                    break;
                await Task.Delay(50);
            }
            // And their records written.
            await Task.Delay(500);
        }
    }
}

/// <summary>What came of a race.</summary>
internal sealed record RaceResult(
    Race Race,
    int Served,
    int Refused,
    int Broken,
    int Left,
    int Unknown
)
{
    public decimal Spent { get; init; }
    public decimal Ledger { get; init; }
    public decimal Orphaned { get; init; }
    public decimal Overrun { get; init; }
    public decimal Highest { get; init; }
    public int Samples { get; init; }
    public TimeSpan Took { get; init; }
    public IReadOnlyList<string> Mistakes { get; init; } = [];
}
