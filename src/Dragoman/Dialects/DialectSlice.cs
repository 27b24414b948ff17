using Dragoman.Dialects.AnthropicMessages;
using Dragoman.Dialects.Gemini;
using Dragoman.Dialects.Ollama;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Dialects.OpenAIResponses;

namespace Dragoman.Dialects;

/// <summary>The dialects that are spoken: one line each.</summary>
public static class DialectSlice
{
    /// <summary>All of them, as they are spoken to providers.</summary>
    public static IReadOnlyList<IDialect> All { get; } =
    [
        new OpenAIChatDialect(),
        new OpenAIResponsesDialect(),
        new AnthropicDialect(),
        new GeminiDialect(),
        new OllamaDialect(),
    ];

    /// <summary>The dialect of that name; null where it is not spoken.</summary>
    public static IDialect? Find(string name)
    {
        foreach (var dialect in All)
        {
            if (dialect.Name == name)
                return dialect;
        }
        return null;
    }
}
