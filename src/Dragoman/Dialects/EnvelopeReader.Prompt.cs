using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <content>What the prompt and its parameters need from a model.</content>
internal ref partial struct EnvelopeReader
{
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
                    when _json.CurrentDepth == messageDepth + 1
                        && JsonUnescape.Is(ref _json, "role"u8):
                    _json.Read();
                    ReadRole();
                    break;
                case JsonTokenType.PropertyName
                    when _json.CurrentDepth == partDepth && JsonUnescape.Is(ref _json, "type"u8):
                    _json.Read();
                    if (_json.TokenType == JsonTokenType.String)
                        _needs |= NeedOfPart();
                    break;
                case JsonTokenType.PropertyName:
                    skipText =
                        JsonUnescape.Is(ref _json, "url"u8)
                        || JsonUnescape.Is(ref _json, "data"u8)
                        || JsonUnescape.Is(ref _json, "file_data"u8);
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
        if (JsonUnescape.Is(ref _json, "developer"u8))
            (_developerRoles ??= []).Add(Here());
        else if (!JsonUnescape.Is(ref _json, "system"u8))
            return;
        _hasSystem = true;
    }

    private RequestNeeds NeedOfPart() =>
        JsonUnescape.Is(ref _json, "image_url"u8) ? RequestNeeds.Vision
        : JsonUnescape.Is(ref _json, "input_audio"u8) ? RequestNeeds.Audio
        : JsonUnescape.Is(ref _json, "file"u8) ? RequestNeeds.Files
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
            var isType = JsonUnescape.Is(ref _json, "type"u8);
            _json.Read();
            if (
                isType
                && _json.TokenType == JsonTokenType.String
                && JsonUnescape.Is(ref _json, "json_schema"u8)
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
                JsonUnescape.Is(ref _json, "base64"u8) ? EmbeddingEncoding.Base64
                : JsonUnescape.Is(ref _json, "float"u8) ? EmbeddingEncoding.Float
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
        var isChoices = JsonUnescape.Is(ref _json, "n"u8);
        var parameter =
            JsonUnescape.Is(ref _json, "temperature"u8) ? SetParameters.Temperature
            : JsonUnescape.Is(ref _json, "top_p"u8) ? SetParameters.TopP
            : JsonUnescape.Is(ref _json, "max_tokens"u8)
            || JsonUnescape.Is(ref _json, "max_completion_tokens"u8)
                ? SetParameters.MaxTokens
            : JsonUnescape.Is(ref _json, "presence_penalty"u8) ? SetParameters.PresencePenalty
            : JsonUnescape.Is(ref _json, "frequency_penalty"u8) ? SetParameters.FrequencyPenalty
            : SetParameters.None;
        _json.Read();
        // A null too: a default put in beside it would repeat the key.
        _parameters |= parameter;
        if (isChoices)
            _severalChoices =
                _json.TokenType == JsonTokenType.Number && !_json.ValueSpan.SequenceEqual("1"u8);
        _json.Skip();
    }
}
