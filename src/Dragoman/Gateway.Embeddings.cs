using System.Globalization;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Dialects.InProcess;
using Dragoman.Exchanges;
using Dragoman.Native;
using Dragoman.Routing;
using Dragoman.Usage;

namespace Dragoman;

/// <content>Embeddings, in as many calls as the provider's limit takes.</content>
public sealed partial class Gateway
{
    /// <summary>OpenAI takes 300,000 tokens a call (github.com/elastic/elasticsearch issue 135015, seen 2026-11), and the estimate may err.</summary>
    private const int MostTokens = 200_000;

    /// <summary>Careful: English has about four, Chinese one.</summary>
    private const int CharactersPerToken = 2;

    /// <summary>Makes a vector of each text.</summary>
    /// <exception cref="GatewayException">They could not be made; its kind tells why.</exception>
    public async Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new EmbeddingOptions();
        await DiscoveredAsync(cancellationToken);
        return await EmbedAsync(
            texts,
            options.Provider is { Length: > 0 } provider
                ? provider + "/" + options.Model
                : options.Model ?? CompletionOptions.DefaultModel,
            options.Dimensions,
            new Wishes
            {
                Fallback = options.EnableFallback is false ? [] : null,
                LocalOnly = options.LocalOnly,
                WorkspaceId = options.WorkspaceId,
                ExecutionId = options.ExecutionId,
                Tags = options.Tags,
            },
            caller: null,
            cancellationToken
        );
    }

    /// <summary>Makes the vector of one text.</summary>
    /// <exception cref="GatewayException">It could not be made; its kind tells why.</exception>
    public async Task<float[]> EmbedAsync(
        string text,
        EmbeddingOptions? options = null,
        CancellationToken cancellationToken = default
    ) => (await EmbedAsync([text], options, cancellationToken)).Embeddings[0];

    internal async Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        string model,
        int? dimensions,
        Wishes wishes,
        Caller? caller,
        CancellationToken cancellationToken
    )
    {
        if (texts.Count == 0)
            throw GatewayRequest.Wrong("input", "There must be at least one text to embed.");
        // Another model's vectors mean something else: of what the gateway chooses, only the first choice will do.
        if (model == CompletionOptions.DefaultModel)
            wishes = wishes with { Fallback = [] };
        wishes = wishes with { ComputesFallback = false };
        if (FixedWishes.WhyNot(caller, wishes) is { } wrong)
            throw new GatewayException(wrong);
        var (decision, error) = Snapshots.Current.Names.Resolve(
            model,
            Operation.Embeddings,
            wishes,
            caller?.Access
        );
        if (error is not null)
            throw new GatewayException(error);
        CheckDimensions(decision!, dimensions);
        CheckSpending(decision!, texts, wishes.MaxCostUsd);
        var batch = decision!.Chain.Min(static deployment =>
            deployment.Provider.Type.EmbeddingBatch
        );
        var started = _time.GetTimestamp();
        var vectors = new EmbeddingVectors(texts.Count, dimensions);
        for (int from = 0, taken; from < texts.Count; from += taken)
        {
            taken = BatchFrom(texts, from, batch);
            var (reply, record) = await CallAsync(
                [.. texts.Skip(from).Take(taken)],
                vectors.Deployment ?? model,
                dimensions,
                vectors.Deployment is null ? wishes : wishes with { Fallback = [] },
                caller,
                cancellationToken
            );
            vectors.Add(reply, record, from, taken);
            // What one batch cost the next ones cannot spend; what it cost at an unknown price may have been all.
            if (wishes.MaxCostUsd is { } left)
                wishes = wishes with
                {
                    MaxCostUsd = Math.Max(
                        0,
                        left - (CompletionReplies.Usd(record.CostNanoUsd) ?? left)
                    ),
                };
        }
        return vectors.ToReply(_time.GetElapsedTime(started));
    }

    /// <summary>All batches together must fit: nobody is asked for the first where the last could not be paid.</summary>
    private void CheckSpending(
        RoutingDecision decision,
        IReadOnlyList<string> texts,
        decimal? maxUsd
    )
    {
        if (maxUsd is not { } most)
            return;
        var usage = new TokenUsage
        {
            Input = texts.Sum(TokensOf),
            Output = 0,
            Estimated = true,
        };
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        var cheapest = decision
            .Chain.Select(deployment => Cost.Of(usage, deployment.Prices?.On(today))?.Usd)
            .Min();
        if (cheapest is not { } cost || cost <= most)
            return;
        throw new GatewayException(
            new GatewayError(
                GatewayErrorKind.InvalidRequest,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nobody was asked: embedding all {texts.Count} texts would cost about ${cost:0.#########}, and ${most:0.#########} may be spent."
                )
            )
            {
                Code = "budget_exceeded",
                StatusOverride = 402,
            }
        );
    }

    private static long TokensOf(string text) =>
        TokenEstimate.OfText(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>How many texts from <paramref name="from"/> on one call takes: at least one, however long it is.</summary>
    private static int BatchFrom(IReadOnlyList<string> texts, int from, int most)
    {
        var tokens = 0L;
        for (var i = from; i < texts.Count; i++)
        {
            tokens += texts[i].Length / CharactersPerToken + 1;
            if (i - from == most || (i > from && tokens > MostTokens))
                return i - from;
        }
        return texts.Count - from;
    }

    private async Task<(EmbeddingReply, UsageRecord)> CallAsync(
        IReadOnlyList<string> texts,
        string model,
        int? dimensions,
        Wishes wishes,
        Caller? caller,
        CancellationToken cancellationToken
    )
    {
        var request = new EmbeddingRequest
        {
            Model = JsonText.Of(model),
            Inputs =
            [
                .. texts.Select(static text => new EmbeddingInput(JsonText.Of(text), default)),
            ],
            Dimensions = dimensions,
        };
        await using var call = Begin(
            new GatewayRequest(
                new InProcessDialect(request),
                Operation.Embeddings,
                new RequestEnvelope
                {
                    Model = model,
                    PromptBytes = texts.Max(static text => text.Length),
                },
                wishes
            )
            {
                Caller = caller,
                // It was looked at whether it may be asked for, and a further batch names who answered the first.
                IsNamedByHouse = true,
            },
            cancellationToken
        );
        return await call.EmbedAsync();
    }

    /// <summary>A model never makes vectors longer than its own.</summary>
    private static void CheckDimensions(RoutingDecision decision, int? dimensions)
    {
        if (
            dimensions is { } wanted
            && decision.Chain[0] is { Dimensions: { } most } deployment
            && wanted > most
        )
            throw GatewayRequest.Wrong(
                "dimensions",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'dimensions' is {wanted}; the vectors of {deployment.PublicName} have at most {most}."
                )
            );
    }
}
