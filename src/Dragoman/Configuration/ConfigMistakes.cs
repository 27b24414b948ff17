using Dragoman.Configuration.Stored;

namespace Dragoman.Configuration;

/// <summary>Gathers everything that is wrong, so that all of it is told at once; knows on which line each field stands.</summary>
internal sealed class ConfigMistakes(string file)
{
    /// <summary>Past this many nobody reads on.</summary>
    private const int Most = 200;

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredEntry> _stored = new(StringComparer.Ordinal);
    private readonly List<ConfigMistake> _mistakes = [];

    public bool Any => _mistakes.Exists(static mistake => !mistake.IsWarning);

    /// <summary>Whether something is wrong with a field or with what stands in it: what follows from that need not be told too.</summary>
    public bool AnyUnder(string path) =>
        _mistakes.Exists(mistake =>
            !mistake.IsWarning
            && mistake.Path.StartsWith(path, StringComparison.Ordinal)
            && (mistake.Path.Length == path.Length || mistake.Path[path.Length] is '.' or '[')
        );

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ConfigMistake> All =>
        [
            .. _mistakes
                .OrderBy(m => m.File != file)
                .ThenBy(static m => m.File, StringComparer.Ordinal)
                .ThenBy(static m => m.Line)
                .ThenBy(static m => m.Path, StringComparer.Ordinal),
        ];

    /// <summary>Remembers where a field stands.</summary>
    public void Place(string path, int line) => _lines[path] = line;

    /// <summary>Remembers that a field, with all in it, is no part of the file but of what is stored.</summary>
    public void Owned(string path, StoredEntry entry) => _stored[path] = entry;

    /// <summary>A mistake at a field, on the line of the field or of the nearest field around it.</summary>
    public void Add(string path, string message, string? suggestion = null) =>
        AddAt(LineOf(path), path, message, suggestion);

    public void AddAt(int line, string path, string message, string? suggestion = null) =>
        Keep(line, path, message, suggestion, isWarning: false);

    public void Warn(string path, string message) =>
        Keep(LineOf(path), path, message, suggestion: null, isWarning: true);

    /// <summary>A mistake outside the file.</summary>
    public void Environment(string variable, string message, bool isWarning = true) =>
        _mistakes.Add(
            new ConfigMistake
            {
                File = "environment",
                Path = variable,
                Message = message,
                IsWarning = isWarning,
            }
        );

    /// <summary>Takes over what is wrong with another file.</summary>
    public void Include(ConfigMistakes other) => _mistakes.AddRange(other._mistakes);

    private void Keep(int line, string path, string message, string? suggestion, bool isWarning)
    {
        if (_mistakes.Count >= Most)
            return;
        var stored = _stored.Count == 0 ? null : Nearest(path, _stored);
        _mistakes.Add(
            new ConfigMistake
            {
                File = stored is null ? file : ConfigMistake.StoredFile,
                Stored = stored,
                Line = line,
                Path = path,
                Message = message,
                Suggestion = suggestion,
                IsWarning = isWarning,
            }
        );
    }

    private int LineOf(string path) => Nearest(path, _lines);

    /// <summary>What is known of a field, or of the nearest field around it.</summary>
    private static T? Nearest<T>(string path, Dictionary<string, T> known)
    {
        for (var around = path; ; )
        {
            if (known.TryGetValue(around, out var found))
                return found;
            var cut = around.AsSpan().LastIndexOfAny('.', '[');
            if (cut <= 0)
                return default;
            around = around[..cut];
        }
    }
}
