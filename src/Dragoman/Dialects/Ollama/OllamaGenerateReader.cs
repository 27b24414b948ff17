using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>
/// Reads a generate request: the prompt becomes the user's message. What only a bare model can do with it (text around the gap, a
/// prompt with its own template, tokens of an earlier answer) no chat can be asked, so its fields are vital.
/// </summary>
internal static class OllamaGenerateReader
{
    /// <summary>Tags what the chat call would overlook.</summary>
    private const string GenerateOnly = "ollama-generate";

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
        var own = new List<RawField>();
        JsonText? prompt = null;
        JsonText? system = null;
        IReadOnlyList<Part> images = [];
        while (json.NextMember())
        {
            if (json.Is("dragoman"u8))
                json.Skip();
            else if (json.IsNull)
                json.Carry(ref raw);
            else if (json.Is("prompt"u8))
                prompt = json.Text(ref raw);
            else if (json.Is("system"u8))
                system = json.Text(ref raw);
            else if (json.Is("images"u8))
                images = OllamaImages.Read(ref json, ref raw);
            else if (OwnMember(json) is { } name)
                AddOwn(own, name, json.TakeJson());
            else
                request = OllamaSharedMembers.Read(ref json, ref raw, request);
        }
        if (request.Model.IsEmpty)
            json.Missing("model", "the name of a model", at);
        if (prompt is not { IsEmpty: false } && images.Count == 0)
            json.Missing("prompt", "a text", at);
        return request with
        {
            Messages = Messages(prompt, system, images),
            Raw = [.. raw.ToList(), .. own],
        };
    }

    private static string? OwnMember(in JsonCursor json) =>
        json.Is("suffix"u8) ? "suffix"
        : json.Is("raw"u8) ? "raw"
        : json.Is("template"u8) ? "template"
        : json.Is("context"u8) ? "context"
        : null;

    /// <summary>What libraries send unasked says nothing: an empty text, an empty list, false.</summary>
    private static void AddOwn(List<RawField> own, string name, RawJson value)
    {
        if (
            !value.Utf8.Span.SequenceEqual("\"\""u8)
            && !value.Utf8.Span.SequenceEqual("false"u8)
            && !value.Utf8.Span.SequenceEqual("[]"u8)
        )
            own.Add(new RawField(GenerateOnly, null, JsonText.Of(name), value) { IsVital = true });
    }

    private static List<Message> Messages(
        JsonText? prompt,
        JsonText? system,
        IReadOnlyList<Part> images
    )
    {
        var messages = new List<Message>(2);
        if (system is { IsEmpty: false } said)
            messages.Add(
                new Message(MessageRole.System, [new TextPart(said)]) { IsBareText = true }
            );
        List<Part> parts = prompt is { IsEmpty: false } text ? [new TextPart(text)] : [];
        parts.AddRange(images);
        messages.Add(new Message(MessageRole.User, parts) { IsBareText = images.Count == 0 });
        return messages;
    }
}
