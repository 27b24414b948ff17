using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Anthropic's addresses. Its list of models is OpenAI's address; the header <c>anthropic-version</c> tells them apart.</summary>
internal sealed class AnthropicEndpoints(Simulation simulation) : Endpoints
{
    private const string Messages = "/v1/messages";
    private const string Count = Messages + "/count_tokens";
    private const string Models = "/v1/models";
    private const string Version = "anthropic-version";

    public override bool Take(Incoming request) =>
        request.Path is Messages or Count
        || (
            request.IsGet
            && request.Path.StartsWith(Models, StringComparison.Ordinal)
            && request.Header(Version) is not null
        );

    public override Dialect DialectOf(Incoming request) => AnthropicDialect.Instance;

    public override Reply Answer(Incoming request)
    {
        if (request.Header(Version) is null)
            return AnthropicDialect.Instance.Refuse(
                new(400, "anthropic-version: header is required")
            );
        if (request.IsGet && request.Path == Models)
            return List();
        if (request.IsGet && request.Path.StartsWith(Models + "/", StringComparison.Ordinal))
            return Model(request.Path[(Models.Length + 1)..], request);
        if (!request.IsPost)
            return AnthropicDialect.Instance.Refuse(new(405, "Method Not Allowed"));
        return simulation.WithBody(
            request,
            AnthropicDialect.Instance,
            root =>
                simulation.Infer(
                    request,
                    new(
                        AnthropicDialect.Instance,
                        root.Text("model"),
                        root,
                        root.Flag("stream") == true
                    ),
                    request.Path == Count ? CountTokens : Chat
                )
        );
    }

    /// <summary>Answers a Messages request, wherever its model was named.</summary>
    public static Reply Chat(Call call) =>
        call.Model.Character == ModelCharacter.Embedding
            ? call.Dialect.Refuse(new(404, $"model: {call.Model.Name}"))
        : MessageCallReader.Read(call.Root, counting: false, out var error) is { } read
            ? ChatReplies.Plan(read, call)
        : call.Dialect.Refuse(error!);

    public static Reply CountTokens(Call call) =>
        MessageCallReader.Read(call.Root, counting: true, out var error) is { } read
            ? call.Whole(
                Json.Bytes(json =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("input_tokens", read.Transcript.Tokens);
                    json.WriteEndObject();
                })
            )
            : call.Dialect.Refuse(error!);

    private Reply Model(string name, Incoming request) =>
        simulation.Know(request, AnthropicDialect.Instance, name) is { } model
            ? Reply.Whole(200, Json.Bytes(json => WriteModel(json, model.Name)))
            : AnthropicDialect.Instance.Refuse(new(404, $"model: {name}"));

    private Reply List()
    {
        var names = SimulatedModel
            .Names(simulation.Options, SimulatedDialect.AnthropicMessages)
            .ToList();
        return Reply.Whole(
            200,
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("data");
                foreach (var name in names)
                    WriteModel(json, name);
                json.WriteEndArray();
                json.WriteBoolean("has_more", false);
                json.WriteString("first_id", names[0]);
                json.WriteString("last_id", names[^1]);
                json.WriteEndObject();
            })
        );
    }

    private static void WriteModel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("type", "model");
        json.WriteString("id", name);
        json.WriteString(
            "display_name",
            "Simulated " + CultureInfo.InvariantCulture.TextInfo.ToTitleCase(name)
        );
        json.WriteString("created_at", "2026-01-01T00:00:00Z");
        json.WriteEndObject();
    }
}
