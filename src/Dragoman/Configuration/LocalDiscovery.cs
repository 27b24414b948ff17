using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Providers;

namespace Dragoman.Configuration;

/// <summary>
/// Asks servers on this machine and in the house for their models: all at once, briefly, and never over a proxy. One that was
/// there and now keeps silent may be busy: it is gone when it is silent twice in a row, and at once where nobody takes the
/// connection or somebody else answers.
/// </summary>
internal sealed class LocalDiscovery : IDisposable
{
    /// <summary>For servers that nobody told of and that most likely are not there: the first look is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>For servers that somebody told of, or that were there.</summary>
    private static readonly TimeSpan LongerPatience = TimeSpan.FromSeconds(2);

    /// <summary>Descriptions are gathered for so long at a stretch.</summary>
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(1);

    private const int MostSilences = 2;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly OllamaDescriptions _descriptions = new();
    private readonly ConcurrentDictionary<(string, Uri), Presence> _present = new();

    /// <summary>A server that answered, and how often it has kept silent since.</summary>
    private sealed record Presence(DiscoveredServer Server, int Silences);

    /// <summary>What came of one call: the body of a good answer; else whether there was none, rather than a wrong one.</summary>
    private readonly record struct Reply(byte[]? Body, bool IsSilent = false);

    /// <param name="door">What connections go through.</param>
    public LocalDiscovery(HouseDoor door)
        : this(
            new HouseDoorHandler(
                door,
                static () =>
                    new SocketsHttpHandler
                    {
                        UseProxy = false,
                        AllowAutoRedirect = false,
                        ConnectTimeout = LongerPatience,
                    }
            )
        ) { }

    public LocalDiscovery(HttpMessageHandler handler) =>
        _http = new HttpClient(handler)
        {
            Timeout = LongerPatience,
            MaxResponseContentBufferSize = MaxBytes,
        };

    /// <summary>Those that are there, in the order of <paramref name="targets"/>, with what is known of their models.</summary>
    public async Task<IReadOnlyList<DiscoveredServer>> FindAsync(
        IReadOnlyList<DiscoveryTarget> targets,
        CancellationToken cancellationToken
    )
    {
        foreach (var gone in _present.Keys.Except(targets.Select(static t => (t.Name, t.BaseUrl))))
            _present.TryRemove(gone, out _);
        var answers = await Task.WhenAll(
            targets.Select(target => FindAsync(target, cancellationToken))
        );
        return _descriptions.Over([.. answers.OfType<DiscoveredServer>()]);
    }

    /// <summary>
    /// Asks Ollama servers what their models can do. The same servers with that, when all of it is known; null while it is not,
    /// and where nothing was left to ask.
    /// </summary>
    public async Task<IReadOnlyList<DiscoveredServer>?> DescribeAsync(
        IReadOnlyList<DiscoveryTarget> targets,
        IReadOnlyList<DiscoveredServer> servers,
        CancellationToken cancellationToken
    )
    {
        var ollamas = targets
            .Where(static target => target.Kind == ModelListKind.Ollama)
            .ToDictionary(static target => target.Name, StringComparer.Ordinal);
        var asked = servers.Where(server => ollamas.ContainsKey(server.Name)).ToList();
        if (!_descriptions.AnyOpen(asked))
            return null;
        var began = Stopwatch.GetTimestamp();
        do await _descriptions.AskAsync(
            asked,
            (server, model) => DescribeAsync(ollamas[server.Name], model, cancellationToken)
        );
        while (_descriptions.AnyOpen(asked) && Stopwatch.GetElapsedTime(began) < Stretch);
        return _descriptions.AnyOpen(asked) ? null : _descriptions.Over(servers);
    }

    /// <summary>What Ollama servers hold in memory now: the items of their <c>/api/ps</c>, as they came.</summary>
    public async Task<IReadOnlyList<RawJson>> LoadedAsync(
        IReadOnlyList<DiscoveryTarget> targets,
        CancellationToken cancellationToken
    )
    {
        var answers = await Task.WhenAll(
            targets
                .Where(static target => target.Kind == ModelListKind.Ollama)
                .Select(target =>
                    AskAsync(target, "/api/ps", content: null, Patience, cancellationToken)
                )
        );
        return [.. answers.Select(static reply => reply.Body).OfType<byte[]>().SelectMany(Items)];
    }

    public void Dispose() => _http.Dispose();

