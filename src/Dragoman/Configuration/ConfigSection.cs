using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration;

/// <summary>
/// A mapping of the file, read field by field. Every field that is asked for counts as known; <see cref="Done"/> then reports the
/// others. A field that is absent or empty is null, "not said".
/// </summary>
internal sealed class ConfigSection(ConfigMap map, string path, ConfigSource source)
{
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    public string Path { get; } = path;
    public ConfigMistakes Mistakes { get; } = source.Mistakes;

    public string? Text(string name) =>
        Scalar(name) is var (text, _) && NotEmpty(name, text) ? text : null;

    public bool? Flag(string name)
    {
        if (Scalar(name) is not var (text, mayBeFlag))
            return null;
        if (mayBeFlag && text is "true" or "True" or "TRUE")
            return true;
        if (mayBeFlag && text is "false" or "False" or "FALSE")
            return false;
        Wrong(name, "true or false");
        return null;
    }

    public decimal? Number(string name, decimal min, decimal max)
    {
        if (Scalar(name) is not var (text, mayBeNumber))
            return null;
        if (
            mayBeNumber
            && decimal.TryParse(
                text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
        {
            if (number >= min && number <= max)
                return number;
            Mistakes.Add(Of(name), Invariant($"Must be between {min} and {max}{Written(name)}."));
            return null;
        }
        Wrong(name, Invariant($"a number between {min} and {max}"));
        return null;
    }

    public int? Whole(string name, int min, int max)
    {
        if (Number(name, min, max) is not { } number)
            return null;
        if (number == decimal.Truncate(number))
            return (int)number;
        Wrong(name, Invariant($"a whole number between {min} and {max}"));
        return null;
    }

    /// <summary>A time in seconds.</summary>
    public TimeSpan? Seconds(string name, decimal min = 0.001m, decimal max = 86_400) =>
        Number(name, min, max) is { } seconds ? TimeSpan.FromSeconds((double)seconds) : null;

    /// <summary>One of some words.</summary>
    public string? Word(string name, params IReadOnlyList<string> allowed) =>
        Text(name) is { } word && IsAllowed(Of(name), word, allowed, Written(name)) ? word : null;

    public IReadOnlyList<string>? Words(string name, params IReadOnlyList<string> allowed) =>
        Texts(name) is { } words
            ?
            [
                .. words.Where(
                    (word, index) => IsAllowed(Invariant($"{Of(name)}[{index}]"), word, allowed)
                ),
            ]
            : null;

    /// <summary>One text or a list of them; a list of none is a mistake.</summary>
    public IReadOnlyList<string>? TextOrTexts(string name)
    {
        var texts =
            Find(name) is ConfigList ? Texts(name)
            : Text(name) is { } one ? [one]
            : null;
        if (texts is { Count: 0 })
            Wrong(name, "a text or a list of at least one");
        return texts;
    }

    public IReadOnlyList<string>? Texts(string name)
    {
        switch (Find(name))
        {
            case null or ConfigScalar { IsNull: true }:
                return null;
            case ConfigList list:
                var texts = new List<string>(list.Items.Count);
                for (var i = 0; i < list.Items.Count; i++)
                    if (ItemText(list.Items[i], Invariant($"{Of(name)}[{i}]")) is { } text)
                        texts.Add(text);
                return texts;
            default:
                Wrong(name, "a list of texts, e.g. [a, b]");
                return null;
        }
    }

    /// <summary>There is a mapping of that name.</summary>
    public bool IsMapping(string name) => Find(name) is ConfigMap;

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<string>? OneOrMore(string name) =>
        Find(name) is ConfigList ? Texts(name)
        : Text(name) is { } one ? [one]
        : null;

    /// <summary>Everything in a mapping of names to texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TextsByName(string name)
    {
        if (Section(name) is not { } section)
            return [];
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var entry in section.Entries)
            if (section.Text(entry) is { } text)
                texts.Add(new(entry, text));
        return texts;
    }

    public ConfigSection? Section(string name)
    {
        switch (Find(name))
        {
            case null or ConfigScalar { IsNull: true }:
                return null;
            case ConfigMap inner:
                return new ConfigSection(inner, Of(name), source);
            default:
                Wrong(name, "a mapping of names to values");
                return null;
        }
    }

    /// <summary>The sections of a mapping of names to sections; an empty one counts as a section that says nothing.</summary>
    public IEnumerable<(string Name, ConfigSection Section)> Sections(string name)
    {
        if (Section(name) is not { } outer)
            yield break;
        foreach (var entry in outer.Entries)
        {
            if (outer.Find(entry) is ConfigScalar { IsNull: true } nothing)
                yield return (
                    entry,
                    new ConfigSection(new ConfigMap(nothing.Line, 1, []), outer.Of(entry), source)
                );
            else if (outer.Section(entry) is { } inner)
                yield return (entry, inner);
        }
    }

    /// <summary>The sections of the lists in a mapping of names to lists.</summary>
    public IEnumerable<(string Name, IEnumerable<ConfigSection> Items)> Lists(string name)
    {
        if (Section(name) is not { } outer)
            yield break;
        foreach (var entry in outer.Entries)
            yield return (entry, outer.Items(entry));
    }

    /// <summary>Everything in a mapping of names to numbers.</summary>
    public IReadOnlyDictionary<string, decimal>? NumbersByName(
        string name,
        decimal min,
        decimal max
    )
    {
        if (Section(name) is not { } section)
            return null;
        var numbers = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var entry in section.Entries)
            if (section.Number(entry, min, max) is { } number)
                numbers[entry] = number;
        return numbers;
    }

