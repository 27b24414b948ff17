using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Writes an answer piece by piece: as server-sent events with CRLF, or as the items of one array.</summary>
internal sealed class GeminiStreamWriter(CandidateWriter candidates, ReplyStyle style, bool array)
    : EventWriter(style)
{
    private bool _begun;
    private bool _signed;

    protected override void Put(StreamEvent item)
    {
        switch (item.Kind)
        {
            case EventKind.Reasoning when candidates.ShowsReasoning:
            case EventKind.Text:
            case EventKind.ToolStart:
            case EventKind.Finish:
                PutItem((this, item), static (json, it) => it.Item1.WriteChunk(json, it.item));
                break;
            case EventKind.Error:
                PutItem(
                    item.Failure!,
                    static (json, error) => GeminiDialect.WriteError(json, error)
                );
                break;
            case EventKind.Malformed:
                Put(
                    array
                        ? Separator() + "{\"candidates\":[{]}"
                        : "data: {\"candidates\":[{]}\r\n\r\n"
                );
                break;
            case EventKind.Truncated:
                Put((array ? Separator() : "data: ") + "{\"candidates\":[{\"content\":{\"par");
                break;
            case EventKind.Done when array:
                Put(_begun ? "\n]" : "[]");
                break;
        }
    }

    private void PutItem<T>(T state, Action<Utf8JsonWriter, T> fields)
    {
        if (!array)
        {
            PutEvent(null, state, fields);
            return;
        }
        Put(Separator());
        PutObject(state, fields);
    }

    private string Separator()
    {
        var separator = _begun ? "\n,\r\n" : "[";
        _begun = true;
        return separator;
    }

    private void WriteChunk(Utf8JsonWriter json, StreamEvent item)
    {
        var choice = candidates.Choice(item.Choice);
        var last = item.Kind == EventKind.Finish;
        json.WriteStartArray("candidates");
        candidates.WriteCandidate(
            json,
            item.Choice,
            () => WritePart(json, item, choice),
            last ? candidates.FinishOf(choice) : null
        );
        json.WriteEndArray();
        candidates.WriteRest(json, last);
    }

    private void WritePart(Utf8JsonWriter json, StreamEvent item, ChatChoice choice)
    {
        var signature = choice.ToolCalls.Count > 0 ? null : candidates.SignatureOf(choice);
        switch (item.Kind)
        {
            case EventKind.ToolStart:
                candidates.WriteCall(json, item.Tool!, item.ToolIndex == 0);
                break;
            case EventKind.Finish:
                candidates.WriteText(
                    json,
                    () => json.WriteStringValue(""),
                    thought: false,
                    candidates.SignsLate ? signature : null
                );
                break;
            default:
                var thought = item.Kind == EventKind.Reasoning;
                var signs = !thought && !_signed && !candidates.SignsLate;
                _signed |= signs;
                candidates.WriteText(
                    json,
                    () => WriteText(json, item.Text),
                    thought,
                    signs ? signature : null
                );
                break;
        }
    }
}
