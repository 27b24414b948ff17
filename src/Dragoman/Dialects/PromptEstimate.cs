using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>Estimates the tokens of a request's prompt from its body, for answers that tell no usage.</summary>
internal static class PromptEstimate
{
    /// <summary>OpenAI's published figure for what roles and framing add to a message (cookbook "How to count tokens", seen 2026-11).</summary>
    private const int TokensPerMessage = 3;

    /// <summary>All text of <c>messages</c>, <c>tools</c>, <c>input</c> and what other dialects call them; images and other data count nothing. The body is known to be JSON.</summary>
    public static long Of(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(
            body,
            new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth }
        );
        var estimate = new TokenEstimate();
        var framing = 0L;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMessages = JsonUnescape.Is(ref json, "messages"u8);
            var counts =
                isMessages
                || JsonUnescape.Is(ref json, "tools"u8)
                || JsonUnescape.Is(ref json, "input"u8)
                || JsonUnescape.Is(ref json, "system"u8)
                || JsonUnescape.Is(ref json, "contents"u8)
                || JsonUnescape.Is(ref json, "systemInstruction"u8)
                || JsonUnescape.Is(ref json, "system_instruction"u8)
                || JsonUnescape.Is(ref json, "generateContentRequest"u8)
                || JsonUnescape.Is(ref json, "requests"u8)
                || JsonUnescape.Is(ref json, "instructions"u8)
                || JsonUnescape.Is(ref json, "prompt"u8)
                || JsonUnescape.Is(ref json, "content"u8);
            json.Read();
            if (counts)
                framing += Add(ref json, ref estimate) * (isMessages ? TokensPerMessage : 0);
            else
                json.Skip();
        }
        return estimate.Tokens + framing;
    }

    /// <summary>Adds the strings of a value; the result is how many elements it has.</summary>
    private static int Add(ref Utf8JsonReader json, ref TokenEstimate estimate)
    {
        if (json.TokenType == JsonTokenType.String)
            estimate.Add(json.ValueSpan);
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            return 1;
        var (depth, elements, isData) = (json.CurrentDepth, 0, false);
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (
                json.CurrentDepth == depth + 1
                && json.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray)
            )
                elements++;
            if (json.TokenType == JsonTokenType.String && !isData)
                estimate.Add(json.ValueSpan);
            isData =
                json.TokenType == JsonTokenType.PropertyName
                && (
                    JsonUnescape.Is(ref json, "url"u8)
                    || JsonUnescape.Is(ref json, "data"u8)
                    || JsonUnescape.Is(ref json, "file_data"u8)
                );
        }
        return elements;
    }
}
