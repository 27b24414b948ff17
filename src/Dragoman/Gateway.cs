using System.Runtime.CompilerServices;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Conversations;
using Dragoman.Exchanges;
using Dragoman.Forwarding;
using Dragoman.Guardrails;
using Dragoman.Health;
using Dragoman.Limits;
using Dragoman.Limits.Budgets;
using Dragoman.Limits.Rates;
using Dragoman.Native;
using Dragoman.Providers;
using Dragoman.Routing;
using Dragoman.Routing.Quality;
using Dragoman.Usage;
using Dragoman.Usage.Bodies;
using Microsoft.Extensions.Logging;

namespace Dragoman;

/// <summary>
/// One door to every model, for callers in this process: it chooses, falls back, retries and accounts as the server does. Safe
/// for use by many threads at once; one of them is enough for a process.
/// </summary>
public sealed partial class Gateway : IAsyncDisposable
{
    /// <summary>Exchanges that were broken off still write their records.</summary>
    private static readonly TimeSpan LastRecords = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly RequestIds _ids;
    private readonly ILogger _logger;
    private readonly UsageLedger _stored;
    private readonly UsageAccounts _accounts;
    private readonly AlertSender _alerts;
    private Task _discovered = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private readonly CancellationToken _stopped;
    private int _inFlight;
    private int _isDisposed;

    internal Gateway(GatewayParts parts)
    {
        _time = parts.Time;
        _stopped = _stopping.Token;
        _logger = parts.Logs.CreateLogger<Gateway>();
        _ids = new RequestIds(parts.Time, parts.Random);
        _stored = new UsageLedger(
            parts.Usage,
            new UsageLedgerOptions(),
            parts.Logs.CreateLogger<UsageLedger>()
        );
        Ledger = new ObservedLedger(_stored);
        UsageStore = parts.Usage;
        FeedbackStore = parts.Feedback;
        Snapshots = new GatewaySnapshots(parts.Sources, States, parts.Time, parts.Door);
        Http = new HttpProvider(parts.Door);
        Prober = new HealthProber(Http, parts.Time);
        Stats = new GatewayStats(
            parts.Time,
            deployment => Snapshots.Current.Names.PricesOf(deployment, parts.Time.GetUtcNow())
        );
        Ledger.Watch(Stats.Observe);
        Snapshots.Reloaded += _ => Quality.Recount();
        Budgets = new BudgetKeeper(parts.Time, parts.Budgets);
        _alerts = new AlertSender(
            () => Snapshots.Current.Parts.Find<AlertTarget>() ?? AlertTarget.LogOnly,
            parts.Door,
            parts.Time,
            parts.Logs.CreateLogger<AlertSender>()
        );
        Budgets.Passed += _alerts.Tell;
        Snapshots.Reloaded += _ =>
            Budgets.Use(Snapshots.Current.Parts.Find<BudgetBook>() ?? BudgetBook.Empty);
        _accounts = new UsageAccounts(parts.Usage, parts.Time);
        Rates = new InMemoryRateLimitStore(parts.Time);
        Snapshots.Reloaded += _ => Rates.Keep(Snapshots.Current.Parts.Find<LimitBook>()?.All ?? []);
        Models = new GatewayModels(() => Snapshots.Current);
        Health = new GatewayHealth(() => Snapshots.Current, States, Prober, parts.Time);
        Pipeline = new GatewayPipeline(
            new RecordStep(Ledger, parts.Time, parts.Logs.CreateLogger<RecordStep>()),
            new BodyStep(parts.Bodies),
            new RateLimitStep(new RateTaker(Rates, parts.Time), States.Lengths, parts.Time),
            new GuardrailStep(),
            new RouteStep(),
            new RecallStep(parts.Responses, parts.Time),
            new ForwardStep(
                new Forwarder(Http, parts.Time, parts.Random)
                {
                    Summarizer = new GatewaySummaries(this),
                    Admission = new Admission(
                        new RateGate(new RateTaker(Rates, parts.Time)),
                        new BudgetGate(Budgets, new AnswerHabits(), parts.Time)
                    ),
                }
            )
        );
    }

    /// <summary>What is spent and set aside of budgets; it outlives reloads.</summary>
    internal BudgetKeeper Budgets { get; }
    internal DeploymentStates States { get; } = new();
    internal HttpProvider Http { get; }
    internal HealthProber Prober { get; }
    internal GatewayHealth Health { get; }

    /// <summary>How good deployments are thought to be; it outlives reloads.</summary>
    internal LiveQuality Quality => Snapshots.Quality;
    internal GatewayStats Stats { get; }

    /// <summary>Where rate limits are counted; it outlives reloads.</summary>
    internal IRateLimitStore Rates { get; }
    internal ObservedLedger Ledger { get; }
    internal IUsageStore UsageStore { get; }
    internal IFeedbackStore FeedbackStore { get; }
    internal GatewaySnapshots Snapshots { get; }
    internal GatewayPipeline Pipeline { get; }
    internal RequestIds Ids => _ids;

    /// <summary>Calls of this process that are being answered.</summary>
    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Why usage records cannot be stored now; null while they can.</summary>
    internal string? Trouble => _stored.Trouble;

