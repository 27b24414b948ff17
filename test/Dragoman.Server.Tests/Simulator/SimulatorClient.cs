using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Dragoman.Simulator;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>A bare HTTP client of a simulated provider: no redirects, no retries.</summary>
internal sealed class SimulatorClient(SimulatorHost host) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            // A response that is put away unread is otherwise drained for two seconds before its connection closes.
            ResponseDrainTimeout = TimeSpan.Zero,
        }
    );

    private readonly CancellationTokenSource _leaving = new();

    public Task<HttpResponseMessage> PostAsync(
        string path,
        string body,
        string? key = null,
        CancellationToken cancel = default
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, host.BaseUrl + path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    /// <summary>A call at any address; a null body makes it a GET.</summary>
    public async Task<WireAnswer> CallAsync(
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(
            body is null ? HttpMethod.Get : HttpMethod.Post,
            host.RootUrl + path
        );
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await WireAnswer.ReadAsync(_http, request, _leaving.Token);
    }

    public async Task<WireAnswer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, host.RootUrl + path);
        request.Content = content;
        return await WireAnswer.ReadAsync(_http, request, _leaving.Token);
    }

    /// <summary>A chat call with one message of the user; <paramref name="more"/> is added to the body's fields.</summary>
    public Task<HttpResponseMessage> ChatAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = "",
        CancellationToken cancel = default
    ) =>
        PostAsync(
            "/chat/completions",
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{prompt}}"}]{{more}}}""",
            cancel: cancel
        );

    public Task<HttpResponseMessage> StreamAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = "",
        CancellationToken cancel = default
    ) => ChatAsync(model, prompt, ",\"stream\":true" + more, cancel);

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(host.BaseUrl + path);

    public async Task<JsonNode> AnswerAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = ""
    )
    {
        using var response = await ChatAsync(model, prompt, more);
        var text = await response.Content.ReadAsStringAsync();
        return JsonNode.Parse(text)!;
    }

    public async Task<string> StreamTextAsync(
        string model,
        string prompt = "Tell me about cats",
        string more = ""
    )
    {
        using var response = await StreamAsync(model, prompt, more);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The data of each event but <c>[DONE]</c>, comments left out.</summary>
    public static IReadOnlyList<JsonNode> Chunks(string stream) =>
        [
            .. stream
                .ReplaceLineEndings("\n")
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Where(item => item.StartsWith("data:", StringComparison.Ordinal))
                .Select(item => item["data:".Length..].Trim())
                .Where(data => data != "[DONE]")
                .Select(data => JsonNode.Parse(data)!),
        ];

    /// <summary>What a field of the first choice's deltas adds up to.</summary>
    public static string Joined(IEnumerable<JsonNode> chunks, string field = "content") =>
        string.Concat(
            chunks
                .Select(chunk => chunk["choices"]!.AsArray())
                .Where(choices => choices.Count > 0)
                .Select(choices => choices[0]!["delta"]?[field]?.GetValue<string>())
        );

    /// <summary>Leaves: an answer that is being read is broken off, which disposing the client alone does not do.</summary>
    public void Dispose()
    {
        if (_leaving.IsCancellationRequested)
            return;
        _leaving.Cancel();
        _http.Dispose();
        _leaving.Dispose();
    }
}
