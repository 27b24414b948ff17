using System.Buffers;
using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>Writes the events of one item, and the item itself once it is whole.</summary>
internal sealed class ResponsesItemEvents(ResponsesEventWriter events)
{
    private static ReadOnlySpan<byte> Content => "content_index"u8;
    private static ReadOnlySpan<byte> Summary => "summary_index"u8;

    public void Added(ResponsesItemInWriting item)
    {
        events.Begin("response.output_item.added"u8);
        events.Number("output_index"u8, item.Index);
        var json = events.Member("item"u8);
        if (item.Kind is ItemKind.Call)
            ResponsesOutputWriter.WriteCall(
                json,
                item.Tool,
                item.Id,
                item.CallId.Escaped.Span,
                arguments: null
            );
        else
            WriteItem(json, item, isDone: false);
        events.End();
    }

    /// <summary>An item that came whole.</summary>
    public void Whole(int index, ReadOnlySpan<byte> item)
    {
        events.Begin("response.output_item.added"u8);
        events.Number("output_index"u8, index);
        events.Json("item"u8, item);
        events.End();
        events.Begin("response.output_item.done"u8);
        events.Number("output_index"u8, index);
        events.Json("item"u8, item);
        events.End();
    }

    public void OpenPart(ResponsesItemInWriting item, OpenPart part)
    {
        item.Part = part;
        item.Text.ResetWrittenCount();
        if (part is OpenAIResponses.OpenPart.Summary)
            events.Begin("response.reasoning_summary_part.added"u8, item, Summary, item.PartIndex);
        else
            events.Begin("response.content_part.added"u8, item, Content, item.PartIndex);
        WritePart(events.Member("part"u8), item);
        events.End();
    }

    /// <summary>More of the open part's text.</summary>
    public void Delta(
        ResponsesItemInWriting item,
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> logProbs
    )
    {
        if (text.IsEmpty)
            return;
        item.Text.Write(text);
        switch (item.Part)
        {
            case OpenAIResponses.OpenPart.Text:
                events.Begin("response.output_text.delta"u8, item, Content, item.PartIndex);
                events.Text("delta"u8, text);
                events.List("logprobs"u8, logProbs);
                ResponsesItemInWriting.Append(item.LogProbs, logProbs);
                break;
            case OpenAIResponses.OpenPart.Refusal:
                events.Begin("response.refusal.delta"u8, item, Content, item.PartIndex);
                events.Text("delta"u8, text);
                break;
            default:
                events.Begin(
                    "response.reasoning_summary_text.delta"u8,
                    item,
                    Summary,
                    item.PartIndex
                );
                events.Text("delta"u8, text);
                break;
        }
        events.End();
    }

    public void Annotation(ResponsesItemInWriting item, ReadOnlySpan<byte> annotation)
    {
        ResponsesItemInWriting.Append(item.Annotations, annotation);
        events.Begin("response.output_text.annotation.added"u8, item, Content, item.PartIndex);
        events.Number("annotation_index"u8, item.AnnotationCount++);
        events.Json("annotation"u8, annotation);
        events.End();
    }

    public void ClosePart(ResponsesItemInWriting item)
    {
        var text = item.Text.WrittenSpan;
        switch (item.Part)
        {
            case OpenAIResponses.OpenPart.None:
                return;
            case OpenAIResponses.OpenPart.Text:
                events.Begin("response.output_text.done"u8, item, Content, item.PartIndex);
                events.Text("text"u8, text);
                events.List("logprobs"u8, item.LogProbs.WrittenSpan);
                break;
            case OpenAIResponses.OpenPart.Refusal:
                events.Begin("response.refusal.done"u8, item, Content, item.PartIndex);
                events.Text("refusal"u8, text);
                break;
            default:
                events.Begin(
                    "response.reasoning_summary_text.done"u8,
                    item,
                    Summary,
                    item.PartIndex
                );
                events.Text("text"u8, text);
                break;
        }
        events.End();
        var part = new ArrayBufferWriter<byte>(text.Length + 128);
        using (var json = DialectJson.NewWriter(part))
            WritePart(json, item);
        if (item.Part is OpenAIResponses.OpenPart.Summary)
            events.Begin("response.reasoning_summary_part.done"u8, item, Summary, item.PartIndex);
        else
            events.Begin("response.content_part.done"u8, item, Content, item.PartIndex);
        events.Json("part"u8, part.WrittenSpan);
        events.End();
        ResponsesItemInWriting.Append(item.Parts, part.WrittenSpan);
        item.Part = OpenAIResponses.OpenPart.None;
        item.PartIndex++;
        item.AnnotationCount = 0;
        item.Annotations.ResetWrittenCount();
        item.LogProbs.ResetWrittenCount();
    }

