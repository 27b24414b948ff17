using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Limits;
using Dragoman.Providers;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <content>One attempt: send, judge the response, relay it.</content>
internal sealed partial class ForwardingRun
{
    /// <summary>The largest error body that is read: nobody says more than this in an error.</summary>
    private const int MaxErrorBytes = 1024 * 1024;

    private async ValueTask<AttemptOutcome> AttemptAsync(
        Deployment deployment,
        Speech speech,
        ReadOnlyMemory<byte> written,
        KeyPool.PooledKey? key,
        AttemptPass? pass,
        bool anotherRemains,
        bool isProbe
    )
    {
        _attempts++;
        _exchange.Log.Asking = deployment.PublicName;
        if (deployment.Replaces is { } retired)
            _exchange.Log.Change($"replaced:{retired}={deployment.Model}");
        Attempt? attempt = null;
        var outcome = AttemptOutcome.ClientGone;
        deployment.State.Figures.Begin();
        try
        {
            attempt = Prepare(deployment, speech, written, key, pass, anotherRemains);
            outcome = await SendAsync(attempt);
            if (attempt.Committed && outcome.Kind != OutcomeKind.Success)
                outcome = outcome with
                {
                    Committed = true,
                    CanBeCarriedOn =
                        Recovery.CanMend(outcome.Kind)
                        && _recovery?.Take(attempt.Tap!, attempt.Prefill) == true,
                };
        }
        finally
        {
            deployment.State.Figures.End();
            if (attempt is not null)
            {
                attempt.Clock.Dispose();
                if (!attempt.Content.Close())
                    _exchange.BodyStillRead = true;
                Note(attempt, outcome, isProbe);
            }
            else
            {
                pass?.GiveBack();
                if (isProbe)
                    deployment.State.Breaker.Abandoned();
            }
        }
        return outcome;
    }

    private Attempt Prepare(
        Deployment deployment,
        in Speech speech,
        ReadOnlyMemory<byte> written,
        KeyPool.PooledKey? key,
        AttemptPass? pass,
        bool anotherRemains
    )
    {
        var bound = pass?.Bound;
        if (bound is { } most)
            _exchange.Log.Change(
                FormattableString.Invariant($"bounded:max_tokens={most.Tokens} ({most.By})")
            );
        var recovery = _recovery is { IsUnderWay: true } ? _recovery : null;
        var style = recovery is null ? PrefillStyle.None : Recovery.StyleOf(deployment);
        var deadlines = Deadlines.For(_decision.Settings, deployment, anotherRemains);
        return new Attempt
        {
            Deployment = deployment,
            Speech = speech,
            Key = key,
            Pass = pass,
            Deadlines = deadlines,
            StartedAt = _time.GetTimestamp(),
            Clock = new AttemptClock(
                _time,
                _totalDue,
                IsStream ? deadlines.FirstContent : deadlines.Attempt,
                IsStream ? OutcomeKind.FirstContentTimeout : OutcomeKind.AttemptTimeout,
                _exchange.ClientGone,
                _life?.Token ?? CancellationToken.None
            ),
            Content = new SplicedContent(
                !speech.Translates
                    ? Splice(deployment, speech, recovery?.SentText, style, bound?.Tokens)
                : recovery is null && bound is null ? [written]
                : [Write(deployment, speech, new Losses(), bound?.Tokens)]
            ),
            Recovery = recovery,
            AnotherRemains = anotherRemains,
            BeganWhileCooling = deployment.State.IsCooling(_time.GetUtcNow()),
            Allowance = Headroom.Take(deployment, key, _exchange),
            Prefill = style,
            WithholdUsage = IsStream && !speech.Translates && !_exchange.Envelope.IncludeUsage,
        };
    }

    /// <summary>The client's own bytes, spliced.</summary>
    private ReadOnlyMemory<byte>[] Splice(
        Deployment deployment,
        in Speech speech,
        string? prefill,
        PrefillStyle style,
        long? mostTokens
    )
    {
        var (body, envelope) = (_exchange.Body, _exchange.Envelope);
        var asksForUsage = speech.Dialect.HasStatelessStream;
        var refusesOptions =
            deployment.Provider.State.RefusesStreamOptions
            || !deployment.Provider.Type.StreamOptions;
        if (asksForUsage && refusesOptions && envelope.StreamOptionsMember is not null)
        {
            body = BodySplice.WithoutStreamOptions(body, envelope);
            if (RequestEnvelope.TryRead(body, out var without, out _))
                envelope = without!;
            _exchange.Log.Change("dropped:stream_options");
        }
        return BodySplice.For(
            body,
            envelope,
            deployment,
            speech.Spoken,
            askUsage: asksForUsage && IsStream && !envelope.IncludeUsage && !refusesOptions,
            prefill,
            style,
            _exchange.Log,
            withDefaults: _exchange.Operation == Operation.Chat,
            mostTokens: mostTokens
        );
    }

