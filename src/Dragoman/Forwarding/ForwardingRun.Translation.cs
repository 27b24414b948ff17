using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.Schemas;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Forwarding;

/// <content>Requests and answers of another dialect than the client's.</content>
internal sealed partial class ForwardingRun
{
    /// <summary>An answer that may be carried on by another deployment must be written by one writer, unless its events stand alone.</summary>
    private bool NeedsOneWriter => _recovery is not null && !_exchange.Dialect.HasStatelessStream;

    private ReadOnlyMemory<byte> Write(
        Deployment deployment,
        in Speech speech,
        Losses losses,
        long? mostTokens = null
    )
    {
        var recovery = _recovery is { IsUnderWay: true } ? _recovery : null;
        return _translation!.WriteFor(
            deployment,
            speech,
            IsStream,
            recovery?.SentText,
            recovery is null ? PrefillStyle.None : Recovery.StyleOf(deployment),
            losses,
            mostTokens
        );
    }

    /// <summary>Why the request cannot go to a deployment; null where it can.</summary>
    private string? Unfit(Losses losses) =>
        losses.Refusal
        ?? (
            _exchange.Wishes.Strict && losses.IsLossy
                ? "strict, and it cannot carry " + string.Join(", ", losses.Changes)
                : null
        );

    /// <summary>A whole answer is checked against the schema that was asked for; a stream has left before it could be.</summary>
    private void NameUnvalidated()
    {
        if (
            IsStream
            && _translation!.Chat?.ResponseFormat
                is { Kind: ResponseFormatKind.JsonSchema, Schema.IsEmpty: false }
        )
            _exchange.Log.Change("unvalidated:response_format");
    }

    /// <summary>Other deployments, one of each provider, that could carry the request as it is.</summary>
    private IReadOnlyList<string> WhoCould()
    {
        const int Most = 5;
        var able = new List<string>();
        foreach (
            var deployment in _exchange
                .Snapshot.Find<NameResolver>()
                ?.OneOfEach(_exchange.Operation)
                ?? []
        )
        {
            if (able.Count == Most)
                break;
            if (_candidates.CannotServe(deployment) is not null)
                continue;
            var speech = Speech.For(_exchange, deployment, NeedsOneWriter);
            var losses = new Losses();
            if (speech.Translates)
                Write(deployment, speech, losses);
            if (Unfit(losses) is null)
                able.Add(deployment.PublicName);
        }
        return able;
    }

    /// <summary>A whole answer of another dialect, written in the client's; an outcome where it is none.</summary>
    private (ReadOnlyMemory<byte> Body, AttemptOutcome? Failure) TranslateReply(
        Attempt attempt,
        ReadOnlyMemory<byte> body
    )
    {
        if (_exchange.Dialect.KeepsReplies)
            body = body.ToArray();
        var output = new ArrayBufferWriter<byte>(body.Length + 512);
        var fallback = TranslatedReply.Fallback(
            _exchange,
            attempt.Deployment,
            _time.GetUtcNow().ToUnixTimeSeconds(),
            _time
        );
        UpstreamError? error;
        if (_exchange.Operation == Operation.Embeddings)
        {
            if (
                attempt.Speech.Dialect.Embeddings!.TryReadReply(
                    body,
                    asked: null,
                    out var vectors,
                    out error
                )
            )
            {
                attempt.Usage = vectors!.Usage;
                _exchange.Dialect.Embeddings!.WriteReply(
                    output,
                    vectors,
                    _exchange.Envelope.EmbeddingEncoding,
                    fallback.Model
                );
                return (output.WrittenMemory, null);
            }
        }
        else if (
            attempt.Speech.Dialect.TryReadReply(
                body,
                attempt.Deployment.Provider.Type,
                out var reply,
                out error
            )
        )
        {
            var facts = ReplyFacts.Of(reply!);
            (attempt.Usage, attempt.EstimatedTokens) = (facts.Usage, facts.EstimatedTokens);
            attempt.ServiceTier = facts.ServiceTier;
            EstimateUsage(attempt);
            if (SchemaCheck.FaultIn(_translation!.Chat?.ResponseFormat, reply!) is { } fault)
                return (
                    default,
                    new AttemptOutcome(OutcomeKind.SchemaMismatch)
                    {
                        Status = attempt.Status,
                        Detail = fault,
                    }
                );
            if (Guard(reply!, attempt) is not { } guarded)
                return (default, Blocked(attempt, _blocked!));
            TranslatedReply.NameDropped(guarded, _exchange.Dialect, _exchange.Log);
            _exchange.Dialect.WriteReply(output, guarded, fallback);
            return (output.WrittenMemory, null);
        }
        if (error is not null && (error.Message ?? error.Code) is not null)
            return (default, ErrorInAnswer(error, body.Span, attempt));
        return (
            default,
            new AttemptOutcome(OutcomeKind.Malformed)
            {
                Status = attempt.Status,
                Detail = $"the answer is none in the dialect {attempt.Speech.Dialect.Name}",
            }
        );
    }

    /// <summary>Answers how many tokens a prompt is where no provider told.</summary>
    private async ValueTask EstimateTokensAsync()
    {
        var output = new ArrayBufferWriter<byte>(64);
        _exchange.Dialect.WriteTokenCount(output, _exchange.Dialect.EstimatePrompt(_exchange.Body));
        _exchange.Log.Change("estimated:tokens");
        ReplyHeaders.SetOutcome(_exchange, answeredBy: null, _attempts, Overhead(), cost: null);
        _exchange.Log.Status = 200;
        _exchange.Reply.Start(200, "application/json", output.WrittenCount);
        await _exchange.Reply.Body.WriteAsync(output.WrittenMemory, CancellationToken.None);
        _exchange.Log.Outcome = ExchangeOutcome.Succeeded;
    }
}
