using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads a chat request.</summary>
internal static class OllamaRequestReader
{
    /// <summary>Reads a body; the request's slices live as long as the body's buffer.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out ChatRequest? request,
        out GatewayError? error
    ) => JsonBody.TryRead(body, Read, out request, out error);

    private static ChatRequest? Read(ref JsonCursor json)
    {
        if (!json.IsObject)
        {
            json.RefuseItem("an object");
            return null;
        }
        var at = json.Offset;
        var request = new ChatRequest { Model = default, Messages = [] };
        var raw = new RawFields(OllamaDialect.DialectName);
        while (json.NextMember())
        {
            if (json.Is("dragoman"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("messages"u8))
                request = request with { Messages = ReadMessages(ref json, ref raw) };
            else if (json.Is("tools"u8))
                request = request with { Tools = OllamaToolReader.ReadTools(ref json, ref raw) };
            else
                request = OllamaSharedMembers.Read(ref json, ref raw, request);
        }
        if (request.Model.IsEmpty)
            json.Missing("model", "the name of a model", at);
        if (request.Messages.Count == 0)
            json.Missing("messages", "a list of at least one message", at);
        return request with { Raw = raw.ToList() };
    }

    private static List<Message> ReadMessages(ref JsonCursor json, ref RawFields raw)
    {
        var messages = new List<Message>();
        if (!json.IsList)
        {
            json.Refuse(ref raw, "a list of messages");
            return messages;
        }
        while (json.NextItem())
        {
            if (OllamaMessageReader.Read(ref json) is { } message)
                messages.Add(message);
        }
        return messages;
    }
}