    /// <summary>Ends a message or a reasoning item, and gives it whole.</summary>
    public byte[] Done(ResponsesItemInWriting item)
    {
        var whole = new ArrayBufferWriter<byte>(item.Parts.WrittenCount + 256);
        using (var json = DialectJson.NewWriter(whole))
            WriteItem(json, item, isDone: true);
        return Done(item, whole);
    }

    /// <summary>More of a call's arguments.</summary>
    public void Arguments(ResponsesItemInWriting call, ReadOnlySpan<byte> text)
    {
        call.Text.Write(text);
        if (call.Tool.Kind == ClientToolKind.Function)
        {
            events.Begin("response.function_call_arguments.delta"u8, call, partName: default);
            events.Text("delta"u8, text);
            events.End();
        }
        else if (call.Input is { } input)
        {
            var before = call.Parts.WrittenCount;
            input.Feed(text, call.Parts);
            if (call.Parts.WrittenCount > before)
                InputDelta(call, call.Parts.WrittenSpan[before..]);
        }
    }

    /// <summary>Ends a call, and gives its item whole.</summary>
    public byte[] DoneCall(ResponsesItemInWriting call)
    {
        var arguments = ToolArguments.FromText(JsonText.FromEscaped(call.Text.WrittenMemory));
        if (call.Tool.Kind == ClientToolKind.Function)
        {
            events.Begin("response.function_call_arguments.done"u8, call, partName: default);
            events.Text("name"u8, call.Tool.Name.Escaped.Span);
            events.Text("arguments"u8, call.Text.WrittenSpan);
            events.End();
        }
        else if (call.Input is { } input)
        {
            if (!input.HasText)
            {
                // Not what the schema says: the client gets what the model wrote.
                var said = ResponsesCallArguments.InputOf(arguments);
                call.Parts.Write(said.Escaped.Span);
                InputDelta(call, said.Escaped.Span);
            }
            events.Begin("response.custom_tool_call_input.done"u8, call, partName: default);
            events.Text("input"u8, call.Parts.WrittenSpan);
            events.End();
            arguments = ResponsesCallArguments.OfInput(
                JsonText.FromEscaped(call.Parts.WrittenMemory)
            );
        }
        else
            Added(call);
        var whole = new ArrayBufferWriter<byte>(call.Text.WrittenCount + 256);
        using (var json = DialectJson.NewWriter(whole))
            ResponsesOutputWriter.WriteCall(
                json,
                call.Tool,
                call.Id,
                call.CallId.Escaped.Span,
                arguments
            );
        return Done(call, whole);
    }

    private void InputDelta(ResponsesItemInWriting call, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return;
        events.Begin("response.custom_tool_call_input.delta"u8, call, partName: default);
        events.Text("delta"u8, text);
        events.End();
    }

    private byte[] Done(ResponsesItemInWriting item, ArrayBufferWriter<byte> whole)
    {
        events.Begin("response.output_item.done"u8);
        events.Number("output_index"u8, item.Index);
        events.Json("item"u8, whole.WrittenSpan);
        events.End();
        return whole.WrittenSpan.ToArray();
    }

    private static void WritePart(Utf8JsonWriter json, ResponsesItemInWriting item)
    {
        var text = item.Text.WrittenSpan;
        if (item.Part is OpenAIResponses.OpenPart.Text)
            ResponsesOutputWriter.WriteText(
                json,
                text,
                item.Annotations.WrittenSpan,
                item.LogProbs.WrittenSpan
            );
        else if (item.Part is OpenAIResponses.OpenPart.Refusal)
            ResponsesOutputWriter.WriteRefusal(json, text);
        else
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "summary_text"u8);
            json.WritePropertyName("text"u8);
            JsonText.Write(json, text);
            json.WriteEndObject();
        }
    }

    private static void WriteItem(Utf8JsonWriter json, ResponsesItemInWriting item, bool isDone)
    {
        var isMessage = item.Kind is ItemKind.Message;
        json.WriteStartObject();
        json.WriteString("id"u8, item.IdUtf8);
        json.WriteString("type"u8, isMessage ? "message"u8 : "reasoning"u8);
        if (isMessage)
        {
            json.WriteString("status"u8, isDone ? "completed"u8 : "in_progress"u8);
            json.WriteString("role"u8, "assistant"u8);
        }
        json.WriteStartArray(isMessage ? "content"u8 : "summary"u8);
        if (isDone && item.Parts.WrittenCount > 0)
            json.WriteRawValue(item.Parts.WrittenSpan, skipInputValidation: true);
        json.WriteEndArray();
        if (isDone)
            DialectJson.Write(json, "encrypted_content"u8, item.Encrypted);
        json.WriteEndObject();
    }
}
