using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Gemini;

/// <summary>
/// Writes parts, one after the other. A signature that vouches for the part behind it is put on that part; where there is none, on an
/// empty text, as Gemini itself does.
/// </summary>
/// <param name="json">Stands in a list of parts.</param>
/// <param name="mediaNames">Says what a file is whose type is not said; null in an answer.</param>
internal sealed class GeminiPartWriter(Utf8JsonWriter json, Action<Part, JsonText>? mediaNames)
{
    private JsonText? _signature;

    /// <summary>How many parts were written.</summary>
    public int Count { get; private set; }

    /// <summary>A signature waits for its part.</summary>
    public bool HasSignature => _signature is not null;

    /// <summary>
    /// A signature without text vouches for what follows, wherever it has been meanwhile: other dialects cannot tell it from
    /// reasoning that was withheld, and Gemini withholds none.
    /// </summary>
    public static bool Vouches(ReasoningPart reasoning) =>
        reasoning.Text.IsEmpty
        && (!reasoning.IsRedacted || reasoning.SignatureOf is null or GeminiDialect.DialectName)
        && !GeminiJson.IsMarked(reasoning.Raw, "signedThought"u8);

    /// <summary>Puts a signature on the part that comes next.</summary>
    public void Sign(JsonText signature) => _signature = signature;

    public void WriteText(TextPart text)
    {
        if (text.Text.IsEmpty && _signature is null && text.Raw.Count == 0)
            return;
        Begin();
        DialectJson.Write(json, "text"u8, text.Text);
        End(text);
    }

    /// <summary>Writes text of the model's own: a refusal.</summary>
    public void WriteText(JsonText text) => WriteText(new TextPart(text));

    public void WriteThought(ReasoningPart thought, JsonText? signature)
    {
        Flush();
        json.WriteStartObject();
        Count++;
        DialectJson.Write(json, "text"u8, thought.Text);
        json.WriteBoolean("thought"u8, true);
        DialectJson.Write(json, "thoughtSignature"u8, signature);
        GeminiJson.WriteRaw(json, thought.Raw);
        json.WriteEndObject();
    }

    public void WriteMedia(Part part, MediaSource source)
    {
        Begin();
        GeminiMediaWriter.Write(json, part, source, mediaNames);
        End(part);
    }

    public void WriteRaw(RawPart raw)
    {
        Flush();
        Count++;
        DialectJson.Write(json, raw.Json);
    }

    public void WriteCall(ToolCallPart call, RawJson arguments)
    {
        Begin();
        json.WriteStartObject("functionCall"u8);
        if (call.Id is { } id && !GeminiCallIds.IsMade(id))
            DialectJson.Write(json, "id"u8, id);
        DialectJson.Write(json, "name"u8, call.Name);
        if (!GeminiJson.IsMarked(call.Raw, "noArgs"u8))
            DialectJson.Write(json, "args"u8, arguments);
        GeminiJson.WriteRaw(json, call.Raw, "functionCall");
        json.WriteEndObject();
        End(call);
    }

    /// <summary>Writes a result, or the beginning of one whose media follow inside.</summary>
    public void WriteResult(ToolResultPart result, JsonText name, IReadOnlyList<Part> media)
    {
        Begin();
        json.WriteStartObject("functionResponse"u8);
        if (result.ToolCallId is { } id && !GeminiCallIds.IsMade(id))
            DialectJson.Write(json, "id"u8, id);
        DialectJson.Write(json, "name"u8, name);
        var texts = result.Content.OfType<TextPart>().Select(static part => part.Text).ToList();
        if (texts.Count > 0 || media.Count == 0)
            GeminiToolOutput.Write(json, JsonText.Join(texts), result.IsError is true);
        if (media.Count > 0)
        {
            json.WriteStartArray("parts"u8);
            var inner = new GeminiPartWriter(json, mediaNames);
            foreach (var part in media)
            {
                if (part is RawPart raw)
                    inner.WriteRaw(raw);
                else
                    inner.WriteMedia(part, GeminiMediaWriter.SourceOf(part)!);
            }
            json.WriteEndArray();
        }
        GeminiJson.WriteRaw(json, result.Raw, "functionResponse");
        json.WriteEndObject();
        End(result);
    }

    /// <summary>Writes an empty text, since a content must have a part.</summary>
    public void WriteNothing()
    {
        Begin();
        DialectJson.Write(json, "text"u8, default(JsonText));
        End(new TextPart(default));
    }

    /// <summary>Writes what still waits.</summary>
    public void Flush()
    {
        if (_signature is not null)
            WriteNothing();
    }

    private void Begin()
    {
        json.WriteStartObject();
        Count++;
    }

    private void End(Part part)
    {
        DialectJson.Write(json, "thoughtSignature"u8, _signature);
        _signature = null;
        GeminiJson.WriteRaw(json, part.Raw);
        json.WriteEndObject();
    }
}