    /// <summary>The sections of a list.</summary>
    public IEnumerable<ConfigSection> Items(string name)
    {
        switch (Find(name))
        {
            case null or ConfigScalar { IsNull: true }:
                yield break;
            case ConfigList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    var itemPath = Invariant($"{Of(name)}[{i}]");
                    Mistakes.Place(itemPath, list.Items[i].Line);
                    if (list.Items[i] is ConfigMap item)
                        yield return new ConfigSection(item, itemPath, source);
                    else
                        Mistakes.Add(itemPath, "Must be a mapping of names to values.");
                }
                break;
            default:
                Wrong(name, "a list");
                break;
        }
    }

    /// <summary>Fields of rooms that are not built: known, and refused where they say something.</summary>
    public void NotSupported(params IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (SaysSomething(name))
                Mistakes.Add(Of(name), "This is not supported yet.");
    }

    /// <summary>Fields that bear on nothing yet, and cannot make an answer wrong.</summary>
    public void WithoutEffect(params IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (SaysSomething(name))
                Mistakes.Warn(Of(name), "This has no effect yet.");
    }

    /// <summary>Reports the fields that nobody asked for.</summary>
    public void Done()
    {
        foreach (var entry in map.Entries)
        {
            if (_known.Contains(entry.Key))
                continue;
            Mistakes.AddAt(
                entry.Line,
                Of(entry.Key),
                $"Unknown key. Known are: {string.Join(", ", _known)}.",
                NearestName.Of(entry.Key, _known)
            );
        }
    }

    /// <summary>A name as messages show it: cut short, since a misplaced secret may be long.</summary>
    public static string Shown(string name) => name.Length <= 40 ? name : name[..8] + "…";

    private IEnumerable<string> Entries => map.Entries.Select(static entry => entry.Key);

    private string Of(string name) => Path.Length == 0 ? Shown(name) : Path + "." + Shown(name);

    private ConfigNode? Find(string name)
    {
        _known.Add(name);
        if (map.Find(name) is not { } entry)
            return null;
        Mistakes.Place(Of(name), entry.Line);
        return entry.Value;
    }

    /// <summary>A scalar's text, and whether it may stand for a number or a flag.</summary>
    private (string Text, bool Loose)? Scalar(string name)
    {
        switch (Find(name))
        {
            case null or ConfigScalar { IsNull: true }:
                return null;
            case ConfigScalar scalar:
                return Substitute(scalar, Of(name)) is var (text, substituted)
                    ? (text, scalar.IsPlain || substituted)
                    : null;
            default:
                Wrong(name, "a single value");
                return null;
        }
    }

    private string? ItemText(ConfigNode node, string itemPath)
    {
        Mistakes.Place(itemPath, node.Line);
        if (node is not ConfigScalar { IsNull: false } scalar)
            Mistakes.Add(itemPath, "Must be a text.");
        else if (Substitute(scalar, itemPath) is var (text, _))
        {
            if (text.Length > 0)
                return text;
            Mistakes.Add(itemPath, "Must not be empty.");
        }
        return null;
    }

    private (string Text, bool Substituted)? Substitute(ConfigScalar scalar, string at)
    {
        var text = Substitution.Apply(
            scalar.Text,
            source.Environment,
            out var substituted,
            out var missing
        );
        if (text is not null)
            return (text, substituted);
        Mistakes.Add(
            at,
            Substitution.IsSecret(missing!)
                    ? $"There is no secret '{Shown(missing![SecretFields.Prefix.Length..])}' in the vault: enter it again."
                : Substitution.IsName(missing!)
                    ? $"The environment variable {Substitution.Shown(missing!)} is not set."
                : "${…} must hold the name of an environment variable."
        );
        return null;
    }

    private bool SaysSomething(string name) =>
        Find(name) switch
        {
            null or ConfigScalar { IsNull: true } => false,
            ConfigMap inner => inner.Entries.Count > 0,
            ConfigList list => list.Items.Count > 0,
            _ => true,
        };

    private bool IsAllowed(
        string at,
        string word,
        IReadOnlyList<string> allowed,
        string written = ""
    )
    {
        if (allowed.Contains(word, StringComparer.Ordinal))
            return true;
        Mistakes.Add(
            at,
            $"Must be one of: {string.Join(", ", allowed)}{written}.",
            NearestName.Of(word, allowed)
        );
        return false;
    }

    private bool NotEmpty(string name, string text)
    {
        if (text.Length > 0)
            return true;
        Mistakes.Add(Of(name), "Must not be empty.");
        return false;
    }

    private void Wrong(string name, string expected) =>
        Mistakes.Add(Of(name), $"Must be {expected}{Written(name)}.");

    /// <summary>What stands there, where it is short and the file's own: never what a variable holds.</summary>
    private string Written(string name) =>
        map.Find(name)?.Value is ConfigScalar { Text: { Length: > 0 and <= 24 } text }
        && !text.Contains("${", StringComparison.Ordinal)
            ? $", not '{text}'"
            : "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>What all sections of one file share.</summary>
internal sealed record ConfigSource(ConfigMistakes Mistakes, Func<string, string?> Environment);
