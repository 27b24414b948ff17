namespace Dragoman.Dialects.Ollama;

/// <summary>Which of Ollama's calls a client makes: each has a shape of its own.</summary>
internal enum OllamaCall
{
    /// <summary><c>/api/chat</c>, and <c>/api/embed</c> beside it.</summary>
    Chat,

    /// <summary><c>/api/generate</c>: a prompt instead of messages.</summary>
    Generate,

    /// <summary><c>/api/embeddings</c>, the forerunner of <c>/api/embed</c>: one prompt, one embedding.</summary>
    Embeddings,
}
