using System.Globalization;
using System.Text;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>
/// Walks a body once, token by token, and notes where things stand. A body that different JSON readers could understand
/// differently where it matters (a repeated, escaped or otherwise-cased <c>model</c>, <c>stream</c> …) is refused, so that what
/// was checked is what is sent.
/// </summary>
internal ref struct EnvelopeReader(ReadOnlyMemory<byte> body)
{
    /// <summary>Deeper than any tool schema, and bounded so that a hostile body costs no more than its length.</summary>
    public const int MaxDepth = 512;

    private readonly ReadOnlyMemory<byte> _body = body;
    private Utf8JsonReader _json = new(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
    private GatewayError? _error;

    private string? _model;
    private BodyRange _modelValue;
    private bool _stream;
    private BodyRange? _dragoman;
    private BodyRange? _dragomanMember;
    private BodyRange? _streamOptionsMember;
    private bool _firstIsDragoman;
    private bool _firstIsStreamOptions;
    private BodyRange? _streamOptions;
    private BodyRange? _includeUsageValue;
    private bool _includeUsage;
    private int _messagesStart;
    private int _messagesEnd;
    private int _messageCount;
    private bool _hasSystem;
    private RequestNeeds _needs;
    private SetParameters _parameters;
    private int _promptBytes;
    private bool _severalChoices;
    private List<BodyRange>? _developerRoles;
    private EmbeddingEncoding? _embeddingEncoding;
    private Watched _seen;

    [Flags]
    private enum Watched
    {
        None = 0,
        Model = 1,
        Stream = 2,
        Dragoman = 4,
        StreamOptions = 8,
        Messages = 16,
    }

    public bool TryRead(out RequestEnvelope? envelope, out GatewayError? error)
    {
        envelope = null;
        try
        {
            ReadBody();
        }
        catch (JsonException e)
        {
            _error ??= NotJson(e);
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader.GetString on half a surrogate pair or on bytes that are not UTF-8.
            _error ??= Wrong("model", "holds text that is not valid Unicode");
        }
        error = _error;
        if (error is not null)
            return false;
        envelope = new RequestEnvelope
        {
            Model = _model!,
            ModelValue = _modelValue,
            Stream = _stream,
            Dragoman = _dragoman is { } range ? _body[range.Start..range.End] : default,
            DragomanMember = _dragomanMember,
            FirstMember = _body.Span.IndexOf((byte)'{') + 1,
            StreamOptions = _streamOptions,
            StreamOptionsMember = _streamOptionsMember,
            IncludeUsageValue = _includeUsageValue,
            IncludeUsage = _includeUsage,
            MessagesStart = _messagesStart,
            MessagesEnd = _messagesEnd,
            MessageCount = _messageCount,
            HasSystemMessage = _hasSystem,
            DeveloperRoles = _developerRoles ?? (IReadOnlyList<BodyRange>)[],
            EmbeddingEncoding = _embeddingEncoding,
            Needs = _needs,
            Parameters = _parameters,
            IsSingleChoice = !_severalChoices,
            PromptBytes = _promptBytes,
        };
        return true;
    }

    private void ReadBody()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
        {
            _error = new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "The body must be a JSON object."
            )
            {
                Code = "invalid_body",
            };
            return;
        }
        var memberEnd = -1;
        while (_error is null && _json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = (int)_json.TokenStartIndex;
            ExtendCut(nameStart);
            ReadMember(nameStart, memberEnd);
            memberEnd = (int)_json.BytesConsumed;
        }
        if (_error is not null)
            return;
        // The closing brace was read; this finds what may stand behind it.
        _json.Read();
        if (_model is null)
            _error = Wrong("model", "is missing: it names the model, route or alias to use");
    }

    private void ReadMember(int nameStart, int formerEnd)
    {
        var watched = Watch();
        if (_error is not null)
            return;
        switch (watched)
        {
            case Watched.Model:
                ReadModel();
                return;
            case Watched.Stream:
                _json.Read();
                if (
                    _json.TokenType
                    is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
                )
                    _error = Wrong("stream", "must be true, false or null");
                _stream = _json.TokenType == JsonTokenType.True;
                return;
            case Watched.Dragoman:
                ReadDragoman(nameStart, formerEnd);
                return;
            case Watched.StreamOptions:
                ReadStreamOptions(nameStart, formerEnd);
                return;
            case Watched.Messages:
                ReadMessages();
                return;
        }
        if (_json.ValueTextEquals("tools"u8) || _json.ValueTextEquals("functions"u8))
            ReadTools();
        else if (_json.ValueTextEquals("response_format"u8))
            ReadResponseFormat();
        else if (_json.ValueTextEquals("input"u8))
            CountText();
        else if (_json.ValueTextEquals("encoding_format"u8))
            ReadEncoding();
        else
            ReadParameter();
    }

    private Watched Watch()
    {
        var name = _json.ValueSpan;
        if (!_json.ValueIsEscaped && name.Length is not (5 or 6 or 8 or 14))
            return Watched.None;
        var watched =
            Is("model"u8) ? Watched.Model
            : Is("stream"u8) ? Watched.Stream
            : Is("dragoman"u8) ? Watched.Dragoman
            : Is("stream_options"u8) ? Watched.StreamOptions
            : Is("messages"u8) ? Watched.Messages
            : Watched.None;
        if (watched == Watched.None)
            return watched;
        var spelled = Encoding.UTF8.GetString(name);
        if (_json.ValueIsEscaped)
            _error = Wrong(_json.GetString()!, "is written with escapes; spell the key plainly");
        else if (_seen.HasFlag(watched))
            _error = Wrong(spelled, "appears more than once");
        _seen |= watched;
        return watched;
    }

    /// <summary>Case-insensitive, since some servers read keys so; another casing is then a repeated or misspelt key.</summary>
    private bool Is(ReadOnlySpan<byte> name)
    {
        if (_json.ValueTextEquals(name))
            return true;
        if (_json.ValueIsEscaped || !Ascii.EqualsIgnoreCase(_json.ValueSpan, name))
            return false;
        _error = Wrong(
            Encoding.UTF8.GetString(_json.ValueSpan),
            $"must be written '{Encoding.UTF8.GetString(name)}'"
        );
        return true;
    }

    private void ReadModel()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String || _json.ValueSpan.IsEmpty)
        {
            _error = Wrong("model", "must be a non-empty string");
            return;
        }
        if (_json.ValueSpan.Length > 512)
        {
            _error = Wrong("model", "must not be longer than 512 bytes");
            return;
        }
        _modelValue = Here();
        _model = ModelNames.Get(_json);
    }

    private void ReadDragoman(int nameStart, int formerEnd)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _error = Wrong("dragoman", "must be an object");
            return;
        }
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        var end = (int)_json.BytesConsumed;
        _dragoman = new BodyRange(start, end);
        _dragomanMember = MemberAt(nameStart, formerEnd);
        _firstIsDragoman = formerEnd < 0;
    }

    /// <summary>A member to cut: with the comma before it, or, where it is the first one, with the comma behind it (see <see cref="ExtendCut"/>).</summary>
    private readonly BodyRange MemberAt(int nameStart, int formerEnd) =>
        new(formerEnd >= 0 ? formerEnd : nameStart, (int)_json.BytesConsumed);

    private void ExtendCut(int nextName)
    {
        if (_firstIsDragoman)
            _dragomanMember = _dragomanMember!.Value with { End = nextName };
        if (_firstIsStreamOptions)
            _streamOptionsMember = _streamOptionsMember!.Value with { End = nextName };
        (_firstIsDragoman, _firstIsStreamOptions) = (false, false);
    }

    private void ReadStreamOptions(int nameStart, int formerEnd)
    {
        _json.Read();
        var start = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                var isUsage = _json.ValueTextEquals("include_usage"u8);
                _json.Read();
                if (isUsage)
                {
                    _includeUsage = _json.TokenType == JsonTokenType.True;
                    _includeUsageValue = Here();
                }
                _json.Skip();
            }
        }
        else if (_json.TokenType != JsonTokenType.Null)
        {
            _error = Wrong("stream_options", "must be an object or null");
            return;
        }
        _streamOptions = new BodyRange(start, (int)_json.BytesConsumed);
        _streamOptionsMember = MemberAt(nameStart, formerEnd);
        _firstIsStreamOptions = formerEnd < 0;
    }

    private void ReadMessages()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _error = Wrong("messages", "must be an array of messages");
            return;
        }
        _messagesStart = (int)_json.BytesConsumed;
        var (messageDepth, partDepth) = (_json.CurrentDepth + 1, _json.CurrentDepth + 4);
        var skipText = false;
        while (
            _json.Read()
            && !(_json.TokenType == JsonTokenType.EndArray && _json.CurrentDepth < messageDepth)
        )
        {
            switch (_json.TokenType)
            {
                case JsonTokenType.StartObject when _json.CurrentDepth == messageDepth:
                    _messageCount++;
                    break;
                case JsonTokenType.PropertyName
                    when _json.CurrentDepth == messageDepth + 1 && _json.ValueTextEquals("role"u8):
                    _json.Read();
                    ReadRole();
                    break;
                case JsonTokenType.PropertyName
                    when _json.CurrentDepth == partDepth && _json.ValueTextEquals("type"u8):
                    _json.Read();
                    if (_json.TokenType == JsonTokenType.String)
                        _needs |= NeedOfPart();
                    break;
                case JsonTokenType.PropertyName:
                    skipText =
                        _json.ValueTextEquals("url"u8)
                        || _json.ValueTextEquals("data"u8)
                        || _json.ValueTextEquals("file_data"u8);
                    continue;
                case JsonTokenType.String when !skipText:
                    _promptBytes += _json.ValueSpan.Length;
                    break;
            }
            skipText = false;
        }
        _messagesEnd = (int)_json.TokenStartIndex;
    }

    private void ReadRole()
    {
        if (_json.TokenType != JsonTokenType.String)
            return;
        if (_json.ValueTextEquals("developer"u8))
            (_developerRoles ??= []).Add(Here());
        else if (!_json.ValueTextEquals("system"u8))
            return;
        _hasSystem = true;
    }

    private readonly RequestNeeds NeedOfPart() =>
        _json.ValueTextEquals("image_url"u8) ? RequestNeeds.Vision
        : _json.ValueTextEquals("input_audio"u8) ? RequestNeeds.Audio
        : _json.ValueTextEquals("file"u8) ? RequestNeeds.Files
        : RequestNeeds.None;

    private void ReadTools()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.StartArray)
        {
            var start = _json.BytesConsumed;
            var depth = _json.CurrentDepth;
            while (
                _json.Read()
                && !(_json.TokenType == JsonTokenType.EndArray && _json.CurrentDepth == depth)
            )
                _needs |= RequestNeeds.Tools;
            _promptBytes += (int)(_json.BytesConsumed - start);
            return;
        }
        _json.Skip();
    }

    private void ReadResponseFormat()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _json.Skip();
            return;
        }
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = _json.ValueTextEquals("type"u8);
            _json.Read();
            if (
                isType
                && _json.TokenType == JsonTokenType.String
                && _json.ValueTextEquals("json_schema"u8)
            )
                _needs |= RequestNeeds.StructuredOutput;
            _json.Skip();
        }
    }

    private void ReadEncoding()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.String)
            _embeddingEncoding =
                _json.ValueTextEquals("base64"u8) ? EmbeddingEncoding.Base64
                : _json.ValueTextEquals("float"u8) ? EmbeddingEncoding.Float
                : EmbeddingEncoding.Raw;
        _json.Skip();
    }

    /// <summary>Text of an embeddings request: a string or an array of them; token arrays count four bytes a token.</summary>
    private void CountText()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _promptBytes += _json.TokenType == JsonTokenType.String ? _json.ValueSpan.Length : 0;
            _json.Skip();
            return;
        }
        var depth = _json.CurrentDepth;
        while (
            _json.Read()
            && !(_json.TokenType == JsonTokenType.EndArray && _json.CurrentDepth == depth)
        )
            _promptBytes +=
                _json.TokenType == JsonTokenType.String ? _json.ValueSpan.Length
                : _json.TokenType == JsonTokenType.Number ? 4
                : 0;
    }

    private void ReadParameter()
    {
        var isChoices = _json.ValueTextEquals("n"u8);
        var parameter =
            _json.ValueTextEquals("temperature"u8) ? SetParameters.Temperature
            : _json.ValueTextEquals("top_p"u8) ? SetParameters.TopP
            : _json.ValueTextEquals("max_tokens"u8)
            || _json.ValueTextEquals("max_completion_tokens"u8)
                ? SetParameters.MaxTokens
            : _json.ValueTextEquals("presence_penalty"u8) ? SetParameters.PresencePenalty
            : _json.ValueTextEquals("frequency_penalty"u8) ? SetParameters.FrequencyPenalty
            : SetParameters.None;
        _json.Read();
        // A null too: a default put in beside it would repeat the key.
        _parameters |= parameter;
        if (isChoices)
            _severalChoices =
                _json.TokenType == JsonTokenType.Number && !_json.ValueSpan.SequenceEqual("1"u8);
        _json.Skip();
    }

    private readonly BodyRange Here() => new((int)_json.TokenStartIndex, (int)_json.BytesConsumed);

    private static GatewayError Wrong(string field, string what) =>
        new(GatewayErrorKind.InvalidRequest, $"'{field}' {what}.") { Param = field };

    private static GatewayError NotJson(JsonException e) =>
        new(
            GatewayErrorKind.InvalidRequest,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The body is not valid JSON: line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1} of that line."
            )
        )
        {
            Code = "invalid_json",
        };
}