    private async Task<DiscoveredServer?> FindAsync(
        DiscoveryTarget target,
        CancellationToken cancellationToken
    )
    {
        var key = (target.Name, target.BaseUrl);
        var before = _present.GetValueOrDefault(key);
        var patience = before is null && target.IsGuess ? Patience : LongerPatience;
        var (models, isSilent) = target.Kind switch
        {
            ModelListKind.Ollama => await ListAsync(target, target.Kind, "/api/tags"),
            ModelListKind.LMStudio => await ListAsync(
                AtRoot(target),
                target.Kind,
                "/api/v0/models"
            ),
            _ => await ListAsync(target, target.Kind, "/models"),
        };
        // The list that says less, of an older LM Studio.
        if (target.Kind == ModelListKind.LMStudio && models is null && !isSilent)
            (models, isSilent) = await ListAsync(target, ModelListKind.OpenAI, "/models");
        if (models is not null)
            return Keep(new Presence(new DiscoveredServer(target.Name, target.BaseUrl, models), 0));
        if (before is not null && isSilent && before.Silences + 1 < MostSilences)
            return Keep(before with { Silences = before.Silences + 1 });
        _present.TryRemove(key, out _);
        return null;

        DiscoveredServer Keep(Presence presence) => (_present[key] = presence).Server;

        async Task<(IReadOnlyList<ServedModel>? Models, bool IsSilent)> ListAsync(
            DiscoveryTarget asked,
            ModelListKind kind,
            string path
        )
        {
            var reply = await AskAsync(asked, path, content: null, patience, cancellationToken);
            return (reply.Body is { } body ? ModelLists.Read(kind, body) : null, reply.IsSilent);
        }
    }

    private async Task<ServedModel?> DescribeAsync(
        DiscoveryTarget target,
        ServedModel model,
        CancellationToken cancellationToken
    )
    {
        // The older name of the field too, for servers before 0.1.30.
        var name = JsonEncodedText.Encode(model.Name);
        using var content = new StringContent(
            $$"""{"model":"{{name}}","name":"{{name}}"}""",
            Encoding.UTF8,
            "application/json"
        );
        return
            (await AskAsync(target, "/api/show", content, LongerPatience, cancellationToken)).Body
                is { } body
            ? OllamaDescription.Read(model, body)
            : null;
    }

    private async Task<Reply> AskAsync(
        DiscoveryTarget target,
        string path,
        HttpContent? content,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(
                content is null ? HttpMethod.Get : HttpMethod.Post,
                new Uri(target.BaseUrl.AbsoluteUri.TrimEnd('/') + path)
            )
            {
                Content = content,
            };
            if (target.Key is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Bearer",
                    target.Key.Reveal()
                );
            using var reply = await _http.SendAsync(request, limit.Token);
            return reply.IsSuccessStatusCode
                ? new Reply(await reply.Content.ReadAsByteArrayAsync(limit.Token))
                // What fails or asks for patience is a server that has too much to do; what says no is another program.
                : new Reply(null, IsSilent: (int)reply.StatusCode is >= 500 or 408 or 429);
        }
        catch (Exception absent)
            when (absent is HttpRequestException or OperationCanceledException or FormatException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Reply(null, IsSilent: !IsGone(absent));
        }
    }

    /// <summary>Nobody listens there, or nothing of that name is to be found.</summary>
    private static bool IsGone(Exception failure)
    {
        if (failure is FormatException || OfflineException.In(failure) is not null)
            return true;
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (
                inner is SocketException
                {
                    SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound
                }
            )
                return true;
        }
        return false;
    }

    private static DiscoveryTarget AtRoot(DiscoveryTarget target)
    {
        var address = target.BaseUrl.AbsoluteUri.TrimEnd('/');
        return target with
        {
            BaseUrl = new Uri(
                address.EndsWith("/v1", StringComparison.Ordinal) ? address[..^3] : address
            ),
        };
    }

    private static List<RawJson> Items(byte[] body)
    {
        var items = new List<RawJson>();
        try
        {
            using var json = JsonDocument.Parse(body);
            if (
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("models"u8, out var list)
                && list.ValueKind == JsonValueKind.Array
            )
                items.AddRange(list.EnumerateArray().Select(item => RawJson.Of(item.GetRawText())));
        }
        catch (JsonException)
        {
            // It answers, but is no Ollama: it holds nothing we could show.
        }
        return items;
    }
}
