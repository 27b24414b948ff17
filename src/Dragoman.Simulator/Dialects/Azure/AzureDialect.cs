using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Dialects.OpenAI;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Azure;

/// <summary>OpenAI's chat completions as Azure serves them: with verdicts of its content filter and errors of its own.</summary>
internal sealed class AzureDialect : Dialect
{
    public static AzureDialect Instance { get; } = new();

    public override SimulatedDialect Kind => SimulatedDialect.AzureOpenAI;
    public override string IdPrefix => "chatcmpl-";

    public override Reply Refuse(ApiError error, params (string Name, string Value)[] headers) =>
        Reply.Whole(error.Status, Json.Bytes(json => WriteError(json, error))) with
        {
            Headers = headers,
        };

    public override byte[] Write(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        ChatWriter.Write(answer, call, style, azure: true);

    public override EventWriter Stream(ChatAnswer answer, ChatCall call, ReplyStyle style) =>
        new ChunkWriter(answer, call, style, azure: true);

    // The gate in front of the models puts a status as text into the code (recorded 2026); the models' own errors are OpenAI's.
    private static void WriteError(Utf8JsonWriter json, ApiError error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        switch (error)
        {
            case { Code: "content_filter" }:
                error.WriteFields(json);
                json.WriteNumber("status", error.Status);
                json.WriteStartObject("innererror");
                json.WriteString("code", "ResponsibleAIPolicyViolation");
                json.WriteStartObject("content_filter_result");
                json.WriteStartObject("violence");
                json.WriteBoolean("filtered", true);
                json.WriteString("severity", "high");
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case { Status: 404, Code: "model_not_found" }:
                json.WriteString("code", "DeploymentNotFound");
                json.WriteString(
                    "message",
                    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."
                );
                break;
            case { Status: 401 or 404 or 429 }:
                json.WriteString("code", error.Status.ToString(CultureInfo.InvariantCulture));
                json.WriteString("message", error.Message);
                break;
            default:
                error.WriteFields(json);
                break;
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
