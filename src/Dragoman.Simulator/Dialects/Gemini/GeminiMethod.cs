using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>What a path says after <c>models/</c>: the model, the method behind the colon, and how the answer is to be framed.</summary>
internal sealed record GeminiMethod(string Model, string Method, GeminiDialect Dialect)
{
    private const string Models = "/models/";

    public static GeminiMethod Of(Incoming request)
    {
        var at = request.Path.IndexOf(Models, StringComparison.Ordinal);
        var rest = at < 0 ? "" : request.Path[(at + Models.Length)..];
        var colon = rest.LastIndexOf(':');
        var method = colon < 0 ? "" : rest[(colon + 1)..];
        var dialect =
            method != "streamGenerateContent" ? GeminiDialect.Plain
            : request.Query["alt"] == "sse" ? GeminiDialect.Events
            : GeminiDialect.Array;
        return new(colon < 0 ? rest : rest[..colon], method, dialect);
    }

    public Reply Answer(Incoming request, Simulation simulation)
    {
        Func<Call, Reply>? answer = Method switch
        {
            "generateContent" => call => Chat(call, stream: false),
            "streamGenerateContent" => call => Chat(call, stream: true),
            "countTokens" => CountTokens,
            "embedContent" => GeminiEmbeddings.One,
            "batchEmbedContents" => GeminiEmbeddings.Batch,
            "predict" => GeminiEmbeddings.Predict,
            _ => null,
        };
        if (answer is null || !request.IsPost)
            return Dialect.Refuse(new(404, $"There is nothing at {request.Path}."));
        return simulation.WithBody(
            request,
            Dialect,
            root =>
                simulation.Infer(
                    request,
                    new(Dialect, Model, root, Method == "streamGenerateContent"),
                    answer
                )
        );
    }

    private static Reply Chat(Call call, bool stream) =>
        call.Model.Character == ModelCharacter.Embedding
            ? call.Dialect.Refuse(
                new(404, $"models/{call.Model.Name} is not supported for generateContent.")
            )
        : GeminiCallReader.Read(call.Root, stream, out var error) is { } read
            ? ChatReplies.Plan(read, call)
        : call.Dialect.Refuse(error!);

    private static Reply CountTokens(Call call)
    {
        var inner = call.Root.Either("generateContentRequest");
        var root = inner.ValueKind == JsonValueKind.Object ? inner : call.Root;
        if (ContentsReader.Read(root, out var mistake) is not { } transcript)
            return call.Dialect.Refuse(new(400, mistake!));
        return call.Whole(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("totalTokens", transcript.Tokens);
                json.WriteStartArray("promptTokensDetails");
                json.WriteStartObject();
                json.WriteString("modality", "TEXT");
                json.WriteNumber("tokenCount", transcript.Tokens);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            })
        );
    }
}
