using System.Globalization;
using Dragoman.Configuration.Stored;

namespace Dragoman.Configuration;

/// <summary>One thing wrong with the configuration: where, what, and what would be right. Never holds a secret.</summary>
public sealed record ConfigMistake
{
    /// <summary>In the place of a file where the mistake is in what was entered through the API.</summary>
    internal const string StoredFile = "stored configuration";

    /// <summary>The file as it was named, <c>environment</c>, or <c>stored configuration</c>.</summary>
    public required string File { get; init; }

    /// <summary>The entry that it is in, where that is stored; null where it is the file's.</summary>
    internal StoredEntry? Stored { get; init; }

    /// <summary>Counted from 1; 0 where there is no line.</summary>
    public int Line { get; init; }

    /// <summary>The field, e.g. <c>routes.fast.models[1]</c>; empty for the file as a whole.</summary>
    public required string Path { get; init; }
    public required string Message { get; init; }

    /// <summary>The known name nearest to the one that was written.</summary>
    public string? Suggestion { get; init; }

    /// <summary>Worth saying, but no reason to refuse the configuration.</summary>
    public bool IsWarning { get; init; }

    /// <summary><c>file:line: path: message. Did you mean '…'?</c></summary>
    public override string ToString()
    {
        var place =
            Line > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: ")
                : File + ": ";
        var path = Path.Length > 0 ? Path + ": " : "";
        var hint = Suggestion is null ? "" : $" Did you mean '{Suggestion}'?";
        return place + (IsWarning ? "warning: " : "") + path + Message + hint;
    }
}
