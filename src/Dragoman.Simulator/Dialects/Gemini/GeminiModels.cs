using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Writes the list of models, a page at a time, and single ones.</summary>
internal static class GeminiModels
{
    // ai.google.dev/api/models, seen 2026-11.
    private const int UsualPage = 50;
    private const int LargestPage = 1000;

    public static Reply List(Incoming request, SimulatorOptions options)
    {
        var size = Number(request, "pageSize", UsualPage);
        var from = Number(request, "pageToken", 0);
        var names = SimulatedModel.Names(options, SimulatedDialect.Gemini).Skip(from).ToList();
        var page = names.Take(Math.Clamp(size, 1, LargestPage)).ToList();
        return Reply.Whole(
            200,
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("models");
                foreach (var name in page)
                    Write(json, name, name == "embed");
                json.WriteEndArray();
                if (page.Count < names.Count)
                    json.WriteString(
                        "nextPageToken",
                        (from + page.Count).ToString(CultureInfo.InvariantCulture)
                    );
                json.WriteEndObject();
            })
        );
    }

    public static Reply One(SimulatedModel model) =>
        Reply.Whole(
            200,
            Json.Bytes(json => Write(json, model.Name, model.Character == ModelCharacter.Embedding))
        );

    private static void Write(Utf8JsonWriter json, string name, bool embeds)
    {
        json.WriteStartObject();
        json.WriteString("name", "models/" + name);
        json.WriteString("version", "001");
        json.WriteString("displayName", "Simulated " + name);
        json.WriteString("description", "A simulated model.");
        json.WriteNumber("inputTokenLimit", 1_048_576);
        json.WriteNumber("outputTokenLimit", 65_536);
        json.WriteStartArray("supportedGenerationMethods");
        foreach (
            var method in embeds
                ? new[] { "embedContent", "batchEmbedContents", "countTokens" }
                : ["generateContent", "countTokens"]
        )
            json.WriteStringValue(method);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static int Number(Incoming request, string name, int absent) =>
        int.TryParse(request.Query[name], CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : absent;
}
