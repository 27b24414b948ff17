using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Dialects.Ollama;

/// <summary>Reads a streamed answer of chat or of generate, line by line. Tool calls come whole; the last line says that it is done.</summary>
internal sealed class OllamaStreamReader : ChatStreamReader
{
    private int _calls;
    private bool _hasStarted;

    public override void Read(ReadOnlySpan<byte> rawEvent, IChatEventSink sink)
    {
        var data = rawEvent.Trim(" \t\r\n"u8);
        if (HasEnded || data.IsEmpty)
            return;
        if (!OllamaLine.TryRead(data, out var line))
            MalformedEvents++;
        else if (!line.Error.IsEmpty)
            Fail(sink, ErrorOf(line.Error));
        else
            ReadLine(line, data, sink);
    }

    /// <summary>Every server says when it is done, so a stream without that was cut.</summary>
    public override void Complete(IChatEventSink sink)
    {
        if (!HasEnded)
            Fail(sink, Cut);
    }

    private void ReadLine(in OllamaLine line, ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        if (!_hasStarted && line.IsAnswer)
        {
            _hasStarted = true;
            sink.Take(
                ChatEvent.OfStart(default, line.Model, OllamaTime.Seconds(line.CreatedAt) ?? 0)
            );
        }
        TellOwnMembers(data, sink);
        if (!line.LogProbs.IsEmpty)
            sink.Take(ChatEvent.OfLogProbs(0, OllamaLogProbs.Wrap(line.LogProbs)));
        if (!line.Thinking.IsEmpty)
            sink.Take(ChatEvent.OfReasoning(0, line.Thinking));
        if (!line.Content.IsEmpty)
            sink.Take(ChatEvent.OfText(0, line.Content));
        var calls = new JsonWalk(line.ToolCalls);
        while (calls.Next())
            TellCall(calls.Value, sink);
        if (line.IsDone)
            End(line, sink);
    }

    private void TellCall(ReadOnlySpan<byte> call, IChatEventSink sink)
    {
        ReadOnlySpan<byte> id = default;
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> arguments = default;
        var members = new JsonWalk(call);
        while (members.Next())
        {
            if (members.IsText && members.Is("id"u8))
                id = members.Text;
            else if (members.IsObject && members.Is("function"u8))
                ReadFunction(members.Value, ref name, ref arguments);
        }
        var place = _calls++;
        sink.Take(ChatEvent.OfToolCall(0, place, id, name));
        if (!arguments.IsEmpty)
            sink.Take(ChatEvent.OfToolArguments(0, place, arguments));
    }

    private static void ReadFunction(
        ReadOnlySpan<byte> function,
        ref ReadOnlySpan<byte> name,
        ref ReadOnlySpan<byte> arguments
    )
    {
        var members = new JsonWalk(function);
        while (members.Next())
        {
            if (members.IsText && members.Is("name"u8))
                name = members.Text;
            else if (members.Is("arguments"u8) && !members.IsNull)
                arguments = members.IsText
                    ? members.Text
                    : JsonText.Of(Encoding.UTF8.GetString(members.Value)).Escaped.Span;
        }
    }

    private static void TellOwnMembers(ReadOnlySpan<byte> data, IChatEventSink sink)
    {
        var members = new JsonWalk(data);
        while (members.Next())
        {
            if (!OllamaLine.Knows(members))
                sink.Take(
                    ChatEvent.OfRaw(
                        OllamaDialect.DialectName,
                        RawScope.Reply,
                        0,
                        members.Name,
                        members.Value
                    )
                );
        }
    }

    private void End(in OllamaLine line, IChatEventSink sink)
    {
        HasEnded = true;
        var stop = OllamaStopWords.Read(line.DoneReason, hasToolCalls: _calls > 0);
        // "stop" is no word for it, and other dialects would take it for theirs.
        sink.Take(
            ChatEvent.OfStop(0, stop, stop is StopReason.ToolCalls ? default : line.DoneReason)
        );
        if (line.Usage.ToUsage() is { } usage)
            sink.Take(ChatEvent.OfUsage(usage));
        sink.Take(ChatEvent.OfEnd());
    }

    private void Fail(IChatEventSink sink, GatewayError error)
    {
        HasEnded = true;
        sink.Take(ChatEvent.OfError(error));
    }

    private static GatewayError ErrorOf(ReadOnlySpan<byte> value)
    {
        byte[] body = [.. """{"error":"""u8, .. value, (byte)'}'];
        var error = OllamaErrorReader.Read(body);
        return error.ToGatewayError() with
        {
            UpstreamBody = error.IsCanonicalShape ? body : default,
        };
    }
}
