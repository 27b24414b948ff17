using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Usage;

namespace Dragoman.Native;

/// <summary>Gathers the vectors of several calls, and checks that they are all there and of one length.</summary>
internal sealed class EmbeddingVectors(int count, int? dimensions)
{
    private readonly float[]?[] _vectors = new float[count][];
    private readonly List<string> _ids = [];
    private readonly List<AttemptUsage> _usages = [];
    private int? _length = dimensions;

    /// <summary><c>provider/model</c> that answered first: it must answer all.</summary>
    public string? Deployment { get; private set; }

    /// <summary>Takes a call's vectors, which are those of <paramref name="length"/> texts from <paramref name="from"/> on.</summary>
    /// <exception cref="GatewayException">One is missing, unreadable, or of another length.</exception>
    public void Add(EmbeddingReply reply, UsageRecord record, int from, int length)
    {
        Deployment ??= record.Deployment;
        _ids.Add(record.Id.ToString(null, null));
        _usages.Add(new AttemptUsage(record.Usage, record.CostNanoUsd, record.CostBasis));
        foreach (var embedding in reply.Embeddings)
        {
            if (embedding.Index < 0 || embedding.Index >= length)
                continue;
            var vector =
                embedding.ToFloats() ?? throw Wrong(record, "gave a vector that cannot be read");
            _length ??= vector.Length;
            if (vector.Length != _length)
                throw Wrong(
                    record,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"gave a vector of {vector.Length} dimensions where {_length} were due"
                    )
                );
            _vectors[from + embedding.Index] = vector;
        }
        var missing = Array.FindIndex(_vectors, from, length, static vector => vector is null);
        if (missing >= 0)
            throw Wrong(
                record,
                string.Create(CultureInfo.InvariantCulture, $"gave no vector for input[{missing}]")
            );
    }

    public EmbeddingsReply ToReply(TimeSpan latency)
    {
        var (provider, model) = CompletionReplies.Split(Deployment);
        var known = _usages.TrueForAll(static usage => usage.CostNanoUsd is not null);
        return new EmbeddingsReply
        {
            Ids = _ids,
            Embeddings = _vectors!,
            Dimensions = _length ?? 0,
            Model = model,
            Provider = provider,
            Usage = Usage(),
            Cost = known
                ? CompletionReplies.Usd(_usages.Sum(static usage => usage.CostNanoUsd))
                : null,
            CostBasis = known ? _usages.Max(static usage => usage.Basis) : null,
            Latency = latency,
        };
    }

    /// <summary>Known plus absent is known; absent alone stays absent.</summary>
    private TokenUsage? Usage() =>
        _usages.Exists(static usage => usage.Usage?.TotalInput is not null)
            ? new TokenUsage
            {
                Input = _usages.Sum(static usage => usage.Usage?.TotalInput),
                Estimated = _usages.Exists(static usage => usage.Usage is { Estimated: true }),
            }
            : null;

    private static GatewayException Wrong(UsageRecord record, string what) =>
        new(
            new GatewayError(GatewayErrorKind.Upstream, $"{record.Deployment} {what}.")
            {
                Code = "malformed_embeddings",
            },
            record.Id.ToString(null, null)
        );

    private readonly record struct AttemptUsage(
        TokenUsage? Usage,
        long? CostNanoUsd,
        CostBasis Basis
    );
}
