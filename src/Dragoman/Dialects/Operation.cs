namespace Dragoman.Dialects;

/// <summary>The kinds of call.</summary>
public enum Operation
{
    Chat,
    Embeddings,

    /// <summary>How many tokens a prompt is, without an answer.</summary>
    CountTokens,
}
