using System.Net.Http.Headers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Configuration;

/// <summary>A server in the house that answered, and the models it says it has.</summary>
public sealed record DiscoveredServer(string Name, Uri BaseUrl, IReadOnlyList<string> Models)
{
    internal bool IsLike(DiscoveredServer other) =>
        Name == other.Name && BaseUrl == other.BaseUrl && Models.SequenceEqual(other.Models);
}

/// <summary>A place where a server in the house may be found.</summary>
internal sealed record DiscoveryTarget(string Name, Uri BaseUrl, SecretText? Key = null);

/// <summary>Asks servers on this machine and in the house for their models: all at once, briefly, and never over a proxy.</summary>
internal sealed class LocalDiscovery : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxModels = 2_000;

    private readonly HttpClient _http;

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
            Timeout = Patience,
            MaxResponseContentBufferSize = MaxBytes,
        };

    /// <summary>Those that answered, in the order of <paramref name="targets"/>.</summary>
    public async Task<IReadOnlyList<DiscoveredServer>> FindAsync(
        IReadOnlyList<DiscoveryTarget> targets,
        CancellationToken cancellationToken
    )
    {
        var answers = await Task.WhenAll(
            targets.Select(target => AskAsync(target, cancellationToken))
        );
        return [.. answers.OfType<DiscoveredServer>()];
    }

    public void Dispose() => _http.Dispose();

    private async Task<DiscoveredServer?> AskAsync(
        DiscoveryTarget target,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                new Uri(target.BaseUrl.AbsoluteUri.TrimEnd('/') + "/models")
            );
            if (target.Key is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Bearer",
                    target.Key.Reveal()
                );
            using var reply = await _http.SendAsync(request, cancellationToken);
            if (!reply.IsSuccessStatusCode)
                return null;
            var body = await reply.Content.ReadAsByteArrayAsync(cancellationToken);
            return Models(body) is { } models
                ? new DiscoveredServer(target.Name, target.BaseUrl, models)
                : null;
        }
        catch (Exception absent)
            when (absent is HttpRequestException or OperationCanceledException or FormatException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>The ids of an OpenAI-shaped list; null where it is none, since anything may listen on a port.</summary>
    private static List<string>? Models(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (
                json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("data"u8, out var data)
            )
                return null;
            // Ollama without a single model answers null.
            if (data.ValueKind == JsonValueKind.Null)
                return [];
            if (data.ValueKind != JsonValueKind.Array)
                return null;
            var models = new List<string>();
            foreach (var item in data.EnumerateArray().Take(MaxModels))
                if (
                    item.ValueKind == JsonValueKind.Object
                    && item.TryGetProperty("id"u8, out var id)
                    && id.ValueKind == JsonValueKind.String
                    && id.GetString() is { Length: > 0 and <= 256 } model
                )
                    models.Add(model);
            return models;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
