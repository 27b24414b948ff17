using Dragoman.Simulator.Dialects;
using Dragoman.Simulator.Dialects.Anthropic;
using Dragoman.Simulator.Dialects.Azure;
using Dragoman.Simulator.Dialects.Gemini;
using Dragoman.Simulator.Dialects.Ollama;
using Dragoman.Simulator.Dialects.OpenAI;
using Dragoman.Simulator.Dialects.Responses;
using Dragoman.Simulator.Dialects.Vertex;
using Dragoman.Simulator.Journal;
using Dragoman.Simulator.Replies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dragoman.Simulator;

/// <summary>Answers requests. It sits on the server directly: no middleware, no routing, no container, so it starts at once.</summary>
internal sealed class SimulatorApplication(
    Simulation simulation,
    RequestJournal journal,
    CancellationToken stopping
) : IHttpApplication<HttpContext>
{
    private const int KeptBody = 1024 * 1024;

    /// <summary>In the order in which they are asked; the last takes what is left.</summary>
    private readonly Endpoints[] _endpoints =
    [
        new TokenEndpoint(simulation),
        new VertexEndpoints(simulation),
        new GeminiEndpoints(simulation),
        new AnthropicEndpoints(simulation),
        new ResponsesEndpoints(simulation),
        new OllamaEndpoints(simulation),
        new AzureEndpoints(simulation),
        new OpenAIEndpoints(simulation),
    ];

    public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var request = Record(context.Request);
        journal.Begin(request);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            stopping
        );
        var aborted = false;
        try
        {
            var planned = await PlanAsync(context.Request, request, cancel.Token);
            var reply = simulation.Beside(request.Model, planned);
            request.Status = reply.Pieces is [{ Kind: PieceKind.Hang or PieceKind.Reset }, ..]
                ? 0
                : reply.Status;
            await ReplyPlayer.PlayAsync(
                context,
                reply,
                simulation.Options.TimeProvider,
                cancel.Token
            );
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            aborted = !stopping.IsCancellationRequested;
            context.Abort();
        }
        finally
        {
            journal.End(request, simulation.Now, aborted);
        }
    }

    private RecordedRequest Record(HttpRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Headers)
            headers[name] = value.ToString();
        return new(request.Method, request.Path + request.QueryString, simulation.Now)
        {
            Headers = headers,
        };
    }

    private async Task<Reply> PlanAsync(
        HttpRequest http,
        RecordedRequest record,
        CancellationToken cancel
    )
    {
        var body = await ReadAsync(http, cancel);
        record.BodyLength = body.Length;
        record.Body = body.Length <= KeptBody ? body : body[..KeptBody];

        var request = new Incoming(http.Method, http.Path.Value ?? "", http.Query, body, record);
        foreach (var endpoints in _endpoints)
        {
            if (!endpoints.Take(request))
                continue;
            record.Dialect = endpoints.DialectOf(request).Kind;
            return endpoints.LetsIn(request, simulation)
                ? endpoints.Answer(request)
                : endpoints.WrongKey(request);
        }
        throw new InvalidOperationException("OpenAI's addresses take every request");
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength is { } length)
        {
            var body = new byte[length];
            await request.Body.ReadExactlyAsync(body, cancel);
            return body;
        }
        using var unknown = new MemoryStream();
        await request.Body.CopyToAsync(unknown, cancel);
        return unknown.ToArray();
    }
}
