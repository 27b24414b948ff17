using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>
/// Writes <c>options</c>. Clients of other dialects who know whom they talk to may send Ollama's own fields (by <c>extra_body</c> and
/// the like): these are taken over, whatever dialect they came in.
/// </summary>
internal static class OllamaOptionsWriter
{
    /// <summary>Options of docs.ollama.com/modelfile and of the server's types (seen 2026-11) that no other API has.</summary>
    private static readonly string[] Own =
    [
        "min_p",
        "num_ctx",
        "num_keep",
        "num_batch",
        "num_gpu",
        "num_thread",
        "repeat_last_n",
        "repeat_penalty",
        "typical_p",
        "mirostat",
        "mirostat_eta",
        "mirostat_tau",
        "penalize_newline",
    ];

    public static void Write(Utf8JsonWriter json, ChatRequest request, Losses losses)
    {
        var options = new Writing(json);
        options.Write("temperature", request.Temperature);
        options.Write("top_p", request.TopP);
        options.Write("top_k", request.TopK);
        options.Write("num_predict", request.OutputLimit);
        options.Write("seed", request.Seed);
        options.Write("presence_penalty", request.PresencePenalty);
        options.Write("frequency_penalty", request.FrequencyPenalty);
        WriteStop(ref options, request);
        var foreign = new List<RawField>();
        foreach (var field in request.Raw)
        {
            if (field.Dialect == OllamaDialect.DialectName)
            {
                if (field.Parent == "options")
                    options.Write(field.Name.ToString(), field.Value);
            }
            else if (!TakeOver(ref options, field))
                foreign.Add(field);
        }
        options.End();
        foreach (var field in request.Raw)
        {
            if (IsKeepAlive(field))
                DialectJson.Write(json, "keep_alive"u8, field.Value);
        }
        DialectJson.NameLosses(foreign, OllamaDialect.DialectName, "", losses);
    }

    private static bool IsKeepAlive(RawField field) =>
        field.Dialect != OllamaDialect.DialectName
        && field.Parent is null
        && field.Name.Is("keep_alive"u8);

    private static bool TakeOver(ref Writing options, RawField field)
    {
        if (field.Parent is not null)
            return false;
        if (IsKeepAlive(field))
            return true;
        var name = field.Name.ToString();
        if (Array.IndexOf(Own, name) >= 0)
        {
            options.Write(name, field.Value);
            return true;
        }
        if (name != "options" || !field.Value.Utf8.Span.StartsWith("{"u8))
            return false;
        var members = new JsonWalk(field.Value.Utf8.Span);
        while (members.Next())
            options.Write(JsonUnescape.ToText(members.Name), new RawJson(members.Value.ToArray()));
        return true;
    }

    private static void WriteStop(ref Writing options, ChatRequest request)
    {
        if (request.Stop.Count == 0 || !options.Begin("stop"))
            return;
        if (request.IsBareStop)
        {
            request.Stop[0].WriteTo(options.Json);
            return;
        }
        options.Json.WriteStartArray();
        foreach (var stop in request.Stop)
            stop.WriteTo(options.Json);
        options.Json.WriteEndArray();
    }

    /// <summary>The object while it is written: begun with its first member, each member once.</summary>
    private struct Writing(Utf8JsonWriter json)
    {
        private readonly HashSet<string> _written = new(StringComparer.Ordinal);

        public readonly Utf8JsonWriter Json => json;

        public readonly bool Begin(string name)
        {
            if (!_written.Add(name))
                return false;
            if (_written.Count == 1)
                json.WriteStartObject("options"u8);
            json.WritePropertyName(System.Text.Encoding.UTF8.GetBytes(name));
            return true;
        }

        public readonly void Write(string name, double? value)
        {
            if (value is { } known && Begin(name))
                json.WriteNumberValue(known);
        }

        public readonly void Write(string name, long? value)
        {
            if (value is { } known && Begin(name))
                json.WriteNumberValue(known);
        }

        public readonly void Write(string name, RawJson value)
        {
            if (Begin(name))
                DialectJson.Write(json, value);
        }

        public readonly void End()
        {
            if (_written.Count > 0)
                json.WriteEndObject();
        }
    }
}
