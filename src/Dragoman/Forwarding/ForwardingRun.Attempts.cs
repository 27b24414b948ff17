using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Providers;

namespace Dragoman.Forwarding;

/// <content>One attempt: send, judge the response, relay it.</content>
internal sealed partial class ForwardingRun
{
    /// <summary>The largest error body that is read: nobody says more than this in an error.</summary>
    private const int MaxErrorBytes = 1024 * 1024;

    private async ValueTask<AttemptOutcome> AttemptAsync(
        Deployment deployment,
        KeyPool.PooledKey? key,
        bool anotherRemains
    )
    {
        _attempts++;
        var attempt = Prepare(deployment, key, anotherRemains);
        var outcome = AttemptOutcome.ClientGone;
        try
        {
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
            attempt.Clock.Dispose();
            if (!attempt.Content.Close())
                _exchange.BodyStillRead = true;
            Note(attempt, outcome);
        }
        return outcome;
    }

    private Attempt Prepare(Deployment deployment, KeyPool.PooledKey? key, bool anotherRemains)
    {
        var (body, envelope) = (_exchange.Body, _exchange.Envelope);
        var refusesOptions =
            deployment.Provider.State.RefusesStreamOptions
            || !deployment.Provider.Type.StreamOptions;
        if (refusesOptions && envelope.StreamOptionsMember is not null)
        {
            body = BodySplice.WithoutStreamOptions(body, envelope);
            if (RequestEnvelope.TryRead(body, out var without, out _))
                envelope = without!;
            _exchange.Log.Change("dropped:stream_options");
        }
        var askUsage = IsStream && !envelope.IncludeUsage && !refusesOptions;
        var recovery = _recovery is { IsUnderWay: true } ? _recovery : null;
        var style = recovery is null ? PrefillStyle.None : Recovery.StyleOf(deployment);
        var deadlines = Deadlines.For(_decision.Settings, deployment, anotherRemains);
        return new Attempt
        {
            Deployment = deployment,
            Key = key,
            Deadlines = deadlines,
            StartedAt = _time.GetTimestamp(),
            Clock = new AttemptClock(
                _time,
                _totalDue,
                IsStream ? deadlines.FirstContent : deadlines.Attempt,
                IsStream ? OutcomeKind.FirstContentTimeout : OutcomeKind.AttemptTimeout,
                _exchange.ClientGone
            ),
            Content = new SplicedContent(
                BodySplice.For(
                    body,
                    envelope,
                    deployment,
                    askUsage,
                    prefill: recovery?.SentText,
                    style,
                    _exchange.Log
                )
            ),
            Recovery = recovery,
            Prefill = style,
            WithholdUsage = IsStream && !_exchange.Envelope.IncludeUsage,
        };
    }

