using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>
/// A Dragoman server, called over HTTP: what <see cref="Gateway"/> does in this process, with the same options, answers and
/// failures. Safe for use by many threads at once; one of them is enough for a server.
/// </summary>
public sealed partial class DragomanClient : IDisposable
{
    /// <summary>The <see cref="GatewayException.Code"/> where no server answers at all; the kind is <see cref="GatewayFailure.Upstream"/>.</summary>
    public const string UnreachableCode = "unreachable";

    /// <summary>The <see cref="GatewayException.Code"/> where an answer began and did not end; the kind is <see cref="GatewayFailure.Upstream"/>.</summary>
    public const string AnswerCutCode = "answer_cut";

    private readonly NativeServer _server;
    private readonly HttpClient? _own;

    /// <param name="address">Where the server is, e.g. <c>http://127.0.0.1:8007</c>.</param>
    /// <param name="apiKey">The key to show; null for a server without keys.</param>
    /// <param name="http">The client to call with, which stays the caller's; null makes one that waits as long as the server does.</param>
    public DragomanClient(Uri address, string? apiKey = null, HttpClient? http = null)
    {
        if (address.UserInfo.Length > 0)
            throw new ArgumentException(
                "The address must hold no name and no password: they would be told wherever it is. Pass the key as apiKey.",
                nameof(address)
            );
        // The server ends what takes too long; a limit of HttpClient's would cut long answers off.
        _own = http is null
            ? new HttpClient(
                new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) },
                disposeHandler: true
            )
            {
                Timeout = Timeout.InfiniteTimeSpan,
            }
            : null;
        _server = new NativeServer(
            http ?? _own!,
            address,
            string.IsNullOrEmpty(apiKey) ? null : new SecretText(apiKey)
        );
    }

    /// <inheritdoc cref="Gateway.CompleteAsync(string, CompletionOptions?, CancellationToken)"/>
    public Task<CompletionReply> CompleteAsync(
        string prompt,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => CompleteAsync([Message.OfText(MessageRole.User, prompt)], options, cancellationToken);

    /// <inheritdoc cref="Gateway.CompleteAsync(IReadOnlyList{Message}, CompletionOptions?, CancellationToken)"/>
    public async Task<CompletionReply> CompleteAsync(
        IReadOnlyList<Message> messages,
        CompletionOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var (body, losses) = BodyOf(messages, options, stream: false);
        var reply = await _server.CallAsync(
            HttpMethod.Post,
            "query",
            body,
            CompletionJson.Readable.CompletionReply,
            cancellationToken
        );
        return WithChanges(reply, losses);
    }

    /// <inheritdoc cref="Gateway.StreamAsync(string, CompletionOptions?, CancellationToken)"/>
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
        var (body, losses) = BodyOf(messages, options, stream: true);
        using var response = await _server.OpenAsync(
            HttpMethod.Post,
            "query",
            body,
            cancellationToken
        );
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var events = new ServerEvents(stream);
        while (true)
        {
            var update = await NextAsync(events, response, cancellationToken);
            if (update.Reply is not { } whole)
            {
                yield return update;
                continue;
            }
            yield return new CompletionUpdate { Reply = WithChanges(whole, losses) };
            yield break;
        }
    }

    /// <summary>Says something to whoever fits, or to one model; earlier turns go along.</summary>
    /// <param name="message">What the user says.</param>
    /// <param name="autoSelect">True lets the gateway choose, whatever <paramref name="modelId"/> says.</param>
    /// <param name="modelId">A model, alias, route or <c>chain:name</c>; null lets the gateway choose.</param>
    /// <param name="conversationHistory">The turns before.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="GatewayException">Nobody answered; its kind tells why.</exception>
    public Task<CompletionReply> ChatAsync(
        string message,
        bool? autoSelect = null,
        string? modelId = null,
        IReadOnlyList<Message>? conversationHistory = null,
        CancellationToken cancellationToken = default
    ) =>
        CompleteAsync(
            message,
            new CompletionOptions
            {
                Model = modelId,
                AutoSelect = autoSelect,
                ConversationHistory = conversationHistory ?? [],
            },
            cancellationToken
        );

    /// <inheritdoc cref="Gateway.EmbedAsync(IReadOnlyList{string}, EmbeddingOptions?, CancellationToken)"/>
    public Task<EmbeddingsReply> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var body = new ArrayBufferWriter<byte>();
        QueryWriter.Write(body, texts, options ?? new EmbeddingOptions());
        return _server.CallAsync(
            HttpMethod.Post,
            "query",
            body.WrittenMemory,
            CompletionJson.Readable.EmbeddingsReply,
            cancellationToken
        );
    }

    /// <inheritdoc cref="Gateway.EmbedAsync(string, EmbeddingOptions?, CancellationToken)"/>
    public async Task<float[]> EmbedAsync(
        string text,
        EmbeddingOptions? options = null,
        CancellationToken cancellationToken = default
    ) => (await EmbedAsync([text], options, cancellationToken)).Embeddings[0];

    /// <summary>Lets go of the connections, where they are its own.</summary>
    public void Dispose() => _own?.Dispose();

    private static (ReadOnlyMemory<byte> Body, Losses Losses) BodyOf(
        IReadOnlyList<Message> messages,
        CompletionOptions? options,
        bool stream,
        IReadOnlyList<string>? compared = null
    )
    {
        if (messages.Count == 0)
            throw Wrong("messages", "There must be at least one message.");
        var body = new ArrayBufferWriter<byte>(1024);
        var losses = new Losses();
        QueryWriter.Write(
            body,
            messages,
            options ?? new CompletionOptions(),
            stream,
            losses,
            compared
        );
        if (losses.Refusal is { } why)
            throw Wrong("messages", $"The server cannot be asked this: {why}.");
        if (options is { Strict: true } && losses.IsLossy)
            throw Wrong(
                losses.Dropped is [var first, ..] ? first : "messages",
                "'strict' is set, and this cannot be carried: " + string.Join(", ", losses.Changes)
            );
        return (body.WrittenMemory, losses);
    }

    /// <summary>The next piece; throws where the stream ends without the whole answer.</summary>
    private static async Task<CompletionUpdate> NextAsync(
        ServerEvents events,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (!await events.NextAsync(cancellationToken))
                throw NativeServer.Cut(null, IdOf(response));
            if (events.IsError)
                throw ProblemReader.Read(events.Data, status: 0);
            return Read(events.Data);
        }
        catch (JsonException odd)
        {
            throw NativeServer.Unreadable(odd);
        }
        catch (Exception broken) when (NativeServer.IsBroken(broken, cancellationToken))
        {
            throw NativeServer.Cut(broken, IdOf(response));
        }
    }

    /// <summary>The last event is the whole answer itself: it alone has an id.</summary>
    private static CompletionUpdate Read(ReadOnlyMemory<byte> data)
    {
        using var json = JsonDocument.Parse(data);
        var isWhole = json.RootElement.TryGetProperty("id"u8, out _);
        return isWhole
            ? new CompletionUpdate
            {
                Reply = json.RootElement.Deserialize(CompletionJson.Readable.CompletionReply),
            }
            : json.RootElement.Deserialize(CompletionJson.Readable.CompletionUpdate)!;
    }

    private static CompletionReply WithChanges(CompletionReply reply, Losses losses) =>
        losses.Changes.Count == 0
            ? reply
            : reply with
            {
                Changes = [.. losses.Changes, .. reply.Changes],
            };

    private static string? IdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-dragoman-request-id", out var ids)
            ? ids.FirstOrDefault()
            : null;

    private static GatewayException Wrong(string field, string message) =>
        new(new GatewayError(GatewayErrorKind.InvalidRequest, message) { Param = field });
}