    private async ValueTask<AttemptOutcome> SendAsync(Attempt attempt)
    {
        var token = attempt.Clock.Token;
        try
        {
            var call = new UpstreamCall
            {
                Deployment = attempt.Deployment,
                Key = attempt.Key,
                Operation = _exchange.Operation,
                Dialect = attempt.Speech.Dialect,
                Spoken = attempt.Speech.Spoken,
                Stream = IsStream,
                Content = attempt.Content,
                Headers = attempt.Speech.Translates
                    ? _exchange.TranslatedHeaders
                    : _exchange.ForwardedHeaders,
                ConnectTimeout = attempt.Deadlines.Connect,
            };
            BeginWait();
            var sending = _forwarder.Http.SendAsync(call, token);
            using var response = IsStream ? await _reply.KeepAliveWhile(sending) : await sending;
            EndWait();
            attempt.Status = (int)response.StatusCode;
            NoteAllowance(attempt, response);
            if (!response.IsSuccessStatusCode)
                return await ReadRefusalAsync(attempt, response);
            return IsStream && !IsJson(response)
                ? await RelayStreamAsync(attempt, response)
                : await RelayPlainAsync(attempt, response);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            EndWait();
            if (_exchange.ClientGone.IsCancellationRequested || attempt.Clock.Expired is not null)
                return Cancelled(attempt);
            return Unreachable(e);
        }
    }

    private AttemptOutcome Cancelled(Attempt attempt) =>
        !_exchange.ClientGone.IsCancellationRequested && attempt.Clock.Expired is { } deadline
            ? new AttemptOutcome(deadline)
            {
                Status = attempt.Status,
                Detail = SayDeadline(deadline, attempt),
            }
            : AttemptOutcome.ClientGone;

    private static string SayDeadline(OutcomeKind deadline, Attempt attempt) =>
        deadline switch
        {
            OutcomeKind.FirstContentTimeout =>
                $"no content within {attempt.Deadlines.FirstContent.TotalSeconds:0.###} s",
            OutcomeKind.IdleTimeout =>
                $"the stream fell silent for {attempt.Deadlines.Idle.TotalSeconds:0.###} s",
            OutcomeKind.AttemptTimeout =>
                $"no answer within {attempt.Deadlines.Attempt.TotalSeconds:0.###} s",
            _ => "the time for the whole request is over",
        };

