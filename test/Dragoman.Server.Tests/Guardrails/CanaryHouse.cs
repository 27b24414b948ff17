using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dragoman.Server.Hosting;
using Dragoman.Server.Tests.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Server.Tests.Inference;
using Shouldly;

namespace Dragoman.Server.Tests.Guardrails;

/// <summary>
/// A server as a process of its own, logging all it can, with marked secrets; a provider that quotes what it gets; and a collector of
/// traces and metrics.
/// </summary>
internal sealed partial class CanaryHouse : IAsyncDisposable
{
    private const string Prompt = "canaryprompt-zq81-tells-its-marked-story";
    private const string AdminKey = "canary-admin-key-0b7c51d2e9f84a63";
    private const string ProviderKey = "sk-canary-provider-4f1e8a2b6c9d7035";
    private const string MasterKey = "canary master passphrase: quartz vyfj 8153 nymph blow";
    private const string WebhookSecret = "canary-webhook-secret-5e0d9b3a7f24c618";
    private const string WrongKey = "sk-dm-canarywrong9c2f7b1e5d8a4603f1b7c2e9";

    private readonly string _folder = Directory.CreateTempSubdirectory("dragoman-canary-").FullName;
    private readonly StringBuilder _log = new();
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly List<CanaryMarker> _markers =
    [
        new("the prompt", Prompt) { IsSentUpstream = true },
        new("the provider's key", ProviderKey) { IsSentUpstream = true },
        new("the admin key", AdminKey),
        new("the master key", MasterKey),
        new("a wrong key", WrongKey),
        new("the webhook's secret", WebhookSecret),
    ];
    private readonly HttpClient _client;
    private readonly Dictionary<string, string> _environment;
    private Process _server = null!;
    private ScriptedProvider _collector = null!;

