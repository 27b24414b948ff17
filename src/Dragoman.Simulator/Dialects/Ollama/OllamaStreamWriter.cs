using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>Writes an answer as lines of JSON; a tool's call is whole in one of them.</summary>
internal sealed class OllamaStreamWriter(OllamaLineWriter lines, ReplyStyle style)
    : EventWriter(style)
{
    private readonly bool _callsLast = style.Quirk == Quirk.OllamaCallsInLastLine;

    protected override void Put(StreamEvent item)
    {
        switch (item.Kind)
        {
            case EventKind.Text:
            case EventKind.Reasoning:
            case EventKind.ToolStart when !_callsLast:
            case EventKind.Finish:
                PutObject((this, item), static (json, it) => it.Item1.WriteLine(json, it.item));
                Put("\n");
                break;
            case EventKind.Error:
                PutObject(
                    item.Failure!,
                    static (json, error) => json.WriteString("error", error.Message)
                );
                Put("\n");
                break;
            case EventKind.Malformed:
                Put("{\"model\":\"simulated\",\"message\":[{]}\n");
                break;
            case EventKind.Truncated:
                Put("{\"model\":\"simulated\",\"mess");
                break;
        }
    }

    private void WriteLine(Utf8JsonWriter json, StreamEvent item)
    {
        var last = item.Kind == EventKind.Finish;
        lines.WriteHead(json);
        lines.WriteSaid(
            json,
            () => WriteText(json, item.Kind == EventKind.Text ? item.Text : ""),
            item.Kind == EventKind.Reasoning ? item.Text : "",
            item.Tool is { } tool ? [tool]
                : last && _callsLast ? lines.Choice.ToolCalls
                : []
        );
        if (last)
            lines.WriteTail(json);
        else
            json.WriteBoolean("done", false);
    }
}
