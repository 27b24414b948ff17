using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>
/// Walks the members of an object or the items of a list, one level at a time, over JSON that is known to be sound; anything else
/// has none. Allocates nothing.
/// </summary>
internal ref struct JsonWalk
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _hasMembers;
    private Utf8JsonReader _reader;
    private JsonTokenType _kind;

    public JsonWalk(ReadOnlySpan<byte> json)
    {
        _json = json;
        if (json.IsEmpty)
            return;
        _reader = new Utf8JsonReader(
            json,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        _reader.Read();
        _hasMembers = _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
    }

    /// <summary>What is walked is an object.</summary>
    public readonly bool IsOverObject =>
        _hasMembers && _json[(int)_reader.TokenStartIndex] == (byte)'{';

    /// <summary>Once <see cref="Next"/> has said no: nothing stands behind what was walked; what is no JSON throws as the reader does.</summary>
    public bool EndsWhole() => !_reader.Read();

    /// <summary>The member's name, escaped; empty for an item of a list.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The whole value as it came.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly bool IsText => _kind == JsonTokenType.String;
    public readonly bool IsNull => _kind == JsonTokenType.Null;
    public readonly bool IsObject => _kind == JsonTokenType.StartObject;
    public readonly bool IsList => _kind == JsonTokenType.StartArray;

    /// <summary>The string without its quotes, escaped.</summary>
    public readonly ReadOnlySpan<byte> Text => Value[1..^1];

    /// <summary>The value where it is a whole number; null otherwise.</summary>
    public readonly long? Integer =>
        _kind == JsonTokenType.Number && _reader.TryGetInt64(out var number) ? number : null;

    public readonly bool Is(ReadOnlySpan<byte> name) => JsonUnescape.AreEqual(Name, name);

    /// <summary>Steps to the next member or item.</summary>
    public bool Next()
    {
        if (!_hasMembers || !_reader.Read())
            return false;
        if (_reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            return false;
        if (_reader.TokenType == JsonTokenType.PropertyName)
        {
            Name = _reader.ValueSpan;
            _reader.Read();
        }
        var start = (int)_reader.TokenStartIndex;
        _kind = _reader.TokenType;
        _reader.Skip();
        Value = _json[start..(int)_reader.BytesConsumed];
        return true;
    }
}
