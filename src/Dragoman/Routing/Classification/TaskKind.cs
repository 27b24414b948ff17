namespace Dragoman.Routing.Classification;

/// <summary>What a prompt asks for, in the public contract's ten words.</summary>
internal enum TaskKind
{
    Code,
    Math,
    Reasoning,
    Knowledge,
    Creative,
    Summarization,
    Translation,
    Extraction,
    Analysis,
    Chat,
}

/// <summary>The tasks by name.</summary>
internal static class TaskKinds
{
    /// <summary>How many there are.</summary>
    public const int Count = 10;

    private static readonly string[] Names =
    [
        "code",
        "math",
        "reasoning",
        "knowledge",
        "creative",
        "summarization",
        "translation",
        "extraction",
        "analysis",
        "chat",
    ];

    /// <summary>The public contract's word for it.</summary>
    public static string Name(this TaskKind task) => Names[(int)task];

    /// <summary>The task of that name, also by the other names the contract accepts; null where there is none.</summary>
    public static TaskKind? Find(string name) =>
        name switch
        {
            "code_generation" or "coding" => TaskKind.Code,
            "qa" => TaskKind.Knowledge,
            "creative_writing" => TaskKind.Creative,
            "summary" => TaskKind.Summarization,
            "conversation" => TaskKind.Chat,
            _ => Array.IndexOf(Names, name) is >= 0 and var index ? (TaskKind)index : null,
        };
}
