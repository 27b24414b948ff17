using System.Buffers.Text;
using System.Text.Json;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>One event of a stream, looked through once: a view into the bytes it was read from.</summary>
internal ref struct ResponsesEvent
{
    /// <summary>The escaped type.</summary>
    public ReadOnlySpan<byte> Type { get; private set; }

    /// <summary>The escaped text of a delta.</summary>
    public ReadOnlySpan<byte> Delta { get; private set; }

    /// <summary>The escaped text that a done event tells whole, whatever it is called.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }
    public ReadOnlySpan<byte> Response { get; private set; }
    public ReadOnlySpan<byte> Item { get; private set; }
    public ReadOnlySpan<byte> Annotation { get; private set; }
    public ReadOnlySpan<byte> LogProbs { get; private set; }

    /// <summary>Which item; -1 where that is not said.</summary>
    public int OutputIndex { get; private set; }

    /// <summary>Which part of the item's content or summary.</summary>
    public int PartIndex { get; private set; }

    /// <summary>Looks through an event's data; false where it is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ResponsesEvent read)
    {
        read = default;
        try
        {
            var json = new Utf8JsonReader(
                data,
                new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
            );
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return false;
            var found = new ResponsesEvent { OutputIndex = -1 };
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.ValueSpan;
                json.Read();
                var start = (int)json.TokenStartIndex;
                var kind = json.TokenType;
                json.Skip();
                found.Note(name, kind, data[start..(int)json.BytesConsumed]);
            }
            json.Read(); // Throws where something follows the object.
            read = found;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Note(ReadOnlySpan<byte> name, JsonTokenType kind, ReadOnlySpan<byte> value)
    {
        if (kind is JsonTokenType.String)
            NoteText(name, value[1..^1]);
        else if (kind is JsonTokenType.Number)
        {
            if (
                !Utf8Parser.TryParse(value, out int number, out var length)
                || length < value.Length
            )
                return;
            if (name.SequenceEqual("output_index"u8))
                OutputIndex = number;
            else if (name.SequenceEqual("content_index"u8) || name.SequenceEqual("summary_index"u8))
                PartIndex = number;
        }
        else if (name.SequenceEqual("response"u8))
            Response = value;
        else if (name.SequenceEqual("item"u8))
            Item = value;
        else if (name.SequenceEqual("annotation"u8))
            Annotation = value;
        else if (name.SequenceEqual("logprobs"u8) && value.Length > 2)
            LogProbs = value;
    }

    private void NoteText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (name.SequenceEqual("type"u8))
            Type = text;
        else if (name.SequenceEqual("delta"u8))
            Delta = text;
        else if (IsWhole(name))
            Whole = text;
    }

    private static bool IsWhole(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("text"u8)
        || name.SequenceEqual("arguments"u8)
        || name.SequenceEqual("input"u8)
        || name.SequenceEqual("refusal"u8);
}
