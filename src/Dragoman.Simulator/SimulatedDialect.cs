namespace Dragoman.Simulator;

/// <summary>The dialects a simulated provider speaks, all of them on one port.</summary>
[Flags]
public enum SimulatedDialect
{
    None = 0,

    /// <summary><c>/v1/chat/completions</c> and <c>/v1/embeddings</c>.</summary>
    OpenAIChat = 1,

    /// <summary><c>/v1/responses</c>.</summary>
    OpenAIResponses = 2,

    /// <summary><c>/openai/deployments/{model}/chat/completions</c> and <c>…/embeddings</c>.</summary>
    AzureOpenAI = 4,

    /// <summary><c>/v1/messages</c>, and Claude on Vertex AI.</summary>
    AnthropicMessages = 8,

    /// <summary><c>/v1beta/models/{model}:…</c>, and Gemini on Vertex AI.</summary>
    Gemini = 16,

    /// <summary><c>/api/…</c>, Ollama's own.</summary>
    Ollama = 32,

    All = OpenAIChat | OpenAIResponses | AzureOpenAI | AnthropicMessages | Gemini | Ollama,
}
