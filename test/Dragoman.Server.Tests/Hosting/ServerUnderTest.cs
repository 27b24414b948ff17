using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Simulator;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Dragoman.Server.Tests.Hosting;

/// <summary>A real server on a free loopback port, with a database of its own and nothing of the machine's environment.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly string _folder;
    private readonly GatewayServer _server;

    private ServerUnderTest(string folder, GatewayServer server)
    {
        _folder = folder;
        _server = server;
        // A cookie is sent where a test says so, not because an answer before set it.
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = server.Address,
        };
    }

    public HttpClient Client { get; }

    public GatewayServer Server => _server;

    /// <summary>Folder of the configuration file and the database.</summary>
    public string Folder => _folder;

    /// <param name="key">The admin key; null leaves the server open.</param>
    /// <param name="config">Text of <c>dragoman.yaml</c>; null is no file.</param>
    /// <param name="configure">Changes to the options.</param>
    public static async Task<ServerUnderTest> StartAsync(
        string? key = null,
        string? config = null,
        Func<ServerOptions, ServerOptions>? configure = null
    )
    {
        var folder = Directory.CreateTempSubdirectory("dragoman-").FullName;
        if (config is not null)
            await File.WriteAllTextAsync(Path.Combine(folder, "dragoman.yaml"), config);
        var options = new ServerOptions
        {
            Port = 0,
            AdminKey = key is null ? null : new SecretText(key),
            WorkingDirectory = folder,
            LookForLocalServers = false,
            ProbeProviders = false,
            LogLevel = LogLevel.None,
            Environment = name => name == "DRAGOMAN_DATA" ? folder : null,
        };
        return new ServerUnderTest(
            folder,
            await GatewayServer.StartAsync(configure?.Invoke(options) ?? options)
        );
    }

    public Task<HttpResponseMessage> PostAsync(
        string path,
        string body,
        params (string Name, string Value)[] headers
    ) => SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, Json), headers);

    public Task<HttpResponseMessage> GetAsync(
        string path,
        params (string Name, string Value)[] headers
    ) => SendAsync(HttpMethod.Get, path, null, headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await Client.SendAsync(request);
    }

    /// <summary>Posts, and completes with the answer's headers: the body is the test's to read.</summary>
    public async Task<HttpResponseMessage> StreamAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, Json),
        };
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A configuration whose provider <c>sim</c> is a simulator.</summary>
    public static string ConfigOf(SimulatorHost simulator) =>
        $"providers: {{ sim: {{ dialect: openai, base_url: \"{simulator.BaseUrl}\", api_keys: [sk-upstream] }} }}";

    /// <summary>A connection on which a test writes what no client library would.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static readonly MediaTypeHeaderValue Json = new("application/json");
}

/// <summary>Reads answers as JSON.</summary>
internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;

    /// <summary>The error's code in OpenAI's shape.</summary>
    public static async Task<string?> ErrorCodeAsync(this HttpResponseMessage answer) =>
        (await answer.JsonAsync()).GetProperty("error").GetProperty("code").GetString();
}
