namespace Dragoman.Configuration.Yaml;

/// <summary>A piece of a configuration file with its line.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Weight">How many pieces it stands for once every alias is written out.</param>
internal abstract record ConfigNode(int Line, long Weight);

/// <summary>A text, number, flag or nothing.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Text">As written, quotes and escapes resolved.</param>
/// <param name="IsPlain">Written without quotes, so that it may be a number, a flag or nothing.</param>
internal sealed record ConfigScalar(int Line, string Text, bool IsPlain) : ConfigNode(Line, 1)
{
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>Entries in the order of the file.</summary>
internal sealed record ConfigMap(int Line, long Weight, IReadOnlyList<ConfigEntry> Entries)
    : ConfigNode(Line, Weight)
{
    private Dictionary<string, ConfigEntry>? _byKey;

    /// <summary>The entry of that key; null where there is none.</summary>
    public ConfigEntry? Find(string key) =>
        (
            _byKey ??= Entries.ToDictionary(static entry => entry.Key, StringComparer.Ordinal)
        ).GetValueOrDefault(key);
}

/// <summary>A key and what it holds.</summary>
internal sealed record ConfigEntry(string Key, int Line, ConfigNode Value);

/// <summary>Items in the order of the file.</summary>
internal sealed record ConfigList(int Line, long Weight, IReadOnlyList<ConfigNode> Items)
    : ConfigNode(Line, Weight);
