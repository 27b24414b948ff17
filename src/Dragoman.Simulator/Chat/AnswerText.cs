using System.Globalization;
using System.Text;
using Dragoman.Simulator.Replies;
using Dragoman.Simulator.Schemas;

namespace Dragoman.Simulator.Chat;

/// <summary>
/// The words of an answer. They say that nobody thought about it, and do not name the model: a faulty model begins just as the
/// sound one that takes over from it.
/// </summary>
internal static class AnswerText
{
    private const int MostWords = 20_000;
    private const int EchoedWords = 12;

    private static readonly string[] Filler =
    [
        "simulated",
        "words",
        "follow",
        "one",
        "another",
        "without",
        "a",
        "thought",
        "behind",
        "them",
    ];

    public static string Of(ChatCall call, ModelCharacter character, int choice)
    {
        switch (call.Format)
        {
            case AnswerFormat.JsonSchema:
                return SchemaInstances.Of(call.Schema, choice);
            case AnswerFormat.JsonObject:
                return JsonObject(call, choice);
        }
        var transcript = call.Transcript;
        if (transcript.Script is { } script && PromptScript.Of(script).Words is { } words)
            return words;
        var echo = TextPieces.FirstWords(transcript.ToolResult ?? transcript.Prompt, EchoedWords);
        var text = new StringBuilder();
        text.Append(
            transcript.ToolResult is null
                ? $"This is a simulated answer. Your message begins with: {echo}"
                : $"This is a simulated answer. The tool's result begins with: {echo}"
        );
        Attachments(text, transcript);
        if (call.Choices > 1)
            text.Append(CultureInfo.InvariantCulture, $"\nChoice {choice + 1} of {call.Choices}.");
        if (character == ModelCharacter.Reasoning)
            text.Append("\nIt was weighed at length, or would have been.");
        if (character == ModelCharacter.Coding)
            text.Append("\n```csharp\nConsole.WriteLine(\"simulated\");\n```");
        if (WordsWanted(transcript.Prompt) is { } wanted)
            Fill(text, wanted);
        return text.ToString();
    }

    /// <summary>What a reasoning model is said to have thought.</summary>
    public static string Reasoning(ChatCall call)
    {
        var words = TextPieces.FirstWords(call.Transcript.Prompt, EchoedWords);
        var thought =
            $"Simulated reasoning: the question is \"{words}\". Nothing is known about it here. ";
        var rounds = call.ReasoningEffort switch
        {
            "none" => 0,
            "minimal" or "low" => 1,
            "high" or "xhigh" => 4,
            _ => 2,
        };
        return string.Concat(Enumerable.Repeat(thought, rounds)).TrimEnd();
    }

    private static void Attachments(StringBuilder text, Transcript transcript)
    {
        Span<(int Count, string Name)> kinds =
        [
            (transcript.Images, "image"),
            (transcript.Sounds, "sound"),
            (transcript.Files, "file"),
        ];
        foreach (var (count, name) in kinds)
        {
            if (count > 0)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\nIt came with {count} {name}{(count > 1 ? "s" : "")}."
                );
        }
    }

    /// <summary>The number in "… 300 words …"; null where no length is asked for.</summary>
    private static int? WordsWanted(string prompt)
    {
        var words = prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var at = 1; at < words.Length; at++)
        {
            if (
                words[at].StartsWith("words", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(words[at - 1], CultureInfo.InvariantCulture, out var count)
                && count > 0
            )
                return Math.Min(count, MostWords);
        }
        return null;
    }

    private static void Fill(StringBuilder text, int words)
    {
        text.Append('\n');
        for (var word = 0; word < words; word++)
            text.Append(word > 0 ? " " : "").Append(Filler[word % Filler.Length]);
        text.Append('.');
    }

    private static string JsonObject(ChatCall call, int choice) =>
        Encoding.UTF8.GetString(
            Json.Bytes(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("simulated", true);
                json.WriteNumber("choice", choice);
                json.WriteString(
                    "prompt",
                    TextPieces.FirstWords(call.Transcript.Prompt, EchoedWords)
                );
                json.WriteEndObject();
            })
        );
}
