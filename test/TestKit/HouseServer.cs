using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Dragoman.TestKit;

/// <summary>A server in the house, as an Ollama or an LM Studio is one: it has models, which come and go, and answers what it is told to.</summary>
public sealed class HouseServer : IAsyncDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Body)> _asked = new();

    private HouseServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public string Address => _app.Urls.First();

    /// <summary>Items of the list of models, as JSON; may be replaced while it runs.</summary>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>The path of the list.</summary>
    public required string ListPath { get; init; }

    /// <summary>The member that holds the list.</summary>
    public required string ListMember { get; init; }

    /// <summary>Answers by path; one of several lines, or that ends in one, is a stream.</summary>
    public ConcurrentDictionary<string, (int Status, string Body)> Answers { get; } =
        new(StringComparer.Ordinal);

    /// <summary>Waited for before the list is answered.</summary>
    public Task BeforeList { get; set; } = Task.CompletedTask;

    /// <summary>Waited for behind the first line of a stream.</summary>
    public Task AfterFirstLine { get; set; } = Task.CompletedTask;

    /// <summary>What <c>/api/show</c> says of a model, by name.</summary>
    public ConcurrentDictionary<string, string> Descriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>The calls that came, in their order.</summary>
    public IReadOnlyList<(string Path, string Body)> Asked => [.. _asked];

    public static Task<HouseServer> OllamaAsync(params string[] models) =>
        OllamaAtAsync(AnyPort, models);

    /// <param name="address">Where it listens, e.g. where another one stopped.</param>
    /// <param name="models">Names of its models.</param>
    public static Task<HouseServer> OllamaAtAsync(string address, params string[] models) =>
        StartAsync(
            app => new HouseServer(app) { ListPath = "/api/tags", ListMember = "models" },
            [.. models.Select(static name => OllamaItem(name))],
            address
        );

    public static Task<HouseServer> LMStudioAsync(params string[] items) =>
        LMStudioAtAsync(AnyPort, items);

    public static Task<HouseServer> LMStudioAtAsync(string address, params string[] items) =>
        StartAsync(
            app => new HouseServer(app) { ListPath = "/api/v0/models", ListMember = "data" },
            items,
            address
        );

    public static Task<HouseServer> OpenAIAsync(params string[] models) =>
        StartAsync(
            app => new HouseServer(app) { ListPath = "/v1/models", ListMember = "data" },
            [.. models.Select(static id => $$"""{"id":"{{id}}"}""")]
        );

    /// <summary>A model as an Ollama lists it.</summary>
    public static string OllamaItem(string name, string digest = "d1", string family = "llama") =>
        $$$"""
            {"name":"{{{name}}}","model":"{{{name}}}","modified_at":"2026-11-01T10:00:00Z","size":42,"digest":"{{{digest}}}",
             "details":{"parent_model":"","format":"gguf","family":"{{{family}}}","families":["{{{family}}}"],"parameter_size":"8.0B","quantization_level":"Q4_K_M"}}
            """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<HouseServer> StartAsync(
        Func<WebApplication, HouseServer> make,
        IReadOnlyList<string> models,
        string address = AnyPort
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(address);
        var server = make(builder.Build());
        server.Models = models;
        await server._app.StartAsync();
        return server;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var (path, body) = (context.Request.Path.Value!, await reader.ReadToEndAsync());
        _asked.Enqueue((path, body));
        if (path == ListPath)
        {
            await BeforeList.WaitAsync(context.RequestAborted);
            await WriteAsync(
                context,
                200,
                $$"""{"{{ListMember}}":[{{string.Join(',', Models)}}]}"""
            );
        }
        else if (path == "/api/show")
            await ShowAsync(context, body);
        else if (Answers.TryGetValue(path, out var answer))
            await WriteAsync(context, answer.Status, answer.Body);
        else
            await WriteAsync(context, 404, """{"error":"page not found"}""");
    }

    private Task ShowAsync(HttpContext context, string body) =>
        Descriptions.TryGetValue(
            JsonNode.Parse(body)!["model"]!.GetValue<string>(),
            out var description
        )
            ? WriteAsync(context, 200, description)
            : WriteAsync(context, 404, """{"error":"model not found"}""");

    private async Task WriteAsync(HttpContext context, int status, string body)
    {
        var isLines = IsLines(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = isLines ? "application/x-ndjson" : "application/json";
        var first = isLines ? body.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body[..first]));
        await context.Response.Body.FlushAsync();
        if (isLines)
            await AfterFirstLine;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body[first..]));
    }

    private static bool IsLines(string body)
    {
        try
        {
            JsonDocument.Parse(body).Dispose();
            return body.EndsWith('\n');
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
