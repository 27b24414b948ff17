using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration.Stored;

/// <summary>JSON as the file's readers see it, and back.</summary>
internal static partial class JsonNodes
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Pieces of a text that stands in no file, and so on no line.</summary>
    public static ConfigNode Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    public static ConfigNode Of(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var entries = new List<ConfigEntry>();
                foreach (var member in value.EnumerateObject())
                    entries.Add(new ConfigEntry(member.Name, 0, Of(member.Value)));
                return Map(entries);
            case JsonValueKind.Array:
                var items = value.EnumerateArray().Select(Of).ToList();
                return new ConfigList(0, 1 + items.Sum(static item => item.Weight), items);
            case JsonValueKind.String:
                return new ConfigScalar(0, value.GetString()!, IsPlain: false);
            default:
                return new ConfigScalar(0, value.GetRawText(), IsPlain: true);
        }
    }

    public static ConfigMap Map(IReadOnlyList<ConfigEntry> entries) =>
        new(0, 1 + entries.Sum(static entry => 1 + entry.Value.Weight), entries);

    public static string ToJson(ConfigNode node) => ToJson(json => Write(json, node));

    public static string ToJson(Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Readable))
            write(json);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public static void Write(Utf8JsonWriter json, ConfigNode node)
    {
        switch (node)
        {
            case ConfigMap map:
                json.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }
                json.WriteEndObject();
                break;
            case ConfigList list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case ConfigScalar { IsNull: true }:
                json.WriteNullValue();
                break;
            case ConfigScalar scalar:
                WritePlain(json, scalar);
                break;
        }
    }

    /// <summary>The readers take a plain word for a flag or number where they expect one: so does whoever reads the JSON.</summary>
    private static void WritePlain(Utf8JsonWriter json, ConfigScalar scalar)
    {
        if (scalar is { IsPlain: true, Text: "true" or "True" or "TRUE" })
            json.WriteBooleanValue(true);
        else if (scalar is { IsPlain: true, Text: "false" or "False" or "FALSE" })
            json.WriteBooleanValue(false);
        else if (scalar.IsPlain && Number().IsMatch(scalar.Text))
            json.WriteRawValue(scalar.Text);
        else if (
            scalar is { IsPlain: true, Text: ['.' or '+' or '-', ..] }
            && decimal.TryParse(
                scalar.Text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(scalar.Text);
    }

    /// <summary>A number as JSON has it. 007 is none: it may be the end of a key.</summary>
    [GeneratedRegex(
        "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Number();
}
