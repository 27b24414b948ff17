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
                case JsonTokenType.PropertyName
                    when _json.CurrentDepth == messageDepth + 1 && Named("images"u8):
                    ReadPrompt();
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
        JsonUnescape.Is(ref _json, "image_url"u8) || Named("image"u8) || Named("input_image"u8)
            ? RequestNeeds.Vision
        : JsonUnescape.Is(ref _json, "input_audio"u8) ? RequestNeeds.Audio
        : JsonUnescape.Is(ref _json, "file"u8) || Named("document"u8) || Named("input_file"u8)
            ? RequestNeeds.Files
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

    /// <summary>Where dialects but for OpenAI's chat, and all embeddings, put what is to be read.</summary>
    private readonly bool IsPrompt() =>
        Named("input"u8)
        || Named("contents"u8)
        || Named("system"u8)
        || Named("systemInstruction"u8)
        || Named("system_instruction"u8)
        || Named("instructions"u8)
        || Named("prompt"u8)
        || Named("content"u8)
        || Named("requests"u8)
        || Named("images"u8);

    /// <summary>Where dialects but for OpenAI's chat ask for a shape of the answer.</summary>
    private readonly bool IsAnswerShape() =>
        Named("format"u8)
        || Named("text"u8)
        || Named("output_format"u8)
        || Named("output_config"u8)
        || Named("generationConfig"u8)
        || Named("generation_config"u8);

    private readonly bool Named(ReadOnlySpan<byte> name) => _json.ValueSpan.SequenceEqual(name);

    /// <summary>Counts the text of a prompt in any form, and notes what else it holds; token arrays count four bytes a token.</summary>
    private void ReadPrompt()
    {
        var isImages = Named("images"u8);
        _json.Read();
        var depth = _json.CurrentDepth;
        if (_json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            _promptBytes += _json.TokenType == JsonTokenType.String ? _json.ValueSpan.Length : 0;
            return;
        }
        var skipText = isImages;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            switch (_json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    skipText = IsData();
                    if (Named("type"u8))
                    {
                        _json.Read();
                        if (_json.TokenType == JsonTokenType.String)
                            _needs |= NeedOfPart();
                    }
                    else if (Named("mimeType"u8) || Named("mime_type"u8))
                    {
                        _json.Read();
                        if (_json.TokenType == JsonTokenType.String)
                            _needs |= NeedOfMedia(_json.ValueSpan);
                    }
                    continue;
                case JsonTokenType.String when isImages:
                    _needs |= RequestNeeds.Vision;
                    continue;
                case JsonTokenType.String when !skipText:
                    _promptBytes += _json.ValueSpan.Length;
                    break;
                case JsonTokenType.Number:
                    _promptBytes += 4;
                    break;
            }
            skipText = false;
        }
    }

    private readonly bool IsData() =>
        Named("url"u8)
        || Named("data"u8)
        || Named("file_data"u8)
        || Named("image_url"u8)
        || Named("fileUri"u8)
        || Named("thoughtSignature"u8)
        || Named("encrypted_content"u8);

    private static RequestNeeds NeedOfMedia(ReadOnlySpan<byte> type) =>
        type.StartsWith("image/"u8) ? RequestNeeds.Vision
        : type.StartsWith("audio/"u8) ? RequestNeeds.Audio
        : type.StartsWith("application/pdf"u8) ? RequestNeeds.Files
        : RequestNeeds.None;

    /// <summary>A JSON schema anywhere in it asks for structured output.</summary>
    private void ReadAnswerShape()
    {
        var isFormat = Named("format"u8);
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _json.Skip();
            return;
        }
        if (isFormat)
            _needs |= RequestNeeds.StructuredOutput;
        var depth = _json.CurrentDepth;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (_json.TokenType != JsonTokenType.PropertyName)
                continue;
            var isSchema =
                Named("responseSchema"u8)
                || Named("response_schema"u8)
                || Named("responseJsonSchema"u8);
            var isType = Named("type"u8);
            var isMost = Named("maxOutputTokens"u8) || Named("max_output_tokens"u8);
            var isChoices = Named("candidateCount"u8) || Named("candidate_count"u8);
            _json.Read();
            if (isMost)
                _maxTokens = Whole() ?? _maxTokens;
            else if (isChoices)
                _choices = Whole() ?? _choices;
            if (
                isSchema
                || (isType && _json.TokenType == JsonTokenType.String && Named("json_schema"u8))
            )
                _needs |= RequestNeeds.StructuredOutput;
            // What the schema itself says is its own business.
            if (isSchema)
                _json.Skip();
        }
    }

    private void ReadParameter()
    {
        var isChoices = JsonUnescape.Is(ref _json, "n"u8);
        var parameter =
            JsonUnescape.Is(ref _json, "temperature"u8) ? SetParameters.Temperature
            : JsonUnescape.Is(ref _json, "top_p"u8) ? SetParameters.TopP
            : JsonUnescape.Is(ref _json, "max_tokens"u8)
            || JsonUnescape.Is(ref _json, "max_completion_tokens"u8)
            || Named("max_output_tokens"u8)
                ? SetParameters.MaxTokens
            : JsonUnescape.Is(ref _json, "presence_penalty"u8) ? SetParameters.PresencePenalty
            : JsonUnescape.Is(ref _json, "frequency_penalty"u8) ? SetParameters.FrequencyPenalty
            : SetParameters.None;
        _json.Read();
        // A null too: a default put in beside it would repeat the key.
        _parameters |= parameter;
        if (isChoices)
        {
            _severalChoices =
                _json.TokenType == JsonTokenType.Number && !_json.ValueSpan.SequenceEqual("1"u8);
            _choices = Whole() ?? _choices;
        }
        else if (parameter == SetParameters.MaxTokens)
            _maxTokens = Whole() ?? _maxTokens;
        _json.Skip();
    }

    /// <summary>Ollama's place for parameters.</summary>
    private void ReadOptions()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _json.Skip();
            return;
        }
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isMost = Named("num_predict"u8);
            _json.Read();
            if (isMost)
                _maxTokens = Whole() ?? _maxTokens;
            _json.Skip();
        }
    }

    /// <summary>A number of at least one; null for all else, which is left to whoever reads the request whole.</summary>
    private readonly int? Whole() =>
        _json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var number) && number > 0
            ? number
            : null;
}
