using System.Text.Json;
using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Gemini;

/// <summary>Reads <c>contents</c> and <c>systemInstruction</c>.</summary>
internal static class ContentsReader
{
    /// <summary>Null, with the mistake named, where a content cannot be read.</summary>
    public static Transcript? Read(JsonElement root, out string? mistake)
    {
        mistake = null;
        var transcript = new TranscriptBuilder();
        if (root.Either("systemInstruction") is { ValueKind: JsonValueKind.Object } system)
        {
            Parts(transcript, system, out _, out _);
            transcript.End(Speaker.System);
        }
        var contents = root.EitherItems("contents").ToList();
        if (contents.Count == 0)
        {
            mistake = "* GenerateContentRequest.contents: contents is not specified\n";
            return null;
        }
        var calls = 0;
        for (var at = 0; at < contents.Count; at++)
        {
            var role = contents[at].Text("role") ?? "user";
            if (role is not ("user" or "model" or "function"))
            {
                mistake = "Please use a valid role: user, model.";
                return null;
            }
            if (Parts(transcript, contents[at], out var called, out var answered) == 0)
            {
                mistake =
                    $"* GenerateContentRequest.contents[{at}].parts: contents.parts must not be empty.\n";
                return null;
            }
            if (calls > 0 && calls != answered)
            {
                mistake =
                    "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
                return null;
            }
            calls = called;
            transcript.End(
                role == "model" ? Speaker.Assistant
                    : answered > 0 ? Speaker.Tool
                    : Speaker.User,
                answered
            );
        }
        return transcript.Build();
    }

    /// <summary>The text of a content, such as one to be embedded.</summary>
    public static string Text(JsonElement content) =>
        string.Join('\n', content.EitherItems("parts").Select(part => part.Text("text")));

    private static int Parts(
        TranscriptBuilder transcript,
        JsonElement content,
        out int calls,
        out int answers
    )
    {
        (calls, answers) = (0, 0);
        var count = 0;
        foreach (var part in content.EitherItems("parts"))
        {
            count++;
            if (part.Text("text") is { } text && part.Flag("thought") != true)
                transcript.Text(text);
            if (part.Either("inlineData") is { ValueKind: JsonValueKind.Object } inline)
                transcript.Attachment(inline.EitherText("mimeType"));
            if (part.Either("fileData") is { ValueKind: JsonValueKind.Object } file)
                transcript.Attachment(file.EitherText("mimeType"));
            if (part.Either("functionCall").ValueKind == JsonValueKind.Object)
                calls++;
            if (part.Either("functionResponse") is { ValueKind: JsonValueKind.Object } response)
            {
                answers++;
                transcript.Text(Answer(response.Object("response")));
            }
        }
        return count;
    }

    // A tool's text comes as a field of this object; "result" and "output" are what clients usually call it.
    private static string Answer(JsonElement response) =>
        response.Text("result")
        ?? response.Text("output")
        ?? response.Text("content")
        ?? (response.ValueKind == JsonValueKind.Undefined ? "" : response.GetRawText());
}
