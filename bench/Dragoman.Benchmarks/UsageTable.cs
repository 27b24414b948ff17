using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Dragoman.Benchmarks;

/// <summary>Every grouping with every filter over HTTP: processor time of client and server, then median and longest time to the last byte, in milliseconds.</summary>
internal sealed class UsageTable(HttpClient client, int rounds)
{
    private static readonly string[] Groupings =
    [
        "",
        "model",
        "provider",
        "hour",
        "day",
        "month",
        "workspace",
        "execution",
        "key",
        "task",
    ];

    private double _longest;
    private double _mostCpu;

    public async Task PrintAsync()
    {
        var now = DateTimeOffset.UtcNow;
        var execution = await FirstAsync("execution");
        (string Name, string Query)[] spans =
        [
            ("days=30", "days=30"),
            ("33.6 days, unaligned", Between(now.AddDays(-34.3), now.AddDays(-0.7))),
            ("period=today", "period=today"),
        ];
        (string Name, string Query)[] filters =
        [
            ("all", ""),
            ("model", "&model=openai/gpt-4o"),
            ("bare model", "&model=gpt-4o"),
            ("provider", "&provider=openai"),
            ("workspace", "&workspace_id=workspace-00"),
            ("execution", "&execution_id=" + execution),
            ("task", "&task=code"),
            ("workspace, task", "&workspace_id=workspace-00&task=code"),
            ("workspace, model", "&workspace_id=workspace-00&model=openai/gpt-4o"),
            ("task, model", "&task=code&model=openai/gpt-4o"),
            ("workspace, task, provider", "&workspace_id=workspace-00&task=code&provider=openai"),
        ];
        await WarmUpAsync();
        foreach (var (name, span) in spans)
        {
            Console.WriteLine();
            Console.WriteLine($"| {name} | {string.Join(" | ", filters.Select(f => f.Name))} |");
            Console.WriteLine($"|---|{string.Concat(filters.Select(_ => "---:|"))}");
            foreach (var by in Groupings)
            {
                Console.Write($"| {(by.Length == 0 ? "totals" : by)} |");
                foreach (var (_, filter) in filters)
                    Console.Write(
                        $" {await TimeAsync($"{span}{filter}{(by.Length == 0 ? "" : "&by=" + by)}")} |"
                    );
                Console.WriteLine();
            }
        }
        Console.WriteLine();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the longest of all: {_longest:N1} ms; the most processor time, client included: {_mostCpu:N1} ms"
            )
        );
    }

    /// <summary>Until the runtime has compiled for good what it had compiled for now.</summary>
    private async Task WarmUpAsync()
    {
        for (var i = 0; i < 60; i++)
            foreach (var by in Groupings)
                (
                    await client.GetAsync(
                        "/api/llm/usage?days=3" + (by.Length == 0 ? "" : "&by=" + by)
                    )
                ).Dispose();
    }

    private static string Between(DateTimeOffset from, DateTimeOffset to) =>
        $"from={from.UtcDateTime:O}&to={to.UtcDateTime:O}";

    private async Task<string> TimeAsync(string query)
    {
        var times = new double[rounds];
        var cpu = TimeSpan.Zero;
        for (var i = -1; i < rounds; i++)
        {
            if (i == 0)
                cpu = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync("/api/llm/usage?" + query);
            await answer.Content.ReadAsByteArrayAsync();
            answer.EnsureSuccessStatusCode();
            if (i >= 0)
                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        cpu = (Environment.CpuUsage.TotalTime - cpu) / rounds;
        Array.Sort(times);
        _longest = Math.Max(_longest, times[^1]);
        _mostCpu = Math.Max(_mostCpu, cpu.TotalMilliseconds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{cpu.TotalMilliseconds:N1} / {times[rounds / 2]:N1} / {times[^1]:N1}"
        );
    }

    private async Task<string> FirstAsync(string by)
    {
        using var answer = await client.GetAsync($"/api/llm/usage?days=30&by={by}&limit=2");
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json
            .RootElement.GetProperty("by")
            .EnumerateArray()
            .Select(row => row.GetProperty(by).GetString())
            .OfType<string>()
            .First();
    }
}