    private CanaryHouse(int port)
    {
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DRAGOMAN_DATA"] = _folder,
            ["DRAGOMAN_CONFIG"] = Path.Combine(_folder, "dragoman.yaml"),
            ["DRAGOMAN_ADMIN_KEY"] = AdminKey,
            ["DRAGOMAN_MASTER_KEY"] = MasterKey,
            ["DRAGOMAN_LOG_LEVEL"] = "Trace",
            ["DRAGOMAN_LOG_REQUESTS"] = "1",
            ["DRAGOMAN_URL"] = _client.BaseAddress.ToString(),
            ["DRAGOMAN_API_KEY"] = AdminKey,
            ["OLLAMA_BASE_URL"] = "http://127.0.0.1:1",
            ["LMSTUDIO_BASE_URL"] = "http://127.0.0.1:1",
            ["CANARY_PROVIDER_KEY"] = ProviderKey,
        };
    }

    public ScriptedProvider Provider { get; private set; } = null!;

    /// <summary>What must not be found; keys that are made on the way join them.</summary>
    public IReadOnlyList<CanaryMarker> Markers => _markers;

    /// <summary>Which of them a provider got.</summary>
    public IReadOnlyCollection<string> SeenUpstream => [.. _seen.Keys];

    public static async Task<CanaryHouse> StartAsync(bool jsonLog)
    {
        var port = FreePort.Take();
        var house = new CanaryHouse(port);
        house.Provider = await ScriptedProvider.StartAsync(house.Answer);
        house._collector = await ScriptedProvider.StartAsync(ScriptedProvider.Answer.Json("{}"));
        house._environment["DRAGOMAN_LOG_FORMAT"] = jsonLog ? "json" : "plain";
        house._environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = house._collector.BaseUrl[..^3];
        house._environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        house._environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        house._environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        await File.WriteAllTextAsync(house._environment["DRAGOMAN_CONFIG"], Config(house.Provider));
        house._server = CliProcess.Start(house._environment, "serve", "--port", $"{port}");
        house._server.OutputDataReceived += house.Note;
        house._server.ErrorDataReceived += house.Note;
        house._server.BeginOutputReadLine();
        house._server.BeginErrorReadLine();
        await house.UntilReadyAsync();
        return house;
    }

    /// <summary>Everything that is mapped is asked: rightly, with a wrong key, and with a body that is none.</summary>
    public async Task DriveAsync(IReadOnlyList<EndpointRow> rows)
    {
        await SignInAsync(await MakeKeyAsync());
        foreach (var row in rows)
        foreach (
            var method in row.Method == "*" ? ["GET", "POST", "DELETE"] : (string[])[row.Method]
        )
        {
            var path = Named(row.Pattern);
            await SendAsync(method, path, BodyOf(path, "ok", stream: false));
            await SendAsync(method, path, BodyOf(path, "ok", stream: false), key: WrongKey);
            await SendAsync(
                method,
                path,
                "{\"model\":\"ok\",\"messages\":[{\"role\":\"user\",\"content\":\"" + Prompt
            );
            await SendAsync(method, path + "?key=" + WrongKey, null, key: null);
        }
        foreach (var path in Asking)
        foreach (var model in Models)
        foreach (var stream in (bool[])[false, true])
            await SendAsync(
                "POST",
                path.Replace("MODEL", model, StringComparison.Ordinal),
                BodyOf(path, model, stream)
            );
    }

    /// <summary>Everything that was logged so far.</summary>
    public Task<IReadOnlyList<string>> LogAsync()
    {
        lock (_log)
            return Task.FromResult<IReadOnlyList<string>>([_log.ToString()]);
    }

    public async Task<IReadOnlyList<string>> ExportedAsync()
    {
        for (var i = 0; i < 100 && _collector.Count < 2; i++)
            await Task.Delay(100);
        return _collector.All.Select(static asked => asked.Body).ToList();
    }

    public async Task<IReadOnlyList<string>> PagesAsync(params string[] paths)
    {
        var pages = new List<string>();
        foreach (var path in paths)
            pages.Add(await SendAsync("GET", path, null));
        return pages;
    }

    public async Task<IReadOnlyList<string>> RecordsAsync()
    {
        var list = await SendAsync("GET", "/api/llm/requests?limit=500", null);
        var pages = new List<string> { list };
        using var json = JsonDocument.Parse(list);
        foreach (var record in json.RootElement.GetProperty("requests").EnumerateArray())
            pages.Add(
                await SendAsync("GET", "/api/llm/requests/" + record.GetProperty("id"), null)
            );
        pages.Count.ShouldBeGreaterThan(40);
        return pages;
    }

    public async Task<IReadOnlyList<string>> CommandAsync(params string[] args)
    {
        using var ran = CliProcess.Start(_environment, args);
        var (output, error) = (
            ran.StandardOutput.ReadToEndAsync(),
            ran.StandardError.ReadToEndAsync()
        );
        ran.StandardInput.Close();
        await ran.WaitForExitAsync();
        return [await output, await error];
    }

    /// <summary>The files that the server keeps, the configuration excepted, which holds what its author wrote.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync()
    {
        var texts = new List<string>();
        foreach (var file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))
        {
            if (file == _environment["DRAGOMAN_CONFIG"])
                continue;
            await using var open = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite
            );
            using var bytes = new MemoryStream();
            await open.CopyToAsync(bytes);
            texts.Add(Encoding.Latin1.GetString(bytes.ToArray()));
        }
        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _client.Dispose();
        await Provider.DisposeAsync();
        await _collector.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>How a model behaves; each quotes what it gets wherever it can.</summary>
    private static readonly string[] Models =
    [
        "ok",
        "quotes-400",
        "quotes-401",
        "quotes-500",
        "quotes-in-200",
        "breaks-off",
        "stalls",
    ];

    /// <summary>The addresses that ask models, in every dialect.</summary>
    private static readonly string[] Asking =
    [
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/messages",
        "/v1beta/models/MODEL:generateContent",
        "/v1beta/models/MODEL:streamGenerateContent?alt=sse",
        "/api/chat",
        "/api/generate",
        "/api/llm/query",
        "/v1/embeddings",
        "/api/llm/compare",
    ];

    /// <summary>An account for each model: what one of them does to its key is nothing to the others.</summary>
    private static string Config(ScriptedProvider provider) =>
        $$"""
            defaults: { fallback: false }
            alerts: { webhook: { url: "{{provider.BaseUrl}}/hook", secret: {{WebhookSecret}} } }
            providers:
            {{Lines(
                model =>
                    $"  sim-{model}: {{ dialect: openai, base_url: \"{provider.BaseUrl}\", api_keys: [\"${{CANARY_PROVIDER_KEY}}\"] }}"
            )}}
            models:
            {{Lines(static model =>
                $"  - {{ name: {model}, provider: sim-{model}, model: {model}, timeout: 0.5 }}"
            )}}
            guardrails:
              noted: { on: both, detect: { personal: flag, secrets: flag }, injection: { action: flag } }
            """;

    private static string Lines(Func<string, string> line) =>
        string.Join('\n', Models.Select(line));

    /// <summary>A body for an address, with the marked prompt in it.</summary>
    private static string BodyOf(string path, string model, bool stream)
    {
        var streamed = stream ? "true" : "false";
        return path switch
        {
            _ when path.StartsWith("/v1/responses", StringComparison.Ordinal) =>
                $$"""{"model":"{{model}}","store":false,"stream":{{streamed}},"input":"{{Prompt}}"}""",
            _ when path.StartsWith("/v1beta", StringComparison.Ordinal) =>
                $$"""{"contents":[{"role":"user","parts":[{"text":"{{Prompt}}"}]}]}""",
            "/v1/embeddings" or "/api/embed" => $$"""{"model":"{{model}}","input":"{{Prompt}}"}""",
            "/api/generate" or "/api/embeddings" =>
                $$"""{"model":"{{model}}","stream":{{streamed}},"prompt":"{{Prompt}}"}""",
            "/api/llm/compare" => $$"""{"models":["{{model}}"],"prompt":"{{Prompt}}"}""",
            "/api/llm/recommend" => $$"""{"task_description":"{{Prompt}}"}""",
            "/api/llm/classify" => $$"""{"prompt":"{{Prompt}}"}""",
            _ when path.StartsWith("/api/llm", StringComparison.Ordinal) =>
                $$"""{"model":"{{model}}","stream":{{streamed}},"prompt":"{{Prompt}}"}""",
            // What is entered there is kept, since that is what it is for.
            _ when path.StartsWith("/api/admin", StringComparison.Ordinal) => "{}",
            _ =>
                $$"""{"model":"{{model}}","max_tokens":64,"stream":{{streamed}},"messages":[{"role":"user","content":"{{Prompt}}"}]}""",
        };
    }

    private static string Named(string pattern) =>
        Parameter()
            .Replace(
                pattern,
                static match =>
                    match.Value.Contains("rest", StringComparison.Ordinal) ? "ok" : "canary"
            );

    private ScriptedProvider.Answer Answer(ScriptedProvider.Asked asked)
    {
        var key = asked.Headers.Authorization.ToString();
        foreach (var marker in _markers)
            if (
                asked.Body.Contains(marker.Text, StringComparison.Ordinal)
                || key.Contains(marker.Text, StringComparison.Ordinal)
            )
                _seen[marker.Name] = true;
        var quote = $"Cannot serve '{Prompt}' to {key}.";
        var told = JsonSerializer.Serialize(quote);
        var error = $$$"""{"error":{"message":{{{told}}},"type":"server_error","code":null}}""";
        var isStream = ScriptedAnswers.IsStream(asked);
        var model = ModelIn().Match(asked.Body).Groups["model"].Value;
        return model switch
        {
            "quotes-400" => ScriptedProvider.Answer.Json(error, 400),
            "quotes-401" => ScriptedProvider.Answer.Json(error, 401),
            "quotes-500" => ScriptedProvider.Answer.Json(error, 500),
            "quotes-in-200" => isStream
                ? ScriptedProvider.Answer.Stream($"data: {error}\n\n")
                : ScriptedProvider.Answer.Json(error),
            "breaks-off" => isStream
                ? ScriptedProvider.Answer.Stream(
                    ScriptedAnswers.Pieces(quote) + $"data: {error}\n\n"
                )
                : new ScriptedProvider.Answer(200, "text/html", $"<p>{quote}"),
            "stalls" => ScriptedProvider.Answer.Stream(ScriptedAnswers.Pieces(Prompt)) with
            {
                Rest = "",
                Until = Task.Delay(TimeSpan.FromSeconds(1.5)),
            },
            _ when asked.Path.EndsWith("/embeddings", StringComparison.Ordinal) =>
                ScriptedProvider.Answer.Json(
                    """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}"""
                ),
            _ => ScriptedAnswers.Saying("You said: " + Prompt, isStream),
        };
    }

    private async Task<string> MakeKeyAsync()
    {
        var made = await SendAsync("POST", "/api/admin/keys", """{"name":"canary"}""");
        var secret = OwnKey().Match(made).Value;
        secret.ShouldNotBeEmpty(made);
        _markers.Add(new CanaryMarker("a virtual key", secret));
        await SendAsync("POST", "/v1/chat/completions", BodyOf("", "ok", stream: false), secret);
        await SendAsync(
            "POST",
            "/v1/chat/completions?key=" + secret,
            BodyOf("", "ok", stream: true),
            key: null
        );
        await SendAsync("GET", "/api/llm/requests?key=" + secret, null, key: null);
        return secret;
    }

    /// <summary>A session, which is a secret as a key is one.</summary>
    private async Task SignInAsync(string key)
    {
        using var answer = await _client.PostAsync(
            "/api/sessions",
            new StringContent($$"""{"key":"{{key}}"}""", Encoding.UTF8, "application/json")
        );
        answer
            .Headers.TryGetValues("Set-Cookie", out var cookies)
            .ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        var cookie = cookies!.First(static cookie =>
            cookie.Contains("session", StringComparison.Ordinal)
        );
        var value = cookie.Split('=', 2)[1].Split(';')[0];
        value.Length.ShouldBeGreaterThan(20);
        _markers.Add(new CanaryMarker("a session's cookie", value));
        foreach (var path in (string[])["/api/sessions/current", "/api/llm/requests"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
            using var read = await _client.SendAsync(request);
            read.IsSuccessStatusCode.ShouldBeTrue(path);
        }
    }

    private async Task<string> SendAsync(
        string method,
        string path,
        string? body,
        string? key = AdminKey
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null && method != "GET")
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var answer = await _client.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException)
        {
            // Broken off, as a stream that failed is.
            return "";
        }
    }

    private async Task UntilReadyAsync()
    {
        for (var i = 0; i < 600; i++)
        {
            if (_server.HasExited)
                throw new InvalidOperationException((await LogAsync())[0]);
            try
            {
                using var answer = await _client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
        throw new TimeoutException((await LogAsync())[0]);
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
            _log.AppendLine(line.Data);
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("\"model\":\"(?<model>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ModelIn();

    [GeneratedRegex("sk-dm-[A-Za-z0-9_-]+", RegexOptions.None, 1000)]
    private static partial Regex OwnKey();
}
