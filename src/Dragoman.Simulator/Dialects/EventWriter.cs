using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects;

/// <summary>Writes the events of one stream; knows how far it has come. One buffer and one JSON writer serve all events.</summary>
internal abstract class EventWriter(ReplyStyle style)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json = new(Stream.Null, Replies.Json.Writing);

    protected ReplyStyle Style { get; } = style;

    /// <summary>The bytes of an event, framing included; empty where this dialect has nothing to say.</summary>
    public ReadOnlyMemory<byte> Write(StreamEvent item)
    {
        if (item.Kind == EventKind.Raw)
            return item.Bytes;
        _buffer.ResetWrittenCount();
        Put(item);
        return _buffer.WrittenSpan.ToArray();
    }

    protected abstract void Put(StreamEvent item);

    protected void Put(string text) => Encoding.UTF8.GetBytes(text, _buffer);

    /// <summary>A JSON object; <paramref name="fields"/> writes what is in it.</summary>
    protected void PutObject<T>(T state, Action<Utf8JsonWriter, T> fields)
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();
        fields(_json, state);
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <summary>A server-sent event, with a name where there is one.</summary>
    protected void PutEvent<T>(string? name, T state, Action<Utf8JsonWriter, T> fields)
    {
        if (name is not null)
            Put($"event: {name}{Style.LineEnd}");
        Put(Style.DataPrefix);
        PutObject(state, fields);
        Put(Style.LineEnd);
        Put(Style.LineEnd);
    }

    /// <summary>The writer would replace half a surrogate pair, so text that holds one is escaped by hand.</summary>
    protected static void WriteText(Utf8JsonWriter json, string text)
    {
        if (text.Length == 0 || (!char.IsLowSurrogate(text[0]) && !char.IsHighSurrogate(text[^1])))
        {
            json.WriteStringValue(text);
            return;
        }
        var escaped = new StringBuilder("\"");
        foreach (var unit in text)
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        json.WriteRawValue(escaped.Append('"').ToString(), skipInputValidation: true);
    }
}