    /// <summary>No response came: the host was not there, or it broke off.</summary>
    internal static AttemptOutcome Unreachable(Exception exception)
    {
        if (OfflineException.In(exception) is { } offline)
            return new AttemptOutcome(OutcomeKind.Offline) { Detail = offline.Message };
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is ConnectTimeoutException)
                return new AttemptOutcome(OutcomeKind.ConnectTimeout)
                {
                    Detail = "no connection within the time for it",
                };
        }
        return
            exception
                is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                        or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError
                        or HttpRequestError.ProxyTunnelError
                } failed
            ? new AttemptOutcome(OutcomeKind.ConnectFailed)
            {
                Detail = $"cannot be reached ({failed.HttpRequestError})",
            }
            : new AttemptOutcome(OutcomeKind.Reset)
            {
                Detail = "the connection broke off before an answer",
            };
    }

    private async ValueTask<AttemptOutcome> ReadRefusalAsync(
        Attempt attempt,
        HttpResponseMessage response
    )
    {
        BeginWait();
        UpstreamBody body;
        try
        {
            (body, _) = await UpstreamBody.ReadAsync(
                response.Content,
                MaxErrorBytes,
                attempt.Clock.Token
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // It broke off in its excuse; status and headers have said what matters.
            body = default;
        }
        using (body)
        {
            EndWait();
            var error = KeyQuotes.Mask(
                attempt.Speech.Dialect.ReadError(body.Bytes.Span),
                body.Bytes.Span,
                attempt.Key
            );
            var kind = RefusalRules.Classify((int)response.StatusCode, error);
            // A client's odd options are its own mistake: what the provider says to them must not be held against it.
            if (
                kind == OutcomeKind.RefusesStreamOptions
                && (!IsStream || _exchange.Envelope.HasOtherStreamOptions)
            )
                kind = OutcomeKind.InvalidRequest;
            return new AttemptOutcome(kind)
            {
                Status = (int)response.StatusCode,
                Error = error,
                Body =
                    error.IsCanonicalShape && !attempt.Speech.Translates
                        ? body.Bytes.ToArray()
                        : default,
                RetryAfter =
                    RetryAfter.Read(response.Headers, _time.GetUtcNow()) ?? error.RetryAfter,
            };
        }
    }

    /// <summary>Notes the attempt for the record, and what it tells about deployment and key.</summary>
    private void Note(Attempt attempt, AttemptOutcome outcome, bool isProbe)
    {
        var (deployment, now) = (attempt.Deployment, _time.GetUtcNow());
        var cost = attempt.CostAt(now);
        // Before the client can know that it is over: what is left over is free for its next call.
        attempt.Pass?.Settle(
            new AttemptResult(
                attempt.Usage,
                cost,
                attempt.EstimatedTokens,
                outcome.Kind == OutcomeKind.Success
            )
            {
                WasMade = outcome.Kind != OutcomeKind.Offline,
                MayHaveSpent = outcome.MayHaveSpent,
            }
        );
        var told = outcome.Error is { Message: { } message } error
            ? outcome with
            {
                Error = error with { Message = PromptQuotes.Mask(message, _exchange) },
            }
            : outcome;
        _exchange.Log.Add(attempt.ToRecord(told, cost, _time, _exchange.StartTimestamp), cost);
        if (outcome.Kind == OutcomeKind.Success)
        {
            _exchange.Log.AnsweredBy = deployment.PublicName;
            deployment.State.Succeeded(attempt.BeganWhileCooling);
            LearnLength(attempt);
        }
        Learn(attempt, outcome, now);
        if (outcome.Kind == OutcomeKind.Success && _exchange.Operation == Operation.Chat)
            _affinity?.Learn(_exchange, deployment, attempt.Key?.Index, attempt.Usage, now);
        var breaker = _decision.Settings.Breaker;
        if (outcome.Kind is OutcomeKind.ClientGone or OutcomeKind.Offline)
        {
            if (isProbe)
                deployment.State.Breaker.Abandoned();
        }
        else if (outcome.IsFailure)
            deployment.State.Breaker.Failed(now, breaker.Failures, breaker.Window, breaker.Open);
        else
            deployment.State.Breaker.Succeeded();
        switch (outcome.Kind)
        {
            case OutcomeKind.Unauthorized or OutcomeKind.PaymentRequired or OutcomeKind.Quota:
                attempt.Key?.MarkRefused(now);
                break;
            case OutcomeKind.Forbidden:
                attempt.Key?.MarkRefused(deployment.Model, now);
                break;
            case OutcomeKind.NotFound:
                deployment.State.MarkMissing(now + KeyPool.Rest);
                break;
            case OutcomeKind.RefusesStreamOptions:
                deployment.Provider.State.RefusesStreamOptions = true;
                break;
        }
        ProviderSigns.Note(deployment.Provider, told, attempt.Key, now);
    }

    /// <summary>How fast it was, or that it failed. What is the client's doing, or was not asked for, says nothing.</summary>
    private void Learn(Attempt attempt, AttemptOutcome outcome, DateTimeOffset now)
    {
        var figures = attempt.Deployment.State.Figures;
        var whole = _time.GetElapsedTime(attempt.StartedAt);
        if (outcome.Kind == OutcomeKind.Success)
            figures.Answered(
                attempt.FirstContent,
                whole,
                attempt.Usage?.TotalOutput,
                attempt.Deployment.StartingLatency,
                now
            );
        else if (
            outcome.Kind == OutcomeKind.RateLimited
            || (outcome.IsFailure && outcome.Kind != OutcomeKind.TotalTimeout)
        )
            figures.Failed(whole, now);
    }

    private void NoteAllowance(Attempt attempt, HttpResponseMessage response)
    {
        var now = _time.GetUtcNow();
        if (AllowanceHeaders.Read(response.Headers, now) is { } allowance)
            attempt.Deployment.State.Figures.Told(
                attempt.Key?.Index ?? 0,
                allowance,
                now,
                attempt.Allowance
            );
    }

    /// <summary>How long answers are, for estimates to come; one that was cut at a limit, the client's or ours, tells nothing.</summary>
    private void LearnLength(Attempt attempt)
    {
        var deployment = attempt.Deployment;
        if (
            attempt.Usage?.TotalOutput is > 0 and var tokens
            && (_exchange.Envelope.MaxTokens <= 0 || tokens < _exchange.Envelope.MaxTokens)
            && (attempt.Pass?.Bound is not { } bound || tokens < bound.Tokens)
        )
            deployment.State.Lengths.Add(
                TaskNames.Find(_exchange.Wishes.TaskType)
                    ?? RequestReading.Known(_exchange)?.QualityTask,
                deployment.Capabilities.Reasoning is true,
                tokens / _exchange.Envelope.Choices
            );
    }

    /// <summary>What follows, up to <see cref="EndWait"/>, is time of the provider or of the client, not ours.</summary>
    private void BeginWait() => _waitingSince = _time.GetTimestamp();

    private long EndWait()
    {
        var now = _time.GetTimestamp();
        if (_waitingSince != 0)
            _exchange.Log.WaitedTicks += now - _waitingSince;
        _waitingSince = 0;
        return now;
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is "application/json" or "text/html";
}
