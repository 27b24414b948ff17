using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Embeddings;
using Dragoman.Simulator.Journal;
using Dragoman.Simulator.Misbehaviour;
using Dragoman.Simulator.Replies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dragoman.Simulator;

/// <summary>Answers requests. It sits on the server directly: no middleware, no routing, no container, so it starts at once.</summary>
internal sealed class SimulatorApplication(
    SimulatorOptions options,
    RequestJournal journal,
    FaultBook faults,
    CancellationToken stopping
) : IHttpApplication<HttpContext>
{
    private const int KeptBody = 1024 * 1024;

    /// <summary>Known once the listener is bound.</summary>
    public int Port { get; set; }

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
            var reply = await PlanAsync(context.Request, request, cancel.Token);
            request.Status = reply.Pieces is [{ Kind: PieceKind.Hang or PieceKind.Reset }, ..]
                ? 0
                : reply.Status;
            await ReplyPlayer.PlayAsync(context, reply, options.TimeProvider, cancel.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            aborted = !stopping.IsCancellationRequested;
            context.Abort();
        }
        finally
        {
            journal.End(request, options.TimeProvider.GetUtcNow(), aborted);
        }
    }

    private RecordedRequest Record(HttpRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Headers)
            headers[name] = value.ToString();
        return new(
            request.Method,
            request.Path + request.QueryString,
            options.TimeProvider.GetUtcNow()
        )
        {
            Headers = headers,
        };
    }

    private async Task<Reply> PlanAsync(
        HttpRequest request,
        RecordedRequest record,
        CancellationToken cancel
    )
    {
        var body = await ReadAsync(request, cancel);
        record.BodyLength = body.Length;
        record.Body = body.Length <= KeptBody ? body : body[..KeptBody];

        if (options.ApiKeys is { } keys && !(record.ApiKey is { } key && keys.Contains(key)))
            return new ApiError(
                401,
                "The API key is missing or not known here.",
                Code: "invalid_api_key"
            ).ToReply();

        var path = request.Path.Value ?? "";
        if (path.StartsWith("/v1/", StringComparison.Ordinal))
            path = path[3..];
        if (HttpMethods.IsGet(request.Method) && path == "/models")
            return Reply.Whole(200, ModelList.All(options));
        if (
            HttpMethods.IsGet(request.Method)
            && path.StartsWith("/models/", StringComparison.Ordinal)
        )
            return Model(path["/models/".Length..], record);
        if (path is not ("/chat/completions" or "/embeddings"))
            return new ApiError(404, $"There is nothing at {request.Path}.").ToReply();
        return HttpMethods.IsPost(request.Method)
            ? Post(body, record, chat: path == "/chat/completions")
            : new ApiError(405, $"{request.Path} takes POST only.").ToReply();
    }

    private Reply Model(string name, RecordedRequest record)
    {
        var bare = SimulatedModel.BareName(name);
        journal.Named(record, bare);
        return SimulatedModel.Find(bare, options) is null
            ? Refusals.ModelNotFound(name).ToReply()
            : Reply.Whole(200, ModelList.One(bare));
    }

    private Reply Post(byte[] body, RecordedRequest record, bool chat)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Inference(document.RootElement, body, record, chat)
                : new ApiError(400, "The body must be a JSON object.").ToReply();
        }
        // Besides: half a surrogate pair in a string, a field of another type, a schema's bound beyond all numbers.
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or OverflowException)
        {
            return new ApiError(400, $"The body cannot be read: {e.Message}").ToReply();
        }
    }

    private Reply Inference(JsonElement root, byte[] body, RecordedRequest record, bool chat)
    {
        if (
            !root.TryGetProperty("model", out var named)
            || named.ValueKind != JsonValueKind.String
            || named.GetString() is not { Length: > 0 } name
        )
            return new ApiError(400, "The request must name a model.", Param: "model").ToReply();
        var bare = SimulatedModel.BareName(name);
        journal.Named(record, bare);
        if (SimulatedModel.Find(bare, options) is not { } model)
            return Refusals.ModelNotFound(name).ToReply();

        var fault = faults.Next(model, record.ApiKey, root);
        record.Fault = fault?.Name;
        var moment = new FaultMoment(
            options,
            Port,
            bare,
            root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
            root.TryGetProperty("stream_options", out _)
        );
        if (fault?.Instead?.Invoke(moment) is { } instead)
            return instead;
        return chat
            ? Chat(root, model, fault, moment, StableHash.Id(body))
            : Embed(root, model, fault, moment);
    }

    private static Reply Chat(
        JsonElement root,
        SimulatedModel model,
        Fault? fault,
        FaultMoment moment,
        string id
    )
    {
        if (model.Character == ModelCharacter.Embedding)
            return new ApiError(
                404,
                $"'{model.Name}' makes embeddings; it does not chat.",
                Param: "model"
            ).ToReply();
        return ChatCallReader.Read(root, out var error) is { } call
            ? ChatReplies.Plan(call, model, fault, moment, id)
            : error!.ToReply();
    }

    private static Reply Embed(
        JsonElement root,
        SimulatedModel model,
        Fault? fault,
        FaultMoment moment
    )
    {
        if (EmbeddingCall.Read(root, out var error) is not { } call)
            return error!.ToReply();
        var sound = Reply.Whole(
            200,
            EmbeddingWriter.Write(call, model.Name),
            moment.Options.FirstDelay * model.Slowness
        );
        return fault?.Plain is { } twist ? twist(sound, moment) : sound;
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
