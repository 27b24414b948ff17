using System.Globalization;
using System.Text.Json;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Writes the list of models, a page at a time, and single ones (platform.claude.com/docs/en/api/models-list, seen 2026-11).</summary>
internal static class AnthropicModels
{
    private const int UsualPage = 20;
    private const int LargestPage = 1000;

    public static Reply List(Incoming request, SimulatorOptions options)
    {
        var names = SimulatedModel.Names(options, SimulatedDialect.AnthropicMessages).ToList();
        var from = request.Query["after_id"] is [{ } after, ..] ? names.IndexOf(after) + 1 : 0;
        var size = int.TryParse(request.Query["limit"], CultureInfo.InvariantCulture, out var limit)
            ? Math.Clamp(limit, 1, LargestPage)
            : UsualPage;
        var page = names.Skip(from).Take(size).ToList();
        return Reply.Whole(
            200,
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("data");
                foreach (var name in page)
                    Write(json, name);
                json.WriteEndArray();
                json.WriteBoolean("has_more", from + page.Count < names.Count);
                json.WriteString("first_id", page.FirstOrDefault());
                json.WriteString("last_id", page.LastOrDefault());
                json.WriteEndObject();
            })
        );
    }

    public static Reply One(SimulatedModel model) =>
        Reply.Whole(200, Json.Bytes(json => Write(json, model.Name)));

    private static void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("type", "model");
        json.WriteString("id", name);
        json.WriteString("display_name", "Simulated " + name);
        json.WriteString("created_at", "2026-01-01T00:00:00Z");
        json.WriteEndObject();
    }
}
