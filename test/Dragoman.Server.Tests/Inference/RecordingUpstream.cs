using System.Text.RegularExpressions;
using Dragoman.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dragoman.Server.Tests.Inference;

/// <summary>A provider that answers with the recording whose id is the model's name: status, type and bytes as they were received.</summary>
internal sealed partial class RecordingUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, Recording> _recordings;
    private readonly int _pieces;

    private RecordingUpstream(WebApplication app, IEnumerable<Recording> recordings, int pieces)
    {
        _app = app;
        _recordings = recordings.ToDictionary(static recording => recording.Id);
        _pieces = pieces;
        app.Run(AnswerAsync);
    }

    public Uri Address =>
        new(
            _app.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.First()
        );

    /// <param name="recordings">What it can answer.</param>
    /// <param name="pieces">How many bytes of a stream it writes at a time.</param>
    public static async Task<RecordingUpstream> StartAsync(
        IEnumerable<Recording> recordings,
        int pieces
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new RecordingUpstream(app, recordings, pieces);
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var asked = ModelInPath().Match(context.Request.Path);
        if (!asked.Success)
            asked = ModelInBody().Match(body);
        var recording = _recordings[asked.Groups["model"].Value];
        context.Response.StatusCode = recording.Status;
        context.Response.ContentType =
            recording.Exchange["response"]!["headers"]?["content-type"]?.ToString()
            ?? (recording.IsStream ? "text/event-stream" : "application/json");
        var bytes = recording.Body;
        if (!recording.IsStream)
        {
            await context.Response.Body.WriteAsync(bytes);
            return;
        }
        for (var at = 0; at < bytes.Length; at += _pieces)
        {
            await context.Response.Body.WriteAsync(
                bytes.AsMemory(at, Math.Min(_pieces, bytes.Length - at))
            );
            await context.Response.Body.FlushAsync();
        }
    }

    [GeneratedRegex(
        "/models/(?<model>[^:/]+):",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ModelInPath();

    [GeneratedRegex(
        "\"model\":\"(?<model>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ModelInBody();
}
