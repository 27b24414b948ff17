using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>
/// Walks a JSON body member by member, handing out slices of it. What has the wrong type is a fault (a client's request, which is
/// refused naming the field) or is carried raw (a provider's reply, which is taken as it is). After a fault every walk ends.
/// </summary>
internal ref struct JsonCursor
{
    /// <summary>As deep as the envelope goes; nothing here recurses with the depth.</summary>
    public const int MaxDepth = 512;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly bool _isLenient;
    private Utf8JsonReader _json;
    private Range _name;

    public JsonCursor(ReadOnlyMemory<byte> body, bool isLenient)
    {
        _body = body;
        _isLenient = isLenient;
        _json = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        _name = default;
    }

    /// <summary>What is wrong with the body; null while nothing is.</summary>
    public GatewayError? Fault { get; private set; }

    public readonly bool IsNull => _json.TokenType == JsonTokenType.Null;
    public readonly bool IsText => _json.TokenType == JsonTokenType.String;
    public readonly bool IsObject => _json.TokenType == JsonTokenType.StartObject;
    public readonly bool IsList => _json.TokenType == JsonTokenType.StartArray;
    public readonly bool IsNumber => _json.TokenType == JsonTokenType.Number;

    /// <summary>An empty list stands here.</summary>
    public readonly bool IsEmptyList
    {
        get
        {
            var ahead = _json;
            return IsList && ahead.Read() && ahead.TokenType == JsonTokenType.EndArray;
        }
    }

    /// <summary>Steps onto the body's one value.</summary>
    public void Enter() => _json.Read();

    /// <summary>Steps behind the body's one value, where nothing may follow.</summary>
    public void Leave()
    {
        if (Fault is null)
            _json.Read();
    }

    /// <summary>Steps onto the next member's value; false at the object's end. The value before must have been taken.</summary>
    public bool NextMember()
    {
        if (Fault is not null || !_json.Read() || _json.TokenType != JsonTokenType.PropertyName)
            return false;
        var start = (int)_json.TokenStartIndex + 1;
        _name = start..(start + _json.ValueSpan.Length);
        return _json.Read();
    }

    /// <summary>Steps onto the next item; false at the list's end. The item before must have been taken.</summary>
    public bool NextItem() =>
        Fault is null && _json.Read() && _json.TokenType != JsonTokenType.EndArray;

    /// <summary>Whether the member is called <paramref name="name"/>.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) =>
        JsonUnescape.AreEqual(_body.Span[_name], name);

    /// <summary>The member's name.</summary>
    public readonly JsonText Name => JsonText.FromEscaped(_body[_name]);

    /// <summary>Whether the value is the string <paramref name="text"/>.</summary>
    public readonly bool ValueIs(ReadOnlySpan<byte> text) =>
        IsText && JsonUnescape.AreEqual(_json.ValueSpan, text);

    /// <summary>Takes the value whole.</summary>
    public RawJson TakeJson()
    {
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        return new RawJson(_body[start..(int)_json.BytesConsumed]);
    }

    /// <summary>The value whole, without stepping over it.</summary>
    public readonly RawJson PeekJson()
    {
        var ahead = this;
        return ahead.TakeJson();
    }

    /// <summary>The body from an offset to the end of what was taken last.</summary>
    public readonly RawJson TakenSince(int offset) => new(_body[offset..(int)_json.BytesConsumed]);

    /// <summary>Takes the string that stands here.</summary>
    public readonly JsonText TakeText()
    {
        var start = (int)_json.TokenStartIndex + 1;
        return JsonText.FromEscaped(_body.Slice(start, _json.ValueSpan.Length));
    }

    /// <summary>Passes the value over.</summary>
    public void Skip() => _json.Skip();

    /// <summary>Takes the member as it is.</summary>
    /// <param name="raw">Where it goes.</param>
    /// <param name="isVital">See <see cref="RawField.IsVital"/>.</param>
    public void Carry(ref RawFields raw, bool isVital = false)
    {
        var name = Name;
        raw.Add(name, TakeJson(), isVital);
    }

    /// <summary>Takes a string; null where there is none.</summary>
    public JsonText? Text(ref RawFields raw)
    {
        if (IsText)
            return TakeText();
        Refuse(ref raw, "a string");
        return null;
    }

    public bool? Flag(ref RawFields raw)
    {
        if (_json.TokenType is JsonTokenType.True or JsonTokenType.False)
            return _json.TokenType == JsonTokenType.True;
        Refuse(ref raw, "true or false");
        return null;
    }

    public double? Number(ref RawFields raw)
    {
        if (IsNumber && _json.TryGetDouble(out var number) && double.IsFinite(number))
            return number;
        Refuse(ref raw, "a number");
        return null;
    }

    /// <summary>Takes a whole number, also one written as <c>100.0</c>.</summary>
    public long? Integer(ref RawFields raw, long least = long.MinValue, long most = long.MaxValue)
    {
        if (
            IsNumber
            && _json.TryGetDecimal(out var number)
            && decimal.IsInteger(number)
            && number >= least
            && number <= most
        )
            return (long)number;
        Refuse(
            ref raw,
            least == long.MinValue ? "a whole number" : $"a whole number of at least {least}"
        );
        return null;
    }

    public RawJson Object(ref RawFields raw)
    {
        if (IsObject)
            return TakeJson();
        Refuse(ref raw, "an object");
        return default;
    }

    /// <summary>The member's value cannot be used: a fault that says what is allowed, or, in a reply, carried raw.</summary>
    public void Refuse(ref RawFields raw, string allowed)
    {
        if (_isLenient)
            Carry(ref raw);
        else
            Fail(allowed);
    }

    /// <summary>The value, which is no member of its own, cannot be used: a fault, or, in a reply, passed over.</summary>
    public void RefuseItem(string allowed)
    {
        if (_isLenient)
            _json.Skip();
        else
            Fail(allowed);
    }

    /// <summary>Something that must be there is not; a reply is taken without it.</summary>
    /// <param name="member">The path of what is missing, below <paramref name="at"/>.</param>
    /// <param name="allowed">What it should be.</param>
    /// <param name="at">Offset of the object that lacks it.</param>
    public void Missing(string member, string allowed, int at)
    {
        if (!_isLenient && Fault is null)
            Fault = Invalid(
                JsonPath.Below(JsonPath.At(_body.Span, at), member),
                $"is missing: expected {allowed}"
            );
    }

    /// <summary>Where the current token begins.</summary>
    public readonly int Offset => (int)_json.TokenStartIndex;

    /// <summary>What is told of a body that is no JSON.</summary>
    public static GatewayError NotJson(JsonException cause) =>
        new(
            GatewayErrorKind.InvalidRequest,
            $"The body is not valid JSON: line {cause.LineNumber + 1}, byte {cause.BytePositionInLine + 1}."
        );

    private void Fail(string allowed)
    {
        if (Fault is not null)
            return;
        var path = JsonPath.At(_body.Span, Offset);
        Fault = Invalid(path, $"expected {allowed}, got {Found()}");
    }

    private static GatewayError Invalid(string path, string what) =>
        new(
            GatewayErrorKind.InvalidRequest,
            path.Length == 0 ? $"The body: {what}." : $"{path}: {what}."
        )
        {
            Param = path.Length == 0 ? null : path,
        };

    /// <summary>The value in few words. A short string is shown, since it is a mistyped word rather than a prompt.</summary>
    private readonly string Found() =>
        _json.TokenType switch
        {
            JsonTokenType.String when _json.ValueSpan.Length <= 40 =>
                $"'{JsonUnescape.ToText(_json.ValueSpan)}'",
            JsonTokenType.String => "a string",
            JsonTokenType.Number when _json.ValueSpan.Length <= 40 => JsonUnescape.ToText(
                _json.ValueSpan
            ),
            JsonTokenType.Number => "a number",
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => "null",
        };
}
