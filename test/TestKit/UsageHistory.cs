using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Usage;

namespace Dragoman.TestKit;

/// <summary>
/// Records as a busy house would have them, in the order of time, the same for the same seed: 25 models of 6 providers, 12 workspaces,
/// 40 keys that belong to one each, tasks, executions of a few calls close to each other, failures, and models without a price.
/// </summary>
public sealed class UsageHistory
{
    private const int Workspaces = 12;
    private const int Keys = 40;

    private static readonly (string Name, decimal? NanoPerToken)[] Models =
    [
        ("openai/gpt-4o", 2500),
        ("anthropic/claude-sonnet-4-5", 3000),
        ("openai/gpt-4o-mini", 150),
        ("google/gemini-2.5-flash", 300),
        ("anthropic/claude-haiku-4-5", 1000),
        ("ollama/llama3.2", null),
        ("mistral/mistral-small-latest", 100),
        ("openai/gpt-4.1", 2000),
        ("google/gemini-2.5-pro", 1250),
        ("openai/o4-mini", 1100),
        ("anthropic/claude-opus-4-1", 15000),
        ("together/meta-llama/Llama-3.3-70B-Instruct-Turbo", 880),
        ("openai/gpt-4.1-mini", 400),
        ("mistral/mistral-large-latest", 2000),
        ("google/gemini-2.0-flash", 100),
        ("ollama/qwen2.5-coder", null),
        ("openai/gpt-4.1-nano", 100),
        ("together/Qwen/Qwen2.5-Coder-32B-Instruct", 800),
        ("openai/text-embedding-3-small", 20),
        ("mistral/codestral-latest", 300),
        ("google/gemini-2.5-flash-lite", 100),
        ("anthropic/claude-3-5-haiku-latest", 800),
        ("together/deepseek-ai/DeepSeek-V3", 1250),
        ("ollama/phi4", null),
        ("mistral/ministral-8b-latest", 100),
    ];

    private readonly Random _random;
    private readonly Clock _clock;
    private readonly RequestIds _ids;
    private readonly int _count;
    private readonly TimeSpan _span;
    private readonly Run[] _running;
    private readonly double _newRun;
    private long _runs;

    /// <param name="count">Records.</param>
    /// <param name="from">When the first begins.</param>
    /// <param name="span">Until the last begins.</param>
    /// <param name="executions">About so many different ones.</param>
    /// <param name="seed">Another seed gives another history.</param>
    public UsageHistory(int count, DateTimeOffset from, TimeSpan span, int executions, int seed = 1)
    {
        _random = new Random(seed);
        _clock = new Clock { Now = from };
        _ids = new RequestIds(_clock, _random);
        (_count, _span) = (count, span);
        _newRun = (double)executions / count;
        _running = new Run[24];
        for (var i = 0; i < _running.Length; i++)
            _running[i] = NewRun();
    }

    public IEnumerable<UsageRecord> Records()
    {
        var from = _clock.Now;
        for (var i = 0; i < _count; i++)
        {
            // Working hours are three times as busy as nights.
            var day = (double)i / _count * _span.TotalDays;
            var hours = (day + 0.12 * Math.Sin(2 * Math.PI * day) / Math.PI) * 24;
            _clock.Now =
                from + TimeSpan.FromMicroseconds((long)(hours * 3.6e9) + _random.Next(1_000_000));
            if (_random.NextDouble() < _newRun)
                _running[_random.Next(_running.Length)] = NewRun();
            yield return Next(_running[_random.Next(_running.Length)]);
        }
    }

    private UsageRecord Next(Run run)
    {
        var model = Models[_random.NextDouble() < 0.8 ? run.Model : Skewed(Models.Length)];
        var luck = _random.NextDouble();
        var answered = luck > 0.03;
        var attempts = new List<AttemptRecord>(2);
        if (luck < 0.06)
            attempts.Add(
                new AttemptRecord
                {
                    Deployment = Models[Skewed(Models.Length)].Name,
                    Outcome = luck < 0.02 ? "attempt_timeout" : "server_error",
                    Status = luck < 0.02 ? null : 503,
                    Duration = TimeSpan.FromMilliseconds(_random.Next(50, 4_000)),
                }
            );
        var usage = answered && _random.NextDouble() > 0.01 ? Tokens() : null;
        long? cost = usage is null
            ? null
            : (long?)(model.NanoPerToken * (usage.Input + usage.CacheRead / 10 + usage.Output * 4));
        var total = TimeSpan.FromMicroseconds(_random.NextInt64(150_000, 12_000_000));
        if (answered)
            attempts.Add(
                new AttemptRecord
                {
                    Deployment = model.Name,
                    Outcome = "success",
                    Status = 200,
                    Duration = total,
                    FirstContent = total / 4,
                    Key = 1,
                    Usage = usage,
                    CostNanoUsd = cost,
                    CostBasis = cost is null ? CostBasis.Unpriced : CostBasis.Computed,
                }
            );
        return new UsageRecord
        {
            Id = _ids.Next(),
            StartedAt = _clock.Now,
            Caller = run.Caller,
            Workspace = run.Workspace,
            Execution = run.Execution,
            Task = run.Task,
            Dialect = "openai",
            Operation = "chat",
            Route = model.Name,
            Deployment = answered ? model.Name : null,
            Streamed = _random.Next(2) == 0,
            Outcome =
                !answered ? ExchangeOutcome.Failed
                : luck > 0.995 ? ExchangeOutcome.Cancelled
                : luck > 0.99 ? ExchangeOutcome.Broken
                : ExchangeOutcome.Succeeded,
            Status = answered ? 200 : 503,
            ErrorCode = answered ? null : "unavailable",
            Attempts = attempts,
            Usage = usage,
            CostNanoUsd = cost,
            CostBasis = cost is null ? CostBasis.Unpriced : CostBasis.Computed,
            FirstContent = answered ? total / 4 : null,
            Total = total,
            Overhead = TimeSpan.FromMicroseconds(_random.Next(200, 900)),
            Reason = model.Name + " names one deployment",
        };
    }

    private TokenUsage Tokens() =>
        new()
        {
            Input = _random.Next(20, 6_000),
            CacheRead = _random.Next(4) == 0 ? _random.Next(1_000, 20_000) : 0,
            CacheWrite = _random.Next(20) == 0 ? _random.Next(1_000, 20_000) : null,
            Output = _random.Next(5, 900),
            Reasoning = _random.Next(6) == 0 ? _random.Next(100, 4_000) : null,
            ImageInput = _random.Next(40) == 0 ? 765 : null,
        };

    /// <summary>What a client does in one go; one in five gives it no id.</summary>
    private Run NewRun()
    {
        var key = Skewed(Keys);
        return new Run(
            _random.Next(50) == 0
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"key-{key:00}"),
            _random.Next(25) == 0
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"workspace-{key % Workspaces:00}"),
            _random.Next(5) == 0
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"run-{++_runs:0000000}-{_random.Next(0x10000):x4}"
                ),
            _random.Next(4) == 0 ? null : TaskNames.All[Skewed(TaskNames.All.Count)],
            Skewed(Models.Length)
        );
    }

    /// <summary>The first are taken most often.</summary>
    private int Skewed(int count) => (int)(count * Math.Pow(_random.NextDouble(), 1.8));

    private sealed record Run(
        string? Caller,
        string? Workspace,
        string? Execution,
        string? Task,
        int Model
    );

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
