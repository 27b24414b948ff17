using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>Reads a generateContent request; model and stream are said by its address.</summary>
internal static class GeminiRequestReader
{
    /// <summary>Reads a body; the request's slices live as long as the body's buffer.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        RequestEnvelope envelope,
        out ChatRequest? request,
        out GatewayError? error
    )
    {
        if (!JsonBody.TryRead(body, Read, out request, out error))
            return false;
        request = request! with { Model = JsonText.Of(envelope.Model), Stream = envelope.Stream };
        return true;
    }

    private static ChatRequest? Read(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object");
            return null;
        }
        var at = json.Offset;
        var request = new ChatRequest { Model = default, Messages = [] };
        var raw = new RawFields(GeminiDialect.DialectName);
        var ids = new GeminiCallIds();
        Message? system = null;
        while (json.NextMember())
        {
            // The address says the model; some libraries repeat it here.
            if (json.Is("dragoman"u8) || json.Is("model"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (GeminiJson.Is(json, "systemInstruction"u8))
                system = GeminiContentReader.Read(ref json, MessageRole.System, ids);
            else if (json.Is("contents"u8))
                request = request with { Messages = ReadContents(ref json, ref raw, ids) };
            else
                request = ReadRest(ref json, ref raw, request);
        }
        if (request.Messages.Count == 0)
            json.Missing("contents", "a list of at least one content", at);
        if (system is not null)
            request = request with { Messages = [system, .. request.Messages] };
        return request with { Raw = [.. request.Raw, .. raw.ToList()] };
    }

    private static ChatRequest ReadRest(ref JsonCursor json, ref RawFields raw, ChatRequest request)
    {
        if (json.Is("tools"u8))
            return request with { Tools = GeminiToolReader.ReadTools(ref json, ref raw) };
        if (json.IsObject && GeminiJson.Is(json, "toolConfig"u8))
            return GeminiToolReader.ReadConfig(ref json, ref raw, request);
        if (json.IsObject && GeminiJson.Is(json, "generationConfig"u8))
            return GeminiConfigReader.Read(ref json, request);
        if (json.IsText && GeminiJson.Is(json, "serviceTier"u8))
            return request with { ServiceTier = json.TakeText() };
        // Most of the prompt may lie there.
        json.Carry(ref raw, isVital: GeminiJson.Is(json, "cachedContent"u8));
        return request;
    }

    private static List<Message> ReadContents(
        ref JsonCursor json,
        ref RawFields raw,
        GeminiCallIds ids
    )
    {
        var messages = new List<Message>();
        // A single content, as Google's servers take it too.
        if (json.IsObject)
        {
            if (GeminiContentReader.Read(ref json, MessageRole.User, ids) is { } only)
                messages.Add(only);
            return messages;
        }
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of contents");
            return messages;
        }
        while (json.NextItem())
        {
            if (GeminiContentReader.Read(ref json, MessageRole.User, ids) is { } message)
                messages.Add(message);
        }
        return messages;
    }
}
