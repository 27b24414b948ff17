using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Misbehaviour;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Ollama's own addresses.</summary>
internal sealed class OllamaEndpoints(Simulation simulation) : Endpoints
{
    private const string Version = "0.12.6";

    public override bool Take(Incoming request) =>
        request.Path == "/" || request.Path.StartsWith("/api/", StringComparison.Ordinal);

    public override Dialect DialectOf(Incoming request) =>
        request.Path == "/api/generate" ? OllamaDialect.Generate : OllamaDialect.Chat;

    public override Reply Answer(Incoming request) =>
        (request.IsPost, request.Path) switch
        {
            (false, "/") => Reply.Whole(200, "Ollama is running"u8.ToArray()) with
            {
                ContentType = "text/plain; charset=utf-8",
            },
            (false, "/api/version") => Reply.Whole(
                200,
                Json.Bytes(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("version", Version);
                    json.WriteEndObject();
                })
            ),
            (false, "/api/tags") => Reply.Whole(200, OllamaModels.Tags(simulation.Options)),
            (false, "/api/ps") => Reply.Whole(
                200,
                OllamaModels.Running(simulation.Loaded.At(simulation.Now))
            ),
            (true, "/api/chat") => Ask(request, call => Chat(call, OllamaCallReader.Chat)),
            (true, "/api/generate") => Ask(request, call => Chat(call, OllamaCallReader.Generate)),
            (true, "/api/embed") => Ask(request, OllamaEmbeddings.Embed),
            (true, "/api/embeddings") => Ask(request, OllamaEmbeddings.One),
            (true, "/api/show") => simulation.WithBody(
                request,
                OllamaDialect.Chat,
                root => Show(request, root)
            ),
            _ => OllamaDialect.Chat.Refuse(new(404, "404 page not found")),
        };

    private Reply Ask(Incoming request, Func<Call, Reply> answer) =>
        simulation.WithBody(
            request,
            DialectOf(request),
            root =>
                simulation.Infer(
                    request,
                    new(
                        DialectOf(request),
                        OllamaModels.Untagged(root.Text("model")),
                        root,
                        root.Flag("stream") ?? true
                    ),
                    answer
                )
        );

    private Reply Chat(Call call, Func<JsonElement, ChatCall?> read)
    {
        if (call.Model.Character == ModelCharacter.Embedding)
            return call.Dialect.Refuse(new(400, $"\"{call.Model.Name}\" does not support chat"));
        var keep = KeepAlive.Of(call.Root);
        if (keep > TimeSpan.Zero)
            simulation.Loaded.Load(call.Model.Name, simulation.Now + keep);
        else
            simulation.Loaded.Unload(call.Model.Name);
        return read(call.Root) is { } asked
            ? ChatReplies.Plan(asked, call)
            : Loaded(call, keep > TimeSpan.Zero ? "load" : "unload");
    }

    private Reply Loaded(Call call, string reason) =>
        call.Whole(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteString("model", call.Model.Name);
                json.WriteString(
                    "created_at",
                    simulation.Now.ToString("o", CultureInfo.InvariantCulture)
                );
                if (call.Dialect == OllamaDialect.Generate)
                {
                    json.WriteString("response", "");
                }
                else
                {
                    json.WriteStartObject("message");
                    json.WriteString("role", "assistant");
                    json.WriteString("content", "");
                    json.WriteEndObject();
                }
                json.WriteString("done_reason", reason);
                json.WriteBoolean("done", true);
                json.WriteEndObject();
            })
        );

    private Reply Show(Incoming request, JsonElement root)
    {
        var name = OllamaModels.Untagged(root.Text("model") ?? root.Text("name")) ?? "";
        return simulation.Know(request, OllamaDialect.Chat, name) is { } model
            ? Reply.Whole(200, OllamaModels.Show(model))
            : OllamaDialect.Chat.Refuse(Refusals.ModelNotFound(name));
    }
}
