using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server.Tests.Inference;

/// <summary>A provider on a loopback port that answers every call as a test says, and keeps what it was asked.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _requests = [];

    private ScriptedProvider(WebApplication app) => _app = app;

    /// <summary>One call: its path, headers and body.</summary>
    public sealed record Asked(string Path, IHeaderDictionary Headers, string Body);

    /// <summary>What it answers.</summary>
    public sealed record Answer(int Status, string ContentType, string Body)
    {
        public (string Name, string Value)[] Headers { get; init; } = [];

        /// <summary>What follows the body once <see cref="Until"/> has come.</summary>
        public string? Rest { get; init; }

        public Task Until { get; init; } = Task.CompletedTask;

        public static Answer Json(string body, int status = 200) =>
            new(status, "application/json", body);

        public static Answer Stream(string body) => new(200, "text/event-stream", body);
    }

    public Asked Last => _requests.Last();

    public int Count => _requests.Count;

    /// <summary>All that it was asked, in order.</summary>
    public IReadOnlyCollection<Asked> All => _requests;

    /// <summary>Its address with the path <c>/v1</c>.</summary>
    public string BaseUrl =>
        _app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single() + "/v1";

    public static async Task<ScriptedProvider> StartAsync(Func<Asked, Answer> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new ScriptedProvider(builder.Build());
        provider._app.Run(context => provider.AnswerAsync(context, answer));
        await provider._app.StartAsync();
        return provider;
    }

    public static Task<ScriptedProvider> StartAsync(Answer answer) => StartAsync(_ => answer);

    private async Task AnswerAsync(HttpContext context, Func<Asked, Answer> answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = new Asked(
            context.Request.Path,
            // The host uses its own again for the next request.
            new HeaderDictionary(context.Request.Headers.ToDictionary()),
            await reader.ReadToEndAsync()
        );
        _requests.Enqueue(asked);
        var said = answer(asked);
        context.Response.StatusCode = said.Status;
        context.Response.ContentType = said.ContentType;
        foreach (var (name, value) in said.Headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(said.Body);
        if (said.Rest is null)
            return;
        await context.Response.Body.FlushAsync();
        await said.Until;
        await context.Response.WriteAsync(said.Rest);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
