using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Forwarding;
using Dragoman.Providers;

namespace Dragoman.Health;

/// <summary>
/// Asks providers whether they are there, by the one call that is free everywhere: the list of models. One probe of a provider
/// at a time, however many ask for it. It counts as no usage and stands in no record.
/// </summary>
public sealed class HealthProber(HttpProvider http, TimeProvider time)
{
    /// <summary>How long a provider may take; what takes longer is no good answer for a list.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>So many keys of one account are tried.</summary>
    private const int MostKeys = 16;

    private const int MaxErrorBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<ProviderHealth, Task> _underWay = [];

    /// <summary>Nothing leaves the house, and what is outside is not asked.</summary>
    public bool IsOffline => http.Door.IsShut;

    /// <summary>Why this provider is not probed; null where it is.</summary>
    public string? WhyNot(Provider provider) =>
        provider.InProcess is not null
            ? "it is a client in this process: its traffic alone tells how it is"
        : http.Door.IsShut && (!provider.Local || http.Door.WhyNot(provider.BaseUrl) is not null)
            ? "offline mode: it is outside the house and not asked"
        : provider.Type.ModelsPath is null
            ? $"{provider.Type.Name} has no call that is free: its traffic alone tells how it is"
        : null;

    /// <summary>Probes all of them at once; completes when each has answered, or within <see cref="Patience"/>.</summary>
    public Task ProbeAsync(IEnumerable<Provider> providers, CancellationToken cancellationToken) =>
        Task.WhenAll(providers.Select(ProbeAsync)).WaitAsync(cancellationToken);

    /// <summary>The probe that is under way, or a new one.</summary>
    private Task ProbeAsync(Provider provider)
    {
        if (WhyNot(provider) is not null)
            return Task.CompletedTask;
        var health = provider.State.Health;
        TaskCompletionSource done;
        lock (_lock)
        {
            if (_underWay.TryGetValue(health, out var running))
                return running;
            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _underWay.Add(health, done.Task);
        }
        _ = RunAsync(provider, done);
        return done.Task;
    }

    /// <summary>Belongs to nobody who asked: one may go while others wait.</summary>
    private async Task RunAsync(Provider provider, TaskCompletionSource done)
    {
        try
        {
            var keys = provider.Keys.All;
            var answers = await Task.WhenAll(
                keys.Count == 0
                    ? [AskAsync(provider, null)]
                    : keys.Take(MostKeys).Select(key => AskAsync(provider, key))
            );
            Note(provider, answers);
        }
        finally
        {
            lock (_lock)
                _underWay.Remove(provider.State.Health);
            done.SetResult();
        }
    }

    /// <summary>One key that works is enough.</summary>
    private void Note(Provider provider, Answer[] answers)
    {
        var now = time.GetUtcNow();
        foreach (var answer in answers)
        {
            if (answer.Outcome.Kind is OutcomeKind.Unauthorized or OutcomeKind.PaymentRequired)
                answer.Key?.MarkRefused(now);
        }
        // It was shut in the meantime.
        if (Array.Exists(answers, static answer => answer.Outcome.Kind == OutcomeKind.Offline))
            return;
        var best =
            Array.Find(answers, static answer => answer.IsGood)
            ?? Array.Find(answers, static answer => Says(answer.Outcome) is true)
            ?? Array.Find(answers, static answer => Says(answer.Outcome) is null)
            ?? answers[0];
        var worst = Array.Find(answers, static answer => !answer.IsGood);
        provider.State.Health.Probed(
            now,
            best.Latency,
            worst is null ? null : Trouble(worst, answers.Length, now),
            Says(best.Outcome)
        );
    }

    private static ProviderTrouble Trouble(Answer answer, int keys, DateTimeOffset now)
    {
        var trouble = ProviderSigns.Trouble(answer.Outcome, answer.Key, now);
        return keys > 1 ? trouble with { Message = $"{answer.Key}: {trouble.Message}" } : trouble;
    }

    /// <summary>Whether calls can be expected to be answered; null where this says nothing about them.</summary>
    private static bool? Says(AttemptOutcome outcome) =>
        outcome.Kind switch
        {
            OutcomeKind.Success or OutcomeKind.RateLimited => true,
            // A key may be made for inference alone (OpenAI's restricted keys lack api.model.read, seen 2026-11); a server may have no list.
            OutcomeKind.Forbidden or OutcomeKind.NotFound or OutcomeKind.InvalidRequest => null,
            _ => false,
        };

    private sealed record Answer(AttemptOutcome Outcome, KeyPool.PooledKey? Key, TimeSpan? Latency)
    {
        public bool IsGood => Outcome.Kind == OutcomeKind.Success;
    }

    private async Task<Answer> AskAsync(Provider provider, KeyPool.PooledKey? key)
    {
        var dialect = DialectSlice.Find(provider.Dialect) ?? DialectSlice.All[0];
        var began = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            using var response = await http.ListModelsAsync(provider, dialect, key, limit.Token);
            var outcome = response.IsSuccessStatusCode
                ? await ReadListAsync(response, limit.Token)
                : await ReadRefusalAsync(response, dialect, key, limit.Token);
            return new Answer(outcome, key, time.GetElapsedTime(began));
        }
        catch (OperationCanceledException)
        {
            var silent = new AttemptOutcome(OutcomeKind.AttemptTimeout)
            {
                Detail = $"no list of models within {Patience.TotalSeconds:0.###} s",
            };
            return new Answer(silent, key, Latency: null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new Answer(ForwardingRun.Unreachable(failure), key, Latency: null);
        }
    }

    /// <summary>Lists may be long; the first byte tells JSON from the page of somebody else.</summary>
    private static async Task<AttemptOutcome> ReadListAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var some = new byte[256];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var count = await body.ReadAtLeastAsync(
            some,
            minimumBytes: 1,
            throwOnEndOfStream: false,
            cancellationToken
        );
        var text = some.AsSpan(0, count).TrimStart(" \t\r\n\uFEFF"u8);
        return text is [(byte)'{' or (byte)'[', ..]
            ? AttemptOutcome.Success
            : new AttemptOutcome(OutcomeKind.Malformed)
            {
                Status = (int)response.StatusCode,
                Detail = "what answers there has no list of models",
            };
    }

    private async Task<AttemptOutcome> ReadRefusalAsync(
        HttpResponseMessage response,
        IDialect dialect,
        KeyPool.PooledKey? key,
        CancellationToken cancellationToken
    )
    {
        var status = (int)response.StatusCode;
        var (body, _) = await UpstreamBody.ReadAsync(
            response.Content,
            MaxErrorBytes,
            cancellationToken
        );
        using (body)
        {
            var error = KeyQuotes.Mask(dialect.ReadError(body.Bytes.Span), body.Bytes.Span, key);
            return new AttemptOutcome(RefusalRules.Classify(status, error))
            {
                Status = status,
                Error = error,
                Detail = $"answered with HTTP {status}",
                RetryAfter = RetryAfter.Read(response.Headers, time.GetUtcNow()),
            };
        }
    }
}
