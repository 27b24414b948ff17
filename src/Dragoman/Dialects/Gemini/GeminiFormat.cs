using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>The members of <c>generationConfig</c> that together say the shape of the answer.</summary>
internal ref struct GeminiFormat
{
    private JsonText? _mediaType;
    private RawJson _schema;
    private RawJson _jsonSchema;

    /// <summary>Takes the member where it is one of them.</summary>
    public bool TryRead(ref JsonCursor json, ref RawFields raw)
    {
        if (GeminiJson.Is(json, "responseMimeType"u8))
            _mediaType = json.Text(ref raw);
        else if (json.IsObject && GeminiJson.Is(json, "responseSchema"u8))
            _schema = json.TakeJson();
        else if (json.IsObject && GeminiJson.Is(json, "responseJsonSchema"u8))
            _jsonSchema = json.TakeJson();
        else
            return false;
        return true;
    }

    /// <summary>What they say; null where there are none.</summary>
    public readonly ResponseFormat? ToResponseFormat()
    {
        var isJson = _mediaType is { } type && type.Is("application/json"u8);
        if (!_jsonSchema.IsEmpty && _schema.IsEmpty && isJson)
            return OfSchema(_jsonSchema, []);
        if (!_schema.IsEmpty && _jsonSchema.IsEmpty && isJson)
        {
            var (schema, marks) = GeminiSchemaReader.Read(_schema);
            return OfSchema(schema, marks);
        }
        if (_schema.IsEmpty && _jsonSchema.IsEmpty)
        {
            if (_mediaType is null)
                return null;
            if (isJson)
                return new ResponseFormat(ResponseFormatKind.JsonObject);
            if (_mediaType.Value.Is("text/plain"u8))
                return new ResponseFormat(ResponseFormatKind.Text);
        }
        // text/x.enum, or a schema that nothing asks to be kept to.
        return new ResponseFormat(ResponseFormatKind.Raw)
        {
            Dialect = GeminiDialect.DialectName,
            Json = Whole(),
        };
    }

    private static ResponseFormat OfSchema(RawJson schema, IReadOnlyList<RawField> marks) =>
        new(ResponseFormatKind.JsonSchema)
        {
            // Other dialects want a name.
            Name = JsonText.Of("response"),
            Schema = schema,
            Raw = marks,
        };

    private readonly RawJson Whole()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = DialectJson.NewWriter(output))
        {
            json.WriteStartObject();
            DialectJson.Write(json, "responseMimeType"u8, _mediaType);
            DialectJson.Write(json, "responseSchema"u8, _schema);
            DialectJson.Write(json, "responseJsonSchema"u8, _jsonSchema);
            json.WriteEndObject();
        }
        return new RawJson(output.WrittenMemory);
    }
}
