using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dragoman.Canonical;
using Dragoman.Dialects.Sse;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Watches a stream of chat completion chunks, with the bends that providers give it.</summary>
/// <param name="reasoningOutsideCompletion">The provider counts reasoning apart from completion tokens (xAI).</param>
internal sealed class OpenAIStreamTap(bool reasoningOutsideCompletion) : StreamTap
{
    private ulong _open;
    private bool _anyFinished;

    public override StreamPiece Inspect(ReadOnlySpan<byte> rawEvent)
    {
        var sse = SseEvent.Parse(rawEvent);
        if (!sse.HasData)
            return StreamPiece.Comment;
        if (sse.IsDone)
        {
            Done = true;
            return StreamPiece.Done;
        }
        var before = (Usage, ServiceTier, Finished, TextOnly, Estimate, _open, _anyFinished);
        var gathered = Transcript?.WrittenCount;
        try
        {
            return InspectChunk(sse.Data);
        }
        catch (JsonException)
        {
            // The client will not get this chunk, so what its sound part said was not said: least of all that this is the end.
            (Usage, ServiceTier, Finished, TextOnly, Estimate, _open, _anyFinished) = before;
            // What was gathered of it cannot be taken back.
            TextOnly &= Transcript?.WrittenCount == gathered;
            return StreamPiece.Malformed;
        }
    }

    public override void WriteBeyond(
        IBufferWriter<byte> output,
        ReadOnlySpan<byte> rawEvent,
        string text
    )
    {
        var chunk = JsonNode.Parse(SseEvent.Parse(rawEvent).Data)!;
        // A chunk that only finishes may leave the delta out.
        var choice = chunk["choices"]![0]!;
        if (choice["delta"] is not JsonObject delta)
            choice["delta"] = delta = [];
        delta["content"] = text;
        SseWriter.BeginData(output);
        using (var json = DialectJson.NewWriter(output))
            chunk.WriteTo(json);
        SseWriter.EndEvent(output);
    }

    private StreamPiece InspectChunk(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(
            data,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return StreamPiece.Malformed;
        var (choices, content, usage, error) = (0, false, false, false);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref json, "choices"u8))
                content |= ReadChoices(ref json, ref choices);
            else if (JsonUnescape.Is(ref json, "usage"u8))
                usage |= ReadUsage(ref json);
            else if (JsonUnescape.Is(ref json, "service_tier"u8))
                ServiceTier = OpenAIServiceTier.Read(ref json) ?? ServiceTier;
            else if (JsonUnescape.Is(ref json, "x_groq"u8))
                ReadGroq(ref json, ref usage, ref error);
            else if (JsonUnescape.Is(ref json, "error"u8))
                error |= SkipUnlessNull(ref json);
            else
                Skip(ref json);
        }
        json.Read(); // Throws where something follows the object.
        if (error)
        {
            Error = OpenAIErrorReader.Read(data);
            return StreamPiece.Error;
        }
        return content ? StreamPiece.Content
            : usage && choices == 0 ? StreamPiece.UsageOnly
            : StreamPiece.Other;
    }

    private bool ReadChoices(ref Utf8JsonReader json, ref int choices)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return false;
        }
        var content = false;
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            choices++;
            content |= ReadChoice(ref json);
        }
        return content;
    }

    private bool ReadChoice(ref Utf8JsonReader json)
    {
        var (content, finished, index) = (false, false, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref json, "delta"u8))
                content |= ReadDelta(ref json);
            else if (JsonUnescape.Is(ref json, "finish_reason"u8))
                finished |= ReadFinish(ref json);
            else if (JsonUnescape.Is(ref json, "index"u8))
                index = ReadIndex(ref json);
            else
                Skip(ref json);
        }
        // One bit a choice; those past the last bit share it.
        var bit = 1UL << Math.Clamp(index, 0, 63);
        if (finished)
            _open &= ~bit;
        else if (content)
            _open |= bit;
        _anyFinished |= finished;
        Finished = _anyFinished && _open == 0;
        return content | finished;
    }

    private bool ReadDelta(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return false;
        }
        var content = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref json, "content"u8))
                content |= ReadText(ref json, isAnswer: true);
            else if (
                JsonUnescape.Is(ref json, "reasoning_content"u8)
                || JsonUnescape.Is(ref json, "reasoning"u8)
                || JsonUnescape.Is(ref json, "refusal"u8)
            )
                content |= ReadText(ref json, isAnswer: false);
            else if (
                JsonUnescape.Is(ref json, "tool_calls"u8)
                || JsonUnescape.Is(ref json, "function_call"u8)
                || JsonUnescape.Is(ref json, "audio"u8)
                || JsonUnescape.Is(ref json, "images"u8)
            )
                content |= ReadStructure(ref json);
            else
                Skip(ref json);
        }
        return content;
    }

    /// <summary>A string, or a list of parts as Mistral sends for thinking models.</summary>
    private bool ReadText(ref Utf8JsonReader json, bool isAnswer)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String)
            return CountStructure(ref json);
        if (json.ValueSpan.IsEmpty)
            return false;
        Estimate.Add(json.ValueSpan);
        if (isAnswer && Transcript is not null)
            Gather(in json, Transcript);
        return true;
    }

    private bool ReadStructure(ref Utf8JsonReader json)
    {
        json.Read();
        if (!CountStructure(ref json))
            return false;
        TextOnly = false;
        return true;
    }

    private bool CountStructure(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            return false;
        var depth = json.CurrentDepth;
        var any = false;
        while (json.Read() && json.CurrentDepth > depth)
        {
            any = true;
            if (json.TokenType == JsonTokenType.String)
                Estimate.Add(json.ValueSpan);
        }
        return any;
    }

    private static bool ReadFinish(ref Utf8JsonReader json)
    {
        json.Read();
        var said = json.TokenType == JsonTokenType.String && !json.ValueSpan.IsEmpty;
        json.Skip();
        return said;
    }

    private int ReadIndex(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var index))
        {
            json.Skip();
            return 0;
        }
        if (index > 0)
            TextOnly = false;
        return index;
    }

    private bool ReadUsage(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return false;
        }
        Usage = OpenAIUsageReader.Read(ref json, reasoningOutsideCompletion) ?? Usage;
        return true;
    }

    private void ReadGroq(ref Utf8JsonReader json, ref bool usage, ref bool error)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonUnescape.Is(ref json, "usage"u8))
                usage |= ReadUsage(ref json);
            else if (JsonUnescape.Is(ref json, "error"u8))
                error |= SkipUnlessNull(ref json);
            else
                Skip(ref json);
        }
    }

    private static bool SkipUnlessNull(ref Utf8JsonReader json)
    {
        json.Read();
        var isNull = json.TokenType == JsonTokenType.Null;
        json.Skip();
        return !isNull;
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private void Gather(in Utf8JsonReader json, ArrayBufferWriter<byte> transcript)
    {
        try
        {
            var room = transcript.GetSpan(json.ValueSpan.Length);
            transcript.Advance(json.CopyString(room));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: what was sent cannot be told to another deployment as it was.
            TextOnly = false;
        }
    }
}
