using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;

namespace Dragoman.Forwarding;

/// <content>The answer on its way to the client, whole or streamed.</content>
internal sealed partial class ForwardingRun
{
    private async ValueTask<AttemptOutcome> RelayPlainAsync(
        Attempt attempt,
        HttpResponseMessage response
    )
    {
        BeginWait();
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
            EndWait();
            return new AttemptOutcome(OutcomeKind.Malformed)
            {
                Status = attempt.Status,
                Detail = "the answer is shorter than announced",
            };
        }
        using (body)
        {
            EndWait();
            if (!whole)
                return new AttemptOutcome(OutcomeKind.TooLarge)
                {
                    Status = attempt.Status,
                    Detail = "the answer is larger than 256 MB",
                };
            if (attempt.Speech.Translates && !IsStream)
            {
                var (translated, failure) = TranslateReply(attempt, body.Bytes);
                if (failure is not null)
                {
                    // An answer that is of no use is billed all the same.
                    attempt.Usage ??= attempt
                        .Speech.Dialect.ReadReply(
                            body.Bytes,
                            _exchange.Operation,
                            attempt.Deployment.Provider.Type
                        )
                        .Usage;
                    return failure;
                }
                EstimateUsage(attempt);
                return await SendPlainAsync(attempt, response, translated);
            }
            var facts = attempt.Speech.Dialect.ReadReply(
                body.Bytes,
                _exchange.Operation,
                attempt.Deployment.Provider.Type
            );
            // An answer that is of no use is billed all the same.
            (attempt.Usage, attempt.EstimatedTokens) = (facts.Usage, facts.EstimatedTokens);
            attempt.ServiceTier = facts.ServiceTier;
            if (facts.Error is { } error && (error.Message ?? error.Code) is not null)
                return ErrorInAnswer(error, body.Bytes.Span, attempt);
            if (!facts.IsAnswer || IsStream)
                return new AttemptOutcome(OutcomeKind.Malformed)
                {
                    Status = attempt.Status,
                    Detail =
                        !facts.IsJson ? "the answer is not JSON"
                        : IsStream ? "the answer is not a stream"
                        : "the answer holds none",
                };
            EstimateUsage(attempt);
            return await SendPlainAsync(attempt, response, AsAsked(body.Bytes, facts, attempt));
        }
    }

    private async ValueTask<AttemptOutcome> RelayStreamAsync(
        Attempt attempt,
        HttpResponseMessage response
    )
    {
        // Mistral gives the prefix back at the head of its answer, so that one is compared like a second start.
        var startsAgain =
            attempt.Recovery is not null
            && attempt.Prefill is (PrefillStyle.None or PrefillStyle.Prefix);
        var tap = CreateTap(attempt, startsAgain);
        using var relay = new StreamRelay(
            attempt.Speech.Dialect.Framing,
            tap,
            attempt.WithholdUsage,
            _exchange.Reply.Body,
            _exchange.Log
        )
        {
            LeavesOutPreamble = _reply.HasPreamble,
            // Of numbered blocks a further attempt could not leave out just its own first ones.
            ReleasesPreamble =
                !attempt.AnotherRemains
                && !_reply.HasPreamble
                && _exchange.Dialect.HasStatelessStream,
        };
        if (startsAgain)
            relay.Expect(attempt.Recovery!.Sent);
        try
        {
            var outcome = await RelayEventsAsync(attempt, response, tap, relay);
            if (outcome.Kind != OutcomeKind.Success)
                attempt.Clock.Cancel();
            return outcome;
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
            attempt.ServiceTier = tap.ServiceTier;
            // One that told its prompt before it broke off is billed for that, though nothing of it was sent.
            if (relay.Committed || attempt.Usage is not null || _translated?.Stopped is not null)
                EstimateUsage(attempt);
            // The headers have gone: the record alone can tell.
            foreach (var kind in (tap as TranslatingTap)?.Dropped ?? [])
                _exchange.Log.Change($"dropped:answer ({kind})");
            attempt.Tap = tap;
        }
    }

    private StreamTap CreateTap(Attempt attempt, bool startsAgain)
    {
        var (dialect, provider) = (attempt.Speech.Dialect, attempt.Deployment.Provider.Type);
        var transcript = _recovery is null ? null : new ArrayBufferWriter<byte>();
        if (!attempt.Speech.Translates)
        {
            var relayed = dialect.CreateTap(provider, transcript);
            relayed.Observer = _exchange.Get<IReplyObserver>();
            return relayed;
        }
        _translated = TranslatedReply.For(
            _translated,
            _exchange,
            attempt.Deployment,
            _reply,
            _time,
            _guardrails?.OutputRules(attempt.Deployment) ?? []
        );
        if (_translated.Found is { } found)
            _guardrails!.Follow(found);
        return _translated.Tap(dialect.CreateStreamReader(provider), transcript, startsAgain);
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
            BeginWait();
            var reading = upstream.ReadAsync(relay.Room(), token);
            var read =
                relay.Committed || reading.IsCompleted
                    ? await reading
                    : await _reply.KeepAliveWhile(reading.AsTask());
            _arrived = EndWait();
            attempt.Clock.Touch(_arrived);

            var progress = relay.Take(read);
            if (progress == StreamRelay.Progress.FirstContent)
            {
                attempt.FirstContent = _time.GetElapsedTime(attempt.StartedAt, _arrived);
                _exchange.Log.FirstContent ??= _time.GetElapsedTime(
                    _exchange.StartTimestamp,
                    _arrived
                );
                attempt.Clock.WatchIdle(attempt.Deadlines.Idle);
                CommitStream(attempt, response);
                progress = relay.Commit();
                await FlushAsync(attempt);
            }
            if (
                attempt.Pass is { } pass
                && tap.EstimatedTokens > pass.Covered
                && progress is StreamRelay.Progress.Waiting or StreamRelay.Progress.Wrote
                && await OutgrownAsync(attempt, pass, tap) is { } outgrown
            )
            {
                await BreakOffAsync(attempt, upstream, relay);
                return outgrown;
            }
            switch (progress)
            {
                case StreamRelay.Progress.Waiting:
                    continue;
                case StreamRelay.Progress.Preamble:
                    StartStream(attempt, response);
                    relay.Release();
                    _reply.HasPreamble = true;
                    if (!await FlushAsync(attempt))
                        return AttemptOutcome.ClientGone;
                    continue;
                case StreamRelay.Progress.Wrote:
                    if (!await FlushAsync(attempt))
                        return AttemptOutcome.ClientGone;
                    continue;
                case StreamRelay.Progress.Ended:
                    if (!attempt.Speech.Translates)
                        relay.WriteTerminator(_exchange.Dialect.Terminator);
                    await FlushAsync(attempt);
                    _exchange.Log.Outcome = ExchangeOutcome.Succeeded;
                    return AttemptOutcome.Success;
                case StreamRelay.Progress.Error when _translated?.Stopped is { } stopped:
                    _blocked = stopped;
                    if (relay.Committed)
                        await FlushAsync(attempt);
                    return Blocked(attempt, stopped);
                case StreamRelay.Progress.Error when !relay.Committed:
                    return ErrorInAnswer(tap.Error!, default, attempt);
                case StreamRelay.Progress.Error:
                    await FlushAsync(attempt);
                    return new AttemptOutcome(OutcomeKind.StreamError)
                    {
                        Status = attempt.Status,
                        Error = KeyQuotes.Mask(tap.Error!, default, attempt.Key),
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

    /// <summary>The first content goes out: from here on no other attempt is free.</summary>
    private void CommitStream(Attempt attempt, HttpResponseMessage response)
    {
        NoteThatItIsBack(attempt);
        StartStream(attempt, response);
        if (attempt.Recovery is not null)
        {
            _exchange.Reply.Body.Write(_exchange.Dialect.RecoveryMark);
            _exchange.Log.Change("recovered:" + attempt.Deployment.PublicName);
        }
        attempt.Committed = _reply.Committed = _reply.HasPreamble = true;
        _exchange.Log.AnsweredBy = attempt.Deployment.PublicName;
    }

    /// <summary>A deployment that rested answers again: noted before the client can have the answer and call once more.</summary>
    private static void NoteThatItIsBack(Attempt attempt)
    {
        if (!attempt.BeganWhileCooling)
            return;
        attempt.Deployment.State.Succeeded(whileCooling: true);
        attempt.BeganWhileCooling = false;
    }

    private void StartStream(Attempt attempt, HttpResponseMessage response)
    {
        if (_reply.Started)
            return;
        ReplyHeaders.Relay(response.Headers, _exchange);
        ReplyHeaders.SetOutcome(_exchange, attempt.Deployment, _attempts, Overhead(), cost: null);
        _reply.Start();
    }

    /// <summary>Sends what was written; false where the client is gone. A client that reads slowly is not a provider that is silent.</summary>
    private async ValueTask<bool> FlushAsync(Attempt attempt)
    {
        attempt.Clock.Pause();
        var flushing = _exchange.Reply.Body.FlushAsync(CancellationToken.None);
        if (flushing.IsCompletedSuccessfully)
        {
            attempt.Clock.Touch(_arrived);
            return !flushing.Result.IsCompleted;
        }
        BeginWait();
        var flushed = await flushing;
        attempt.Clock.Touch(EndWait());
        return !flushed.IsCompleted;
    }

    private static AttemptOutcome ErrorInAnswer(
        UpstreamError said,
        ReadOnlySpan<byte> body,
        Attempt attempt
    )
    {
        var error = KeyQuotes.Mask(said, body, attempt.Key);
        return new AttemptOutcome(RefusalRules.ClassifyInAnswer(error))
        {
            Status = attempt.Status,
            Error = error,
            Body = error.IsCanonicalShape && !attempt.Speech.Translates ? body.ToArray() : default,
            RetryAfter = error.RetryAfter,
        };
    }

    /// <summary>Where the provider told no usage, ours is an estimate, and says so.</summary>
    private void EstimateUsage(Attempt attempt)
    {
        if (attempt.Usage is { } told)
        {
            // Anthropic tells the prompt's at the start: of a stream that was cut the answer's is still missing.
            if (told.TotalOutput is null && _exchange.Operation == Operation.Chat)
                attempt.Usage = told with { Output = EstimatedAnswer(attempt), Estimated = true };
            return;
        }
        attempt.Usage = new TokenUsage
        {
            Input = _exchange.Dialect.EstimatePrompt(_exchange.Body),
            Output = _exchange.Operation == Operation.Embeddings ? null : EstimatedAnswer(attempt),
            Estimated = true,
        };
    }

    /// <summary>Tokens of the answer by our estimate, and no more than it was allowed to have.</summary>
    private long? EstimatedAnswer(Attempt attempt)
    {
        var most = Math.Min(
            _exchange.Envelope.MaxTokens > 0 ? _exchange.Envelope.MaxTokens : long.MaxValue,
            attempt.Pass?.Bound?.Tokens ?? long.MaxValue
        );
        return attempt.EstimatedTokens is { } tokens && tokens / _exchange.Envelope.Choices > most
            ? most * _exchange.Envelope.Choices
            : attempt.EstimatedTokens;
    }

    private async ValueTask<AttemptOutcome> SendPlainAsync(
        Attempt attempt,
        HttpResponseMessage response,
        ReadOnlyMemory<byte> body
    )
    {
        NoteThatItIsBack(attempt);
        ReplyHeaders.Relay(response.Headers, _exchange);
        ReplyHeaders.SetOutcome(
            _exchange,
            attempt.Deployment,
            _attempts,
            Overhead(),
            CostSoFar(attempt)
        );
        _exchange.Get<IReplyObserver>()?.Take(body.Span);
        _exchange.Log.Status = 200;
        _exchange.Reply.Start(
            200,
            // It was looked at and is JSON, whatever the provider calls it.
            "application/json",
            body.Length
        );
        BeginWait();
        var sent = await _exchange.Reply.Body.WriteAsync(body, CancellationToken.None);
        EndWait();
        // Whether the client took it or not: the provider has answered, and that is what is recorded and paid.
        _exchange.Log.Outcome =
            sent.IsCompleted && _exchange.ClientGone.IsCancellationRequested
                ? ExchangeOutcome.Cancelled
                : ExchangeOutcome.Succeeded;
        return AttemptOutcome.Success;
    }

    /// <summary>OpenAI's libraries ask for base64 unasked and take a list of numbers for it; providers that know only lists are translated.</summary>
    private ReadOnlyMemory<byte> AsAsked(
        ReadOnlyMemory<byte> body,
        ReplyFacts facts,
        Attempt attempt
    )
    {
        if (
            _exchange.Envelope.EmbeddingEncoding is not { } asked
            || asked == EmbeddingEncoding.Raw
            || facts.Embedding is not { } got
            || asked == got
            || _exchange.Dialect.Embeddings is not { } embeddings
            || !embeddings.TryReadReply(body, asked: null, out var reply, out _)
        )
            return body;
        var encoded = new ArrayBufferWriter<byte>(body.Length);
        embeddings.WriteReply(encoded, reply!, asked, JsonText.Of(attempt.Deployment.Model));
        _exchange.Log.Change(
            asked == EmbeddingEncoding.Base64
                ? "translated:encoding_format=base64"
                : "translated:encoding_format=float"
        );
        return encoded.WrittenMemory;
    }

    private Cost? CostSoFar(Attempt attempt)
    {
        var sum = _exchange.Log.Cost;
        sum.Add(attempt.Usage, attempt.CostAt(_time.GetUtcNow()));
        return sum.Total;
    }
}
