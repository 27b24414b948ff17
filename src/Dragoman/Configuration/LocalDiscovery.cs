using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>Asks servers on this machine and in the house for their models: all at once, briefly, and never over a proxy.</summary>
internal sealed class LocalDiscovery : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>For what is asked behind the list, of servers that are known to be there.</summary>
    private static readonly TimeSpan LongerPatience = TimeSpan.FromSeconds(2);

    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly OllamaDescriptions _descriptions = new();

    public LocalDiscovery()
        : this(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                ConnectTimeout = Patience,
            }
        ) { }

    public LocalDiscovery(HttpMessageHandler handler) =>
        _http = new HttpClient(handler)
        {
            Timeout = LongerPatience,
            MaxResponseContentBufferSize = MaxBytes,
        };

    /// <summary>Those that answered, in the order of <paramref name="targets"/>, with what is known of their models.</summary>
    public async Task<IReadOnlyList<DiscoveredServer>> FindAsync(
        IReadOnlyList<DiscoveryTarget> targets,
        CancellationToken cancellationToken
    )
    {
        var answers = await Task.WhenAll(
            targets.Select(target => FindAsync(target, cancellationToken))
        );
        return _descriptions.Over([.. answers.OfType<DiscoveredServer>()]);
    }

    /// <summary>Asks Ollama servers what some of their models can do; the same servers with that, or null where all is known.</summary>
    public async Task<IReadOnlyList<DiscoveredServer>?> DescribeAsync(
        IReadOnlyList<DiscoveryTarget> targets,
        IReadOnlyList<DiscoveredServer> servers,
        CancellationToken cancellationToken
    )
    {
        var ollamas = targets
            .Where(static target => target.Kind == ModelListKind.Ollama)
            .ToDictionary(static target => target.Name, StringComparer.Ordinal);
        var asked = await _descriptions.AskAsync(
            [.. servers.Where(server => ollamas.ContainsKey(server.Name))],
            (server, model) => DescribeAsync(ollamas[server.Name], model, cancellationToken)
        );
        return asked ? _descriptions.Over(servers) : null;
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
        return [.. answers.OfType<byte[]>().SelectMany(Items)];
    }

    public void Dispose() => _http.Dispose();

    private async Task<DiscoveredServer?> FindAsync(
        DiscoveryTarget target,
        CancellationToken cancellationToken
    )
    {
        var models = target.Kind switch
        {
            ModelListKind.Ollama => await ListAsync(target, target.Kind, "/api/tags"),
            // The list that says more is the newer of the two.
            ModelListKind.LMStudio => await ListAsync(AtRoot(target), target.Kind, "/api/v0/models")
                ?? await ListAsync(target, ModelListKind.OpenAI, "/models"),
            _ => await ListAsync(target, target.Kind, "/models"),
        };
        return models is null ? null : new DiscoveredServer(target.Name, target.BaseUrl, models);

        async Task<IReadOnlyList<ServedModel>?> ListAsync(
            DiscoveryTarget asked,
            ModelListKind kind,
            string path
        ) =>
            await AskAsync(asked, path, content: null, Patience, cancellationToken) is { } body
                ? ModelLists.Read(kind, body)
                : null;
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
            await AskAsync(target, "/api/show", content, LongerPatience, cancellationToken)
                is { } body
            ? OllamaDescription.Read(model, body)
            : null;
    }

    /// <summary>The body of a good answer; null where there is none in time.</summary>
    private async Task<byte[]?> AskAsync(
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
                ? await reply.Content.ReadAsByteArrayAsync(limit.Token)
                : null;
        }
        catch (Exception absent)
            when (absent is HttpRequestException or OperationCanceledException or FormatException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
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
