using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Reads what providers of this dialect send as errors, in whatever shape they send it; it never throws.</summary>
/// <remarks>
/// Shapes seen in recorded traffic (2024–2026): OpenAI <c>{"error":{…}}</c>, xAI <c>{"code","error":"text"}</c>, Mistral
/// <c>{"detail":…}</c> and <c>{"message","type","code"}</c>, Google's array of <c>{"error":{…,"details":[RetryInfo]}}</c>, HTML.
/// </remarks>
internal ref struct OpenAIErrorReader
{
    private const int LongestPlainMessage = 500;

    private readonly ReadOnlySpan<byte> _body;
    private Utf8JsonReader _json;
    private Words _outer;
    private Words _inner;
    private TimeSpan? _retryAfter;
    private bool _isCanonicalShape;

    private OpenAIErrorReader(ReadOnlySpan<byte> body)
    {
        _body = body;
        // Deeper than any provider's error, and bounded so that a hostile one cannot exhaust the stack.
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 32 });
    }

    /// <summary>Reads an error body; everything is null where it says nothing.</summary>
    public static UpstreamError Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return new OpenAIErrorReader(body).ReadJson();
        }
        catch (JsonException)
        {
            return ReadPlain(body);
        }
    }

    private UpstreamError ReadJson()
    {
        _json.Read();
        var isObject = _json.TokenType == JsonTokenType.StartObject;
        ReadValue(ref _outer, isTop: true);
        _json.Read(); // Throws where something follows the value.
        return new UpstreamError
        {
            Message = _inner.Message ?? _outer.Message,
            Type = _inner.Type ?? _outer.Type,
            Code = _inner.Code ?? _outer.Code,
            Param = _inner.Param ?? _outer.Param,
            RetryAfter = _retryAfter,
            IsCanonicalShape = isObject && _isCanonicalShape,
        };
    }

    private void ReadValue(ref Words words, bool isTop)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartArray:
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                    ReadValue(ref words, isTop);
                break;
            case JsonTokenType.StartObject:
                while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
                    ReadProperty(ref words, isTop);
                break;
            case JsonTokenType.String:
                words.Message ??= JsonUnescape.StringOrNull(ref _json);
                break;
        }
    }

    private void ReadProperty(ref Words words, bool isTop)
    {
        if (JsonUnescape.Is(ref _json, "error"u8))
            ReadError(isTop);
        else if (JsonUnescape.Is(ref _json, "message"u8))
            words.Message = NextText() ?? words.Message;
        else if (JsonUnescape.Is(ref _json, "detail"u8))
            words.Message ??= NextText();
        else if (JsonUnescape.Is(ref _json, "type"u8))
            words.Type = NextText() ?? words.Type;
        else if (JsonUnescape.Is(ref _json, "status"u8))
            words.Type ??= NextText();
        else if (JsonUnescape.Is(ref _json, "code"u8))
            words.Code = NextText() ?? words.Code;
        else if (JsonUnescape.Is(ref _json, "param"u8))
            words.Param = NextText() ?? words.Param;
        else if (JsonUnescape.Is(ref _json, "details"u8))
            ReadDetails();
        else
            _json.Skip();
    }

    /// <summary>OpenAI's <c>error</c> is an object; xAI's is the message itself, with its code beside it.</summary>
    private void ReadError(bool isTop)
    {
        _json.Read();
        var messageIsString = false;
        if (isTop && _json.TokenType == JsonTokenType.StartObject)
            messageIsString = HasStringMessage(_json);
        ReadValue(ref _inner, isTop: false);
        _isCanonicalShape |= messageIsString;
    }

    private static bool HasStringMessage(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = JsonUnescape.Is(ref ahead, "message"u8);
            ahead.Read();
            if (isMessage)
                return ahead.TokenType == JsonTokenType.String;
            ahead.Skip();
        }
        return false;
    }

    /// <summary>The next value as text: a string's, else the JSON itself; null for null and the empty string.</summary>
    private string? NextText()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
            return null;
        var text = JsonUnescape.StringOrNull(ref _json);
        if (text is null)
        {
            var start = (int)_json.TokenStartIndex;
            _json.Skip();
            text = Encoding.UTF8.GetString(_body[start..(int)_json.BytesConsumed]);
        }
        return text.Length == 0 ? null : text;
    }

    /// <summary>Looks for Google's <c>{"@type":"…RetryInfo","retryDelay":"48s"}</c> (Gemini's 429 has no Retry-After header).</summary>
    private void ReadDetails()
    {
        _json.Read();
        if (_json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            return;
        var depth = _json.CurrentDepth;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (
                _json.TokenType != JsonTokenType.PropertyName
                || !JsonUnescape.Is(ref _json, "retryDelay"u8)
            )
                continue;
            _json.Read();
            _retryAfter ??= Seconds(JsonUnescape.StringOrNull(ref _json));
        }
    }

    /// <summary>Google's JSON form of a duration: decimal seconds and an <c>s</c>.</summary>
    private static TimeSpan? Seconds(string? duration) =>
        duration is not null
        && duration.EndsWith('s')
        && decimal.TryParse(
            duration.AsSpan(0, duration.Length - 1),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var seconds
        )
        && seconds <= 86_400
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    /// <summary>What is no JSON is a proxy's page or a bare sentence; a page's markup would tell the caller nothing.</summary>
    private static UpstreamError ReadPlain(ReadOnlySpan<byte> body)
    {
        var text = Encoding
            .UTF8.GetString(body[..Math.Min(body.Length, LongestPlainMessage)])
            .Trim();
        return new UpstreamError
        {
            Message = text.Length == 0 || text.StartsWith('<') ? null : text,
        };
    }

    /// <summary>The words said at one level; those inside <c>error</c> win over those around it.</summary>
    private struct Words
    {
        public string? Message;
        public string? Type;
        public string? Code;
        public string? Param;
    }
}