    /// <summary>A gateway of what <c>dragoman.yaml</c>, the environment's keys and servers in the house offer; <paramref name="configure"/> adds to it.</summary>
    /// <exception cref="GatewayConfigurationException">The configuration has mistakes; all of them are told.</exception>
    public static Gateway Create(Action<GatewayBuilder>? configure = null)
    {
        var builder = new GatewayBuilder();
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Names of the providers that can be called now.</summary>
    public IReadOnlyList<string> AvailableProviders =>
        [.. Snapshots.Current.Providers.Values.Select(static provider => provider.Name)];

    /// <summary>How the providers are, as calls tell it.</summary>
    /// <param name="now">Asks each first whether it is there, by a call that is free; that takes five seconds at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<HealthInfo> CheckHealthAsync(
        bool now = false,
        CancellationToken cancellationToken = default
    )
    {
        await DiscoveredAsync(cancellationToken);
        return (await Health.CheckAsync(now, provider: null, cancellationToken))!;
    }

    /// <summary>Asks for an answer to <paramref name="prompt"/>.</summary>
    /// <exception cref="GatewayException">Nobody answered; its kind tells why.</exception>
    public Task<CompletionReply> CompleteAsync(
        string prompt,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => CompleteAsync([Message.OfText(MessageRole.User, prompt)], options, cancellationToken);

    /// <summary>Asks for an answer to a conversation, whose last message is the newest.</summary>
    /// <exception cref="GatewayException">Nobody answered; its kind tells why.</exception>
    public async Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        await using var call = await BeginAsync(
            messages,
            options,
            isStream: false,
            cancellationToken
        );
        return await call.CompleteAsync();
    }

    /// <summary>Asks for an answer to <paramref name="prompt"/>, piece by piece as it comes; the last piece is the whole answer.</summary>
    /// <exception cref="GatewayException">Nobody answered, or the answer broke off; its kind tells why.</exception>
    public IAsyncEnumerable<CompletionUpdate> StreamAsync(
        string prompt,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => StreamAsync([Message.OfText(MessageRole.User, prompt)], options, cancellationToken);

    /// <inheritdoc cref="StreamAsync(string, CompletionOptions?, CancellationToken)"/>
    public async IAsyncEnumerable<CompletionUpdate> StreamAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await using var call = await BeginAsync(
            messages,
            options,
            isStream: true,
            cancellationToken
        );
        await foreach (var update in call.UpdatesAsync())
            yield return update;
    }

    /// <summary>The same on behalf of somebody else's call, with a model's name of our own.</summary>
    internal async Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions options,
        Caller? caller,
        CancellationToken cancellationToken
    )
    {
        await using var call = Begin(
            GatewayRequest.Of(messages, options, isStream: false) with
            {
                Caller = caller,
                IsNamedByHouse = true,
            },
            cancellationToken
        );
        return await call.CompleteAsync();
    }

    /// <summary>Sends a chat on its way; who gets it disposes of it, which ends it where it has not ended.</summary>
    internal async ValueTask<GatewayCall> BeginAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions? options,
        bool isStream,
        CancellationToken cancellationToken
    )
    {
        await DiscoveredAsync(cancellationToken);
        return Begin(
            GatewayRequest.Of(messages, options ?? new CompletionOptions(), isStream),
            cancellationToken
        );
    }

    internal GatewayCall Begin(GatewayRequest request, CancellationToken cancellationToken)
    {
        // Counted first: who disposes of the gateway waits for all who were not refused.
        Interlocked.Increment(ref _inFlight);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            return new GatewayCall(
                request,
                Pipeline,
                _ids.Next(),
                Snapshots.Current.Parts,
                _time,
                () => Interlocked.Decrement(ref _inFlight),
                _stopped,
                cancellationToken
            );
        }
        catch
        {
            Interlocked.Decrement(ref _inFlight);
            throw;
        }
    }

    /// <summary>Waits until servers in the house were looked for.</summary>
    private async Task DiscoveredAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        await _discovered.WaitAsync(cancellationToken);
    }

    /// <summary>Looks for servers in the house and follows the configuration file from now on.</summary>
    internal void Follow()
    {
        _discovered = Snapshots.DiscoverAsync(_stopping.Token);
        _following = FollowAsync();
        _ = ReadFeedbackAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            await _discovered;
            await Snapshots.WatchAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped while servers were looked for.
        }
        catch (Exception failure)
        {
            // What is configured goes on; only changes are no longer seen.
            Log.NoLongerFollowed(_logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "The configuration is no longer followed: restart for changes to count."
        )]
        public static partial void NoLongerFollowed(ILogger logger, Exception failure);
    }

    /// <summary>
    /// Breaks off what is being answered, whose callers get an <see cref="ObjectDisposedException"/>, stores all records and lets go
    /// of connections.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        try
        {
            await _following;
        }
        finally
        {
            var since = _time.GetTimestamp();
            while (InFlight > 0 && _time.GetElapsedTime(since) < LastRecords)
                await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
            await _alerts.DisposeAsync();
            await _stored.DisposeAsync();
            Snapshots.Dispose();
            Http.Dispose();
            _stopping.Dispose();
        }
    }
}