    private async ValueTask<AttemptOutcome> SendAsync(Attempt attempt)
    {
        var token = attempt.Clock.Token;
        var began = attempt.StartedAt;
        try
        {
            var call = new UpstreamCall
            {
                Deployment = attempt.Deployment,
                Key = attempt.Key,
                Operation = _exchange.Operation,
                Content = attempt.Content,
                Headers = _exchange.ForwardedHeaders,
                ConnectTimeout = attempt.Deadlines.Connect,
            };
            began = _time.GetTimestamp();
            var sending = _forwarder.Http.SendAsync(call, token);
            using var response = IsStream ? await _reply.KeepAliveWhile(sending) : await sending;
            Waited(began);
            attempt.Status = (int)response.StatusCode;
            if (!response.IsSuccessStatusCode)
                return await ReadRefusalAsync(attempt, response);
            return IsStream && !IsJson(response)
                ? await RelayStreamAsync(attempt, response)
                : await RelayPlainAsync(attempt, response);
        }
        catch (OperationCanceledException)
        {
            Waited(began);
            return Cancelled(attempt);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Waited(began);
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
    private static AttemptOutcome Unreachable(Exception exception)
    {
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
        var began = _time.GetTimestamp();
        var (body, _) = await UpstreamBody.ReadAsync(
            response.Content,
            MaxErrorBytes,
            attempt.Clock.Token
        );
        using (body)
        {
            Waited(began);
            var error = _exchange.Dialect.ReadError(body.Bytes.Span);
            return new AttemptOutcome(RefusalRules.Classify((int)response.StatusCode, error))
            {
                Status = (int)response.StatusCode,
                Error = error,
                Body = error.IsCanonicalShape ? body.Bytes.ToArray() : default,
                RetryAfter =
                    RetryAfter.Read(response.Headers, _time.GetUtcNow()) ?? error.RetryAfter,
            };
        }
    }

    private async ValueTask<AttemptOutcome> RelayPlainAsync(
        Attempt attempt,
        HttpResponseMessage response
    )
    {
        var began = _time.GetTimestamp();
        UpstreamBody body;
        bool whole;
        try
        {
            (body, whole) = await UpstreamBody.ReadAsync(
                response.Content,
                UpstreamBody.MaxBytes,
                attempt.Clock.Token
            );
        }
        catch (HttpIOException) when (attempt.Clock.Expired is null)
        {
            Waited(began);
            return new AttemptOutcome(OutcomeKind.Malformed)
            {
                Status = attempt.Status,
                Detail = "the answer is shorter than announced",
            };
        }
        using (body)
        {
            Waited(began);
            if (!whole)
                return new AttemptOutcome(OutcomeKind.TooLarge)
                {
                    Status = attempt.Status,
                    Detail = "the answer is larger than 256 MB",
                };
            var isEmbeddings = _exchange.Operation == Operation.Embeddings;
            var facts = _exchange.Dialect.ReadReply(
                body.Bytes.Span,
                isEmbeddings,
                attempt.Deployment.Provider.Type
            );
            if (facts.Error is { } error && (error.Message ?? error.Code) is not null)
                return ErrorInAnswer(
                    error,
                    error.IsCanonicalShape ? body.Bytes.ToArray() : default,
                    attempt
                );
            if (!facts.IsAnswer || IsStream)
                return new AttemptOutcome(OutcomeKind.Malformed)
                {
                    Status = attempt.Status,
                    Detail =
                        !facts.IsJson ? "the answer is not JSON"
                        : IsStream ? "the answer is not a stream"
                        : "the answer holds no " + (isEmbeddings ? "data" : "choices"),
                };
            (attempt.Usage, attempt.EstimatedTokens) = (facts.Usage, facts.EstimatedTokens);
            EstimateUsage(attempt);
            return await SendPlainAsync(attempt, response, body.Bytes);
        }
    }

    private async ValueTask<AttemptOutcome> SendPlainAsync(
        Attempt attempt,
        HttpResponseMessage response,
        ReadOnlyMemory<byte> body
    )
    {
        ReplyHeaders.Relay(response.Headers, _exchange.Reply);
        ReplyHeaders.SetOutcome(
            _exchange,
            attempt.Deployment,
            _attempts,
            Overhead(),
            CostSoFar(attempt)
        );
        _exchange.Log.Status = 200;
        _exchange.Reply.Start(
            200,
            response.Content.Headers.ContentType?.ToString() ?? "application/json",
            body.Length
        );
        var began = _time.GetTimestamp();
        var sent = await _exchange.Reply.Body.WriteAsync(body, CancellationToken.None);
        Waited(began);
        // Whether the client took it or not: the provider has answered, and that is what is recorded and paid.
        _exchange.Log.Outcome =
            sent.IsCompleted && _exchange.ClientGone.IsCancellationRequested
                ? ExchangeOutcome.Cancelled
                : ExchangeOutcome.Succeeded;
        return AttemptOutcome.Success;
    }

    private async ValueTask<AttemptOutcome> RelayStreamAsync(
        Attempt attempt,
        HttpResponseMessage response
    )
    {
        var tap = _exchange.Dialect.CreateTap(
            attempt.Deployment.Provider.Type,
            _recovery is null ? null : new ArrayBufferWriter<byte>()
        );
        using var relay = new StreamRelay(
            _exchange.Dialect,
            tap,
            attempt.WithholdUsage,
            _exchange.Reply.Body,
            _exchange.Log
        )
        {
            CarriesOn = attempt.Recovery is not null,
        };
        // Mistral gives the prefix back at the head of its answer, so that one is compared like a second start.
        if (
            attempt.Recovery is not null
            && attempt.Prefill is (PrefillStyle.None or PrefillStyle.Prefix)
        )
            relay.Expect(attempt.Recovery.Sent);
        try
        {
            return await RelayEventsAsync(attempt, response, tap, relay);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException
                && attempt.Clock.Expired is null
                && !_exchange.ClientGone.IsCancellationRequested
            )
        {
            return new AttemptOutcome(relay.Committed ? OutcomeKind.StreamCut : OutcomeKind.Reset)
            {
                Status = attempt.Status,
                Detail = relay.Committed
                    ? "the stream broke off"
                    : "the stream broke off before its first content",
            };
        }
        finally
        {
            (attempt.Usage, attempt.EstimatedTokens) = (tap.Usage, tap.EstimatedTokens);
            if (relay.Committed)
                EstimateUsage(attempt);
            attempt.Tap = tap;
        }
    }

    private async ValueTask<AttemptOutcome> RelayEventsAsync(
        Attempt attempt,
        HttpResponseMessage response,
        StreamTap tap,
        StreamRelay relay
    )
    {
        var token = attempt.Clock.Token;
        var upstream = response.Content.ReadAsStream(token);
        while (true)
        {
            var began = _time.GetTimestamp();
            var reading = upstream.ReadAsync(relay.Room(), token);
            var read =
                relay.Committed || reading.IsCompleted
                    ? await reading
                    : await _reply.KeepAliveWhile(reading.AsTask());
            var arrived = _time.GetTimestamp();
            _exchange.Log.WaitedTicks += arrived - began;
            attempt.Clock.Touch(arrived);

            var progress = relay.Take(read);
            if (progress == StreamRelay.Progress.FirstContent)
            {
                attempt.FirstContent = _time.GetElapsedTime(attempt.StartedAt, arrived);
                _exchange.Log.FirstContent ??= _time.GetElapsedTime(
                    _exchange.StartTimestamp,
                    arrived
                );
                attempt.Clock.WatchIdle(attempt.Deadlines.Idle);
                StartStream(attempt, response);
                progress = relay.Commit();
                await FlushAsync(attempt);
            }
            switch (progress)
            {
                case StreamRelay.Progress.Waiting:
                    continue;
                case StreamRelay.Progress.Wrote:
                    if (!await FlushAsync(attempt))
                        return AttemptOutcome.ClientGone;
                    continue;
                case StreamRelay.Progress.Ended:
                    relay.WriteTerminator(_exchange.Dialect.Terminator);
                    await FlushAsync(attempt);
                    _exchange.Log.Outcome = ExchangeOutcome.Succeeded;
                    return AttemptOutcome.Success;
                case StreamRelay.Progress.Error when !relay.Committed:
                    return ErrorInAnswer(tap.Error!, default, attempt);
                case StreamRelay.Progress.Error:
                    await FlushAsync(attempt);
                    return new AttemptOutcome(OutcomeKind.StreamError)
                    {
                        Status = attempt.Status,
                        Error = tap.Error,
                    };
                case StreamRelay.Progress.Empty:
                    return new AttemptOutcome(OutcomeKind.Empty)
                    {
                        Status = attempt.Status,
                        Detail = "the stream ended without content",
                    };
                case StreamRelay.Progress.Diverged:
                    return new AttemptOutcome(OutcomeKind.Diverged)
                    {
                        Status = attempt.Status,
                        Detail = "a second start did not repeat what had been sent",
                    };
                case StreamRelay.Progress.TooLong:
                    return new AttemptOutcome(
                        relay.Committed ? OutcomeKind.StreamError : OutcomeKind.TooLarge
                    )
                    {
                        Status = attempt.Status,
                        Detail = "an event of the stream is longer than 16 MB",
                    };
                default:
                    return new AttemptOutcome(OutcomeKind.StreamCut)
                    {
                        Status = attempt.Status,
                        Detail = "the stream ended before its end was said",
                    };
            }
        }
    }

    private void StartStream(Attempt attempt, HttpResponseMessage response)
    {
        attempt.Committed = true;
        if (attempt.Recovery is not null)
        {
            _exchange.Reply.Body.Write(_exchange.Dialect.RecoveryMark);
            _exchange.Log.Change("recovered:" + attempt.Deployment.PublicName);
        }
        _reply.Committed = true;
        _exchange.Log.AnsweredBy = attempt.Deployment.PublicName;
        if (_reply.Started)
            return;
        ReplyHeaders.Relay(response.Headers, _exchange.Reply);
        ReplyHeaders.SetOutcome(_exchange, attempt.Deployment, _attempts, Overhead(), cost: null);
        _reply.Start();
    }

    /// <summary>Sends what was written; false where the client is gone. A client that reads slowly is not a provider that is silent.</summary>
    private async ValueTask<bool> FlushAsync(Attempt attempt)
    {
        var flushing = _exchange.Reply.Body.FlushAsync(CancellationToken.None);
        if (flushing.IsCompletedSuccessfully)
            return !flushing.Result.IsCompleted;
        var began = _time.GetTimestamp();
        attempt.Clock.Touch(long.MaxValue / 2);
        var flushed = await flushing;
        var now = _time.GetTimestamp();
        attempt.Clock.Touch(now);
        _exchange.Log.WaitedTicks += now - began;
        return !flushed.IsCompleted;
    }

    private static AttemptOutcome ErrorInAnswer(
        UpstreamError error,
        ReadOnlyMemory<byte> body,
        Attempt attempt
    ) =>
        new(RefusalRules.ClassifyInAnswer(error))
        {
            Status = attempt.Status,
            Error = error,
            Body = body,
            RetryAfter = error.RetryAfter,
        };

    /// <summary>Where the provider told no usage, ours is an estimate, and says so.</summary>
    private void EstimateUsage(Attempt attempt)
    {
        if (attempt.Usage is not null)
            return;
        attempt.Usage = new TokenUsage
        {
            Input = PromptEstimate.Of(_exchange.Body.Span),
            Output = _exchange.Operation == Operation.Embeddings ? null : attempt.EstimatedTokens,
            Estimated = true,
        };
    }

    /// <summary>Notes the attempt for the record, and what it tells about deployment and key.</summary>
    private void Note(Attempt attempt, AttemptOutcome outcome)
    {
        var (deployment, now) = (attempt.Deployment, _time.GetUtcNow());
        var cost = Cost.Of(attempt.Usage, deployment.Prices);
        _exchange.Log.Attempts.Add(
            attempt.ToRecord(outcome, cost, _time, _exchange.StartTimestamp)
        );
        _exchange.Log.Cost.Add(attempt.Usage, cost);
        if (outcome.Kind == OutcomeKind.Success)
        {
            _exchange.Log.AnsweredBy = deployment.PublicName;
            deployment.State.Succeeded();
        }
        var breaker = _decision.Settings.Breaker;
        if (outcome.Kind == OutcomeKind.ClientGone)
            deployment.State.Breaker.Abandoned();
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
    }

    private Cost? CostSoFar(Attempt attempt)
    {
        var sum = _exchange.Log.Cost;
        sum.Add(attempt.Usage, Cost.Of(attempt.Usage, attempt.Deployment.Prices));
        return sum.Total;
    }

    private void Waited(long since) => _exchange.Log.WaitedTicks += _time.GetTimestamp() - since;

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is "application/json" or "text/html";
}
