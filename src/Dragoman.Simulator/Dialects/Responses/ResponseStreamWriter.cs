using System.Text.Json;
using Dragoman.Simulator.Chat;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>Writes a response as events, each with its number; items are begun, filled and ended in turn.</summary>
internal sealed class ResponseStreamWriter(ResponseWriter response, ChatCall call, ReplyStyle style)
    : EventWriter(style)
{
    private readonly List<OutputItem> _items = [];
    private OutputItem? _open;
    private int _number;

    protected override void Put(StreamEvent item)
    {
        switch (item.Kind)
        {
            case EventKind.Role:
                Response("response.created", "in_progress");
                Response("response.in_progress", "in_progress");
                if (response.IsSearched)
                    Search();
                break;
            case EventKind.Reasoning:
                Begin(OutputKind.Reasoning, response.NewReasoning);
                if (call.ShowsReasoning)
                    Delta("response.reasoning_summary_text.delta", item.Text);
                break;
            case EventKind.Text:
                Begin(OutputKind.Message, response.NewMessage);
                Delta("response.output_text.delta", item.Text);
                break;
            case EventKind.ToolStart:
                End();
                Begin(OutputKind.FunctionCall, () => ResponseWriter.NewCall(item.Tool!));
                break;
            case EventKind.ToolArguments:
                Delta("response.function_call_arguments.delta", item.Text);
                break;
            case EventKind.Finish:
                End();
                break;
            case EventKind.Done:
                Finish();
                break;
            case EventKind.Error:
                Error(item.Failure!);
                break;
            case EventKind.Failed:
                Response("response.failed", "failed", ResponseWriter.Failure);
                break;
            case EventKind.Malformed:
                Put(
                    "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":[{]}\n\n"
                );
                break;
            case EventKind.Truncated:
                Put("event: response.output_text.delta\ndata: {\"type\":\"response.outp");
                break;
        }
    }

    private void Event<T>(
        string type,
        T state,
        Action<Utf8JsonWriter, (ResponseStreamWriter Writer, T State)> fields
    ) =>
        PutEvent(
            type,
            (Writer: this, type, state, fields),
            static (json, it) =>
            {
                json.WriteString("type", it.type);
                json.WriteNumber("sequence_number", it.Writer._number++);
                it.fields(json, (it.Writer, it.state));
            }
        );

    private void Response(string type, string status, ApiError? error = null) =>
        Event(
            type,
            (status, error),
            static (json, it) =>
            {
                json.WriteStartObject("response");
                it.Writer.WriteResponse(json, it.State.status, it.State.error);
                json.WriteEndObject();
            }
        );

    private void WriteResponse(Utf8JsonWriter json, string status, ApiError? error) =>
        response.Write(json, status, _items, error);

    private void Finish()
    {
        End();
        var body = response.WriteEnd(_items);
        Event(
            "response." + response.Status,
            body,
            static (json, it) =>
            {
                json.WritePropertyName("response");
                json.WriteRawValue(it.State);
            }
        );
    }

    private void Error(ApiError error) =>
        Event(
            "error",
            error,
            static (json, it) =>
            {
                var nested = it.Writer.Style.Quirk == Quirk.ResponsesNestedError;
                if (nested)
                {
                    json.WriteStartObject("error");
                    json.WriteString("type", it.State.Type);
                }
                json.WriteString("code", it.State.Code ?? it.State.Type);
                json.WriteString("message", it.State.Message);
                json.WriteString("param", it.State.Param);
                if (nested)
                    json.WriteEndObject();
            }
        );

    /// <summary>Begins an item, unless one of this kind is open.</summary>
    private void Begin(OutputKind kind, Func<OutputItem> create)
    {
        if (_open?.Kind == kind)
            return;
        End();
        _open = create();
        _items.Add(_open);
        Item("response.output_item.added", begun: true);
        if (kind == OutputKind.Message)
            Part("response.content_part.added", "");
        else if (kind == OutputKind.Reasoning && call.ShowsReasoning)
            Part("response.reasoning_summary_part.added", "");
    }

    private void Search()
    {
        Begin(OutputKind.WebSearch, response.NewSearch);
        foreach (var stage in new[] { "in_progress", "searching", "completed" })
            Event(
                "response.web_search_call." + stage,
                0,
                static (json, it) => it.Writer.WritePlace(json)
            );
        End();
    }

    private void Annotation(string text) =>
        Event(
            "response.output_text.annotation.added",
            text,
            static (json, it) =>
            {
                it.Writer.WritePlace(json);
                json.WriteNumber("annotation_index", 0);
                json.WriteStartObject("annotation");
                OutputItem.WriteAnnotation(json, it.State);
                json.WriteEndObject();
            }
        );

    private void Delta(string type, string text)
    {
        _open?.Text.Append(text);
        Event(
            type,
            text,
            static (json, it) =>
            {
                it.Writer.WritePlace(json);
                json.WritePropertyName("delta");
                WriteText(json, it.State);
                if (it.Writer._open?.Kind == OutputKind.Message)
                {
                    json.WriteStartArray("logprobs");
                    json.WriteEndArray();
                }
                // Padding against those who watch the lengths of packets.
                json.WriteString("obfuscation", "simulated");
            }
        );
    }

    private void End()
    {
        if (_open is not { } item)
            return;
        var text = item.Text.ToString();
        switch (item.Kind)
        {
            case OutputKind.Reasoning when call.ShowsReasoning:
                Whole("response.reasoning_summary_text.done", "text", text);
                Part("response.reasoning_summary_part.done", text);
                break;
            case OutputKind.Message:
                if (item.IsCited)
                    Annotation(text);
                Whole("response.output_text.done", "text", text);
                Part("response.content_part.done", text);
                break;
            case OutputKind.FunctionCall:
                Whole("response.function_call_arguments.done", "arguments", item.Tool!.Arguments);
                break;
        }
        Item("response.output_item.done", begun: false);
        _open = null;
    }

    private void Item(string type, bool begun) =>
        Event(
            type,
            begun,
            static (json, it) =>
            {
                var item = it.Writer._open!;
                json.WriteNumber("output_index", it.Writer._items.Count - 1);
                json.WriteStartObject("item");
                item.Write(
                    json,
                    it.Writer.ShownId(item),
                    it.State ? "in_progress" : it.Writer.StatusOf(item),
                    begun: it.State
                );
                json.WriteEndObject();
            }
        );

    private void Part(string type, string text) =>
        Event(
            type,
            text,
            static (json, it) =>
            {
                it.Writer.WritePlace(json);
                json.WriteStartObject("part");
                if (it.Writer._open!.Kind == OutputKind.Message)
                    OutputItem.WriteText(
                        json,
                        it.State,
                        it.Writer._open.IsCited && it.State.Length > 0
                    );
                else
                    OutputItem.WriteSummary(json, it.State);
                json.WriteEndObject();
            }
        );

    private void Whole(string type, string field, string text) =>
        Event(
            type,
            (field, text),
            static (json, it) =>
            {
                it.Writer.WritePlace(json);
                json.WriteString(it.State.field, it.State.text);
                if (it.Writer._open!.Kind == OutputKind.FunctionCall)
                    json.WriteString("name", it.Writer._open.Tool!.Name);
                if (it.Writer._open.Kind == OutputKind.Message)
                {
                    json.WriteStartArray("logprobs");
                    json.WriteEndArray();
                }
            }
        );

    private void WritePlace(Utf8JsonWriter json)
    {
        var item = _open!;
        json.WriteString("item_id", ShownId(item));
        json.WriteNumber("output_index", _items.Count - 1);
        if (item.Kind == OutputKind.Message)
            json.WriteNumber("content_index", 0);
        if (item.Kind == OutputKind.Reasoning)
            json.WriteNumber("summary_index", 0);
    }

    private string StatusOf(OutputItem item) => response.ItemStatus(item);

    private string ShownId(OutputItem item) =>
        Style.Quirk == Quirk.ResponsesChangingIds ? $"{item.Id}_{_number}" : item.Id;
}
