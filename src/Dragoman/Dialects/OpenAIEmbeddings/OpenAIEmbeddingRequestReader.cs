using Dragoman.Canonical;
using Dragoman.Dialects.OpenAIChat;

namespace Dragoman.Dialects.OpenAIEmbeddings;

/// <summary>Reads an embeddings request.</summary>
internal static class OpenAIEmbeddingRequestReader
{
    private const string Inputs = "a string, a list of strings, or lists of token ids";

    /// <summary>Reads a body; the request's slices live as long as the body's buffer.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out EmbeddingRequest? request,
        out GatewayError? error
    ) => JsonBody.TryRead(body, Read, out request, out error);

    private static EmbeddingRequest? Read(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object");
            return null;
        }
        var at = json.Offset;
        var request = new EmbeddingRequest { Model = default, Inputs = [] };
        var raw = new RawFields(OpenAIChatDialect.DialectName);
        while (json.NextMember())
        {
            if (json.Is("dragoman"u8))
                json.Skip();
            else
                request = ReadMember(ref json, ref raw, request);
        }
        if (request.Model.IsEmpty)
            json.Missing("model", "the name of a model", at);
        if (request.Inputs.Count == 0)
            json.Missing("input", Inputs, at);
        return request with { Raw = raw.ToList() };
    }

    private static EmbeddingRequest ReadMember(
        ref JsonCursor json,
        ref RawFields raw,
        EmbeddingRequest request
    )
    {
        if (json.IsNull)
            json.Carry(ref raw);
        else if (json.Is("model"u8))
            return request with { Model = json.Text(ref raw) ?? default };
        else if (json.Is("input"u8))
            return ReadInput(ref json, ref raw, request);
        else if (json.Is("dimensions"u8))
            return request with { Dimensions = json.Integer(ref raw, least: 1) };
        else if (json.ValueIs("float"u8) && json.Is("encoding_format"u8))
            return request with { Encoding = EmbeddingEncoding.Float };
        else if (json.ValueIs("base64"u8) && json.Is("encoding_format"u8))
            return request with { Encoding = EmbeddingEncoding.Base64 };
        else if (json.IsText && json.Is("encoding_format"u8))
        {
            // Some providers know more (Perplexity's base64_int8): named as raw, and kept as it came.
            json.Carry(ref raw);
            return request with { Encoding = EmbeddingEncoding.Raw };
        }
        else if (json.Is("user"u8))
            return request with { User = json.Text(ref raw) };
        else
            json.Carry(ref raw);
        return request;
    }

    private static EmbeddingRequest ReadInput(
        ref JsonCursor json,
        ref RawFields raw,
        EmbeddingRequest request
    )
    {
        if (json.IsText)
            return request with
            {
                Inputs = [new EmbeddingInput(json.TakeText(), default)],
                IsBareInput = true,
            };
        if (!json.IsList)
        {
            json.Refuse(ref raw, Inputs);
            return request;
        }
        var whole = json.PeekJson();
        var inputs = new List<EmbeddingInput>();
        var isTokens = false;
        while (json.NextItem())
        {
            if (json.IsText)
                inputs.Add(new EmbeddingInput(json.TakeText(), default));
            else if (json.IsNumber)
                isTokens = true;
            else if (json.IsList)
                inputs.Add(new EmbeddingInput(null, json.TakeJson()));
            else
                json.RefuseItem("a string or a list of token ids");
        }
        // A list of numbers is one input.
        return isTokens
            ? request with
            {
                Inputs = [new EmbeddingInput(null, whole)],
                IsBareInput = true,
            }
            : request with
            {
                Inputs = inputs,
            };
    }
}
