using Dragoman.Dialects;

namespace Dragoman.Exchanges;

/// <summary>One client call on its way down the pipeline and back. What a step finds, later steps read here.</summary>
public sealed class Exchange
{
    private FeatureSlots _features;

    public required RequestId Id { get; init; }
    public required IDialect Dialect { get; init; }

    /// <summary>What is asked for: chat or embeddings.</summary>
    public required Operation Operation { get; init; }

    /// <summary>The body as the client sent it.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Somebody may still read <see cref="Body"/> after the exchange's end: its memory must not be used again.</summary>
    public bool BodyStillRead { get; set; }

    /// <summary>What was peeked from <see cref="Body"/>.</summary>
    public required RequestEnvelope Envelope { get; init; }

    /// <summary>The configuration this exchange began with and keeps to its end, by slice.</summary>
    public required SnapshotParts Snapshot { get; init; }

    /// <summary>Where the answer goes; a step that must see it puts a channel of its own before it.</summary>
    public required IReplyChannel Reply { get; set; }

    /// <summary>The client's wishes from headers and the body's <c>dragoman</c> object.</summary>
    public Wishes Wishes { get; init; } = Wishes.None;

    /// <summary>Who asks; null while the server is open.</summary>
    public string? Caller { get; init; }

    /// <summary>The client's headers that may go upstream where its own dialect is spoken there.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ForwardedHeaders { get; init; } = [];

    /// <summary>Those of <see cref="ForwardedHeaders"/> that mean the same in every dialect.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TranslatedHeaders { get; init; } = [];

    /// <summary>Gives a header of the client's by its name, while the request is routed; null where there is none to ask.</summary>
    public Func<string, string?>? ClientHeaders { get; init; }

    /// <summary>When it began, as <see cref="TimeProvider.GetTimestamp"/> gives it.</summary>
    public required long StartTimestamp { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Set when the client goes away.</summary>
    public required CancellationToken ClientGone { get; init; }

    /// <summary>What happened, gathered for the record.</summary>
    public ExchangeLog Log { get; } = new();

    /// <summary>What an earlier step hung on this exchange under its type; null where none did.</summary>
    public T? Get<T>()
        where T : class => _features.Get<T>();

    /// <summary>Hangs something on this exchange for later steps, one of each type.</summary>
    public void Set<T>(T feature)
        where T : class => _features.Set(feature);
}
