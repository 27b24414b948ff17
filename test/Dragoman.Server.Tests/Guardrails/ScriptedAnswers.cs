using System.Text.Json;
using Dragoman.Server.Tests.Inference;

namespace Dragoman.Server.Tests.Guardrails;

/// <summary>What a provider of OpenAI's dialect says, whole or in pieces of three characters.</summary>
internal static class ScriptedAnswers
{
    /// <summary>A provider that says a text, streamed where it is asked to.</summary>
    public static Task<ScriptedProvider> SayingAsync(string text) =>
        ScriptedProvider.StartAsync(asked => Saying(text, IsStream(asked)));

    public static bool IsStream(ScriptedProvider.Asked asked) =>
        asked.Body.Contains("\"stream\":true", StringComparison.Ordinal);

    public static ScriptedProvider.Answer Saying(string text, bool isStream) =>
        isStream
            ? ScriptedProvider.Answer.Stream(Pieces(text) + End())
            : ScriptedProvider.Answer.Json(
                Plain(
                    $$$"""{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}}}""",
                    "stop"
                )
            );

    public static string Pieces(string text) =>
        string.Concat(
            text.Chunk(3)
                .Select(static piece =>
                    Chunk($$$"""{"content":{{{JsonSerializer.Serialize(new string(piece))}}}}""")
                )
        );

    public static string End(string finish = "stop") =>
        Chunk("{}", $"\"{finish}\"") + "data: [DONE]\n\n";

    public static string Plain(string message, string finish) =>
        $$$"""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{{{message}}},"finish_reason":"{{{finish}}}"}],"usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}""";

    public static string Chunk(string delta, string finish = "null") =>
        $$$"""
            data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{finish}}}}]}


            """;
}
