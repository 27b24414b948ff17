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
internal ref partial struct EnvelopeReader(ReadOnlyMemory<byte> body, RequestAddress address)
{
    // stream_options, each letter an escape.
    private const int LongestLookalike = 14 * 6;

    private static readonly string[] WatchedNames =
    [
        "model",
        "stream",
        "dragoman",
        "stream_options",
        "messages",
    ];

    private readonly ReadOnlyMemory<byte> _body = body;
    private readonly RequestAddress _address = address;
    private Utf8JsonReader _json = new(
        body.Span,
        new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
    );
    private GatewayError? _error;

    private string? _model = address.Model;
    private BodyRange? _modelValue;
    private BodyRange? _modelMember;
    private bool _firstIsModel;
    private bool _stream = address.Stream ?? address.StreamsByDefault;
    private BodyRange? _dragoman;
    private BodyRange? _dragomanMember;
    private BodyRange? _streamOptionsMember;
    private bool _firstIsDragoman;
    private bool _firstIsStreamOptions;
    private BodyRange? _streamOptions;
    private BodyRange? _includeUsageValue;
    private bool _includeUsage;
    private bool _otherStreamOptions;
    private int _messagesStart;
    private int _messagesEnd;
    private int _messageCount;
    private bool _hasSystem;
    private RequestNeeds _needs;
    private SetParameters _parameters;
    private int _promptBytes;
    private bool _severalChoices;
    private int _choices = 1;
    private int _maxTokens;
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
            // Its GetString, on half a surrogate pair or on bytes that are not UTF-8.
            _error ??= Wrong("model", "holds text that is not valid Unicode");
        }
        error = _error;
        if (error is not null)
            return false;
        envelope = new RequestEnvelope
        {
            Model = _model!,
            ModelValue = _modelValue,
            ModelMember = _modelMember,
            Stream = _stream,
            Dragoman = _dragoman is { } range ? _body[range.Start..range.End] : default,
            DragomanMember = _dragomanMember,
            FirstMember = _body.Span.IndexOf((byte)'{') + 1,
            StreamOptions = _streamOptions,
            StreamOptionsMember = _streamOptionsMember,
            IncludeUsageValue = _includeUsageValue,
            IncludeUsage = _includeUsage,
            HasOtherStreamOptions = _otherStreamOptions,
            MessagesStart = _messagesStart,
            MessagesEnd = _messagesEnd,
            MessageCount = _messageCount,
            HasSystemMessage = _hasSystem,
            DeveloperRoles = _developerRoles ?? (IReadOnlyList<BodyRange>)[],
            EmbeddingEncoding = _embeddingEncoding,
            Needs = _needs,
            Parameters = _parameters,
            IsSingleChoice = !_severalChoices,
            Choices = _choices,
            MaxTokens = _maxTokens,
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
                ReadModel(nameStart, formerEnd);
                return;
            case Watched.Stream:
                _json.Read();
                if (
                    _json.TokenType
                    is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
                )
                    _error = Wrong("stream", "must be true, false or null");
                if (_address.Stream is null && _json.TokenType != JsonTokenType.Null)
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
        if (JsonUnescape.Is(ref _json, "tools"u8) || JsonUnescape.Is(ref _json, "functions"u8))
            ReadTools();
        else if (JsonUnescape.Is(ref _json, "response_format"u8))
            ReadResponseFormat();
        else if (IsPrompt())
            ReadPrompt();
        else if (IsAnswerShape())
            ReadAnswerShape();
        else if (Named("options"u8))
            ReadOptions();
        else if (JsonUnescape.Is(ref _json, "encoding_format"u8))
            ReadEncoding();
        else
            ReadParameter();
    }

    private Watched Watch()
    {
        var name = _json.ValueSpan;
        if (_json.ValueIsEscaped || !Ascii.IsValid(name))
        {
            RefuseLookalike();
            return Watched.None;
        }
        if (name.Length is not (5 or 6 or 8 or 14))
            return Watched.None;
        var watched =
            Is("model"u8) ? Watched.Model
            : Is("stream"u8) ? Watched.Stream
            : Is("dragoman"u8) ? Watched.Dragoman
            : Is("stream_options"u8) ? Watched.StreamOptions
            : Is("messages"u8) ? Watched.Messages
            : Watched.None;
        if (_seen.HasFlag(watched) && watched != Watched.None)
            _error = Wrong(Encoding.UTF8.GetString(name), "appears more than once");
        _seen |= watched;
        return watched;
    }

    /// <summary>Case-insensitive, since some servers read keys so; another casing is then a repeated or misspelt key.</summary>
    private bool Is(ReadOnlySpan<byte> name)
    {
        if (_json.ValueSpan.SequenceEqual(name))
            return true;
        if (!Ascii.EqualsIgnoreCase(_json.ValueSpan, name))
            return false;
        _error = Wrong(
            Encoding.UTF8.GetString(_json.ValueSpan),
            $"must be written '{Encoding.UTF8.GetString(name)}'"
        );
        return true;
    }

    /// <summary>A key with escapes, or with letters beyond ASCII, that some reader takes for one of ours.</summary>
    private void RefuseLookalike()
    {
        if (_json.ValueSpan.Length > LongestLookalike)
            return;
        var spelled = JsonUnescape.StringOrNull(ref _json)!;
        // Go's reader, and so Ollama's, takes a long s for an s.
        var folded = spelled.Replace('\u017F', 's');
        foreach (var name in WatchedNames)
        {
            if (folded.Equals(name, StringComparison.OrdinalIgnoreCase))
                _error = Wrong(spelled, $"must be written '{name}', without escapes");
        }
    }

    private void ReadModel(int nameStart, int formerEnd)
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
        _modelMember = MemberAt(nameStart, formerEnd);
        _firstIsModel = formerEnd < 0;
        // Where the address says it, that is whom the client means; some libraries repeat it in the body.
        if (_address.Model is not null)
            return;
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
        if (_firstIsModel)
            _modelMember = _modelMember!.Value with { End = nextName };
        (_firstIsDragoman, _firstIsStreamOptions, _firstIsModel) = (false, false, false);
    }

    private void ReadStreamOptions(int nameStart, int formerEnd)
    {
        _json.Read();
        var start = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                var isUsage = JsonUnescape.Is(ref _json, "include_usage"u8);
                _json.Read();
                if (isUsage)
                {
                    _includeUsage = _json.TokenType == JsonTokenType.True;
                    _includeUsageValue = Here();
                }
                _otherStreamOptions |= !isUsage;
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
