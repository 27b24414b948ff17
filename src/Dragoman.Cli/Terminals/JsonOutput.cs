using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dragoman.Cli.Terminals;

/// <summary>Writes one JSON document and nothing else: on lines of its own for people, on one line for programs.</summary>
internal static class JsonOutput
{
    public static void Json<T>(this Terminal terminal, T value, JsonTypeInfo<T> type)
    {
        using var written = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = terminal.IsOutShown,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(written, options))
            JsonSerializer.Serialize(json, value, type);
        terminal.Out.WriteLine(
            Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length)
        );
    }
}
