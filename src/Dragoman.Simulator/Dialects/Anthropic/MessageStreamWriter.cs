using System.Text;
using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Anthropic;

/// <summary>Writes a message as events: each block is begun, filled and ended before the next.</summary>
internal sealed class MessageStreamWriter(ChatAnswer answer, ReplyStyle style) : EventWriter(style)
{
    // What message_start counts as said before anything was (recorded: 1 to 35).
    private const int FirstOutput = 1;

    private readonly StringBuilder _thinking = new();
    private EventKind? _open;
    private int _block;
    private bool _pinged;

    protected override void Put(StreamEvent item)
    {
        switch (item.Kind)
        {
            case EventKind.Role:
                Event("message_start", 0, static (json, it) => it.Writer.WriteStart(json));
                Specials();
                break;
            case EventKind.Reasoning:
                Begin(
                    EventKind.Reasoning,
                    static (json, _) => MessageBlocks.WriteThinking(json, "", "")
                );
                _thinking.Append(item.Text);
                Delta("thinking_delta", "thinking", item.Text);
                break;
            case EventKind.Text:
                Begin(
                    EventKind.Text,
                    static (json, it) => MessageBlocks.WriteText(json, "", it.Writer.IsCited)
                );
                Delta("text_delta", "text", item.Text);
                break;
            case EventKind.ToolStart:
                End();
                Begin(
                    EventKind.ToolStart,
                    static (json, it) => MessageBlocks.WriteToolUse(json, it.State!, begun: true),
                    item.Tool
                );
                if (Style.Quirk != Quirk.AnthropicNoArgumentDelta)
                    Delta("input_json_delta", "partial_json", "");
                break;
            case EventKind.ToolArguments when !Style.EmptyArguments:
                Delta("input_json_delta", "partial_json", item.Text);
                break;
            case EventKind.Finish:
                End();
                Event("message_delta", 0, static (json, it) => it.Writer.WriteDelta(json));
                break;
            case EventKind.Done:
                Event("message_stop", 0, static (_, _) => { });
                break;
            case EventKind.Ping:
                Event("ping", 0, static (_, _) => { });
                break;
            case EventKind.Error:
                PutEvent(
                    NameOf("error"),
                    item.Failure!,
                    static (json, error) => AnthropicDialect.WriteError(json, error)
                );
                break;
            case EventKind.Malformed:
                Put(
                    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":[{]}\n\n"
                );
                break;
            case EventKind.Truncated:
                Put("event: content_block_delta\ndata: {\"type\":\"content_bl");
                break;
        }
    }

    private bool IsCited => Style.Quirk == Quirk.AnthropicWebSearch;

    private string? NameOf(string type) =>
        Style.Quirk == Quirk.AnthropicUnnamedEvents ? null : type;

    private void Event<T>(
        string type,
        T state,
        Action<Utf8JsonWriter, (MessageStreamWriter Writer, T State)> fields
    ) =>
        PutEvent(
            NameOf(type),
            (this, type, state, fields),
            static (json, it) =>
            {
                json.WriteString("type", it.type);
                it.fields(json, (it.Item1, it.state));
            }
        );

    /// <summary>Begins a block, unless one of this kind is open.</summary>
    private void Begin(
        EventKind kind,
        Action<Utf8JsonWriter, (MessageStreamWriter Writer, ToolCall? State)> fields,
        ToolCall? tool = null
    )
    {
        if (_open == kind)
            return;
        End();
        _open = kind;
        Event(
            "content_block_start",
            (tool, fields),
            static (json, it) =>
            {
                json.WriteNumber("index", it.Writer._block);
                json.WriteStartObject("content_block");
                it.State.fields(json, (it.Writer, it.State.tool));
                json.WriteEndObject();
            }
        );
        if (_pinged)
            return;
        _pinged = true;
        Event("ping", 0, static (_, _) => { });
    }

    private void Delta(string type, string field, string text) =>
        Event(
            "content_block_delta",
            (type, field, text),
            static (json, it) =>
            {
                json.WriteNumber("index", it.Writer._block);
                json.WriteStartObject("delta");
                json.WriteString("type", it.State.type);
                json.WritePropertyName(it.State.field);
                WriteText(json, it.State.text);
                json.WriteEndObject();
            }
        );

    private void End()
    {
        switch (_open)
        {
            case null:
                return;
            case EventKind.Reasoning:
                Delta("signature_delta", "signature", Thought.Sign(_thinking.ToString()));
                break;
            case EventKind.Text when IsCited:
                Event(
                    "content_block_delta",
                    0,
                    static (json, it) =>
                    {
                        json.WriteNumber("index", it.Writer._block);
                        json.WriteStartObject("delta");
                        json.WriteString("type", "citations_delta");
                        json.WriteStartObject("citation");
                        MessageBlocks.WriteCitation(json);
                        json.WriteEndObject();
                        json.WriteEndObject();
                    }
                );
                break;
        }
        _open = null;
        Event(
            "content_block_stop",
            0,
            static (json, it) => json.WriteNumber("index", it.Writer._block)
        );
        _block++;
    }

    /// <summary>Blocks that stand before the answer.</summary>
    private void Specials()
    {
        switch (Style.Quirk)
        {
            case Quirk.AnthropicRedactedThinking:
                Whole(static (json, _) => MessageBlocks.WriteRedacted(json));
                break;
            case Quirk.AnthropicUnknownBlock:
                Whole(static (json, _) => MessageBlocks.WriteUnknown(json));
                break;
            case Quirk.AnthropicWebSearch:
                Begin(
                    EventKind.Raw,
                    static (json, _) => MessageBlocks.WriteSearch(json, begun: true)
                );
                Delta("input_json_delta", "partial_json", MessageBlocks.SearchInput);
                End();
                Whole(static (json, _) => MessageBlocks.WriteSearchResult(json));
                break;
        }
    }

    /// <summary>A block that has no deltas.</summary>
    private void Whole(Action<Utf8JsonWriter, (MessageStreamWriter Writer, ToolCall? State)> fields)
    {
        Begin(EventKind.Raw, fields);
        End();
    }

    private void WriteStart(Utf8JsonWriter json)
    {
        json.WriteStartObject("message");
        json.WriteString("model", answer.Model);
        json.WriteString("id", answer.Id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        if (Style.Placement != UsagePlacement.Nowhere)
            MessageUsage.Write(json, answer.Usage, FirstOutput, searched: false);
        json.WriteEndObject();
    }

    private void WriteDelta(Utf8JsonWriter json)
    {
        var choice = answer.Choices[0];
        json.WriteStartObject("delta");
        json.WriteString("stop_reason", MessageWriter.StopReason(choice, Style));
        json.WriteString("stop_sequence", choice.StoppedBy);
        json.WriteEndObject();
        if (Style.Placement != UsagePlacement.Nowhere)
            MessageUsage.WriteDelta(
                json,
                answer.Usage,
                Style.Quirk == Quirk.AnthropicRepeatedUsage,
                IsCited
            );
    }
}
