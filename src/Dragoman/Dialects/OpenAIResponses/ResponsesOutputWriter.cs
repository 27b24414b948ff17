using System.Globalization;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes the items of an answer's output.</summary>
internal sealed class ResponsesOutputWriter(Utf8JsonWriter json, ResponseHead head)
{
    private int _index;
    private int _calls;

    /// <summary>Writes the parts of a message, and the sources on its last text.</summary>
    public void Write(Message message, IReadOnlyList<Citation> citations)
    {
        var parts = message.Parts;
        for (var i = 0; i < parts.Count; i++)
        {
            switch (parts[i])
            {
                case ReasoningPart:
                    i = WriteReasoning(parts, i);
                    break;
                case TextPart or RefusalPart:
                    i = WriteMessage(parts, i, citations);
                    break;
                case ToolCallPart call:
                    WriteCall(call);
                    break;
                case RawPart raw when raw.Dialect == OpenAIResponsesDialect.DialectName:
                    DialectJson.Write(json, raw.Json);
                    _index++;
                    break;
            }
        }
    }

    /// <summary>An item's id: what it is, whose, and its place.</summary>
    public static string IdOf(ResponseHead head, string prefix, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}_{head.Suffix}_{index}");

    /// <summary>Writes a call as the item its tool has.</summary>
    public static void WriteCall(
        Utf8JsonWriter json,
        ClientTool tool,
        string id,
        ReadOnlySpan<byte> callId,
        ToolArguments? arguments
    )
    {
        var kind = tool.Kind;
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, kind.Call);
        json.WriteString("status"u8, arguments is null ? "in_progress"u8 : "completed"u8);
        json.WritePropertyName("call_id"u8);
        JsonText.Write(json, callId);
        if (kind.IsText)
            DialectJson.Write(json, "name"u8, tool.Name);
        if (!tool.Space.IsEmpty)
            DialectJson.Write(json, "namespace"u8, tool.Space);
        if (kind == ClientToolKind.ToolSearch)
            json.WriteString("execution"u8, "client"u8);
        json.WritePropertyName(kind.Member);
        if (arguments is not { } known)
            WriteNothing(json, kind);
        else if (kind == ClientToolKind.Custom)
            ResponsesCallArguments.InputOf(known).WriteTo(json);
        else if (kind.IsText)
            known.AsText().WriteTo(json);
        else
            DialectJson.Write(json, ResponsesCallArguments.ObjectOf(known, kind));
        json.WriteEndObject();
    }

    /// <summary>Writes <c>{"type":"output_text",…}</c>.</summary>
    public static void WriteText(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> annotations,
        ReadOnlySpan<byte> logProbs
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "output_text"u8);
        json.WriteStartArray("annotations"u8);
        if (!annotations.IsEmpty)
            json.WriteRawValue(annotations, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteStartArray("logprobs"u8);
        if (!logProbs.IsEmpty)
            json.WriteRawValue(logProbs, skipInputValidation: true);
        json.WriteEndArray();
        json.WritePropertyName("text"u8);
        JsonText.Write(json, text);
        json.WriteEndObject();
    }

    /// <summary>Writes a source as an annotation. Where in the text it belongs, no other dialect says.</summary>
    public static void WriteAnnotation(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> url,
        ReadOnlySpan<byte> title
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, url.IsEmpty ? "file_citation"u8 : "url_citation"u8);
        if (url.IsEmpty)
        {
            json.WriteString("file_id"u8, ""u8);
            json.WritePropertyName("filename"u8);
            JsonText.Write(json, title);
            json.WriteNumber("index"u8, 0);
        }
        else
        {
            json.WriteNumber("start_index"u8, 0);
            json.WriteNumber("end_index"u8, 0);
            json.WritePropertyName("title"u8);
            JsonText.Write(json, title);
            json.WritePropertyName("url"u8);
            JsonText.Write(json, url);
        }
        json.WriteEndObject();
    }

    private static void WriteNothing(Utf8JsonWriter json, ClientToolKind kind)
    {
        if (kind.IsText)
            json.WriteStringValue(""u8);
        else
            DialectJson.Write(json, ResponsesCallArguments.ObjectOf(default, kind));
    }

    private void WriteCall(ToolCallPart call)
    {
        var tool = head.Tools.Find(call.Name.Escaped.Span);
        var callId = call.Id ?? JsonText.Of(IdOf(head, "call", _calls));
        WriteCall(
            json,
            tool,
            IdOf(head, tool.Kind.IdPrefix, _index++),
            callId.Escaped.Span,
            call.Arguments
        );
        _calls++;
    }

    private int WriteReasoning(IReadOnlyList<Part> parts, int from)
    {
        var to = from;
        while (
            ((ReasoningPart)parts[to]).Signature is null
            && to + 1 < parts.Count
            && parts[to + 1] is ReasoningPart { Text.IsEmpty: false }
        )
            to++;
        var last = (ReasoningPart)parts[to];
        json.WriteStartObject();
        json.WriteString("id"u8, IdOf(head, "rs", _index++));
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        for (var i = from; i <= to; i++)
        {
            // A signature alone that is no redacted block is told from one by a summary without words.
            if (parts[i] is ReasoningPart { IsRedacted: false } reasoning)
                ResponsesPartWriter.WriteText(json, "summary_text"u8, reasoning.Text);
        }
        json.WriteEndArray();
        if (last.Signature is { } signature)
            DialectJson.Write(
                json,
                "encrypted_content"u8,
                CarriedSignature.Show(
                    signature,
                    last.SignatureOf,
                    OpenAIResponsesDialect.DialectName
                )
            );
        json.WriteEndObject();
        return to;
    }

    private int WriteMessage(IReadOnlyList<Part> parts, int from, IReadOnlyList<Citation> citations)
    {
        var to = from;
        while (to + 1 < parts.Count && parts[to + 1] is TextPart or RefusalPart)
            to++;
        var isLast = !parts.Skip(to + 1).Any(static part => part is TextPart);
        json.WriteStartObject();
        json.WriteString("id"u8, IdOf(head, "msg", _index++));
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, "completed"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        for (var i = from; i <= to; i++)
        {
            if (parts[i] is TextPart text)
                WriteText(text, isLast && i == to ? citations : []);
            else
                WriteRefusal(json, ((RefusalPart)parts[i]).Text.Escaped.Span);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        return to;
    }

    public static void WriteRefusal(Utf8JsonWriter json, ReadOnlySpan<byte> refusal)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "refusal"u8);
        json.WritePropertyName("refusal"u8);
        JsonText.Write(json, refusal);
        json.WriteEndObject();
    }

    private void WriteText(TextPart text, IReadOnlyList<Citation> citations)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "output_text"u8);
        if (!ResponsesJson.Has(text.Raw, null, "annotations"u8))
        {
            json.WriteStartArray("annotations"u8);
            foreach (var citation in citations)
                WriteAnnotation(
                    json,
                    citation.Url.Escaped.Span,
                    citation.Title.GetValueOrDefault().Escaped.Span
                );
            json.WriteEndArray();
        }
        if (!ResponsesJson.Has(text.Raw, null, "logprobs"u8))
        {
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
        }
        DialectJson.Write(json, "text"u8, text.Text);
        ResponsesJson.WriteRaw(json, text.Raw);
        json.WriteEndObject();
    }
}
