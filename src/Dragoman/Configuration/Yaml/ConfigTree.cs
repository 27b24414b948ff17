using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dragoman.Configuration.Yaml;

/// <summary>
/// Reads YAML, and so JSON, into <see cref="ConfigNode"/>s. Bounded in size, depth and in what its aliases would unfold to. The
/// library's own tree is not used because it stops at the first repeated key.
/// </summary>
internal sealed class ConfigTree
{
    public const int MaxCharacters = 1_000_000;
    private const int MaxDepth = 32;
    private const long MaxWeight = 200_000;
    private const string MergeKey = "<<";

    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    private readonly Parser _parser;
    private readonly ConfigMistakes _mistakes;

    private ConfigTree(string text, ConfigMistakes mistakes)
    {
        _parser = new Parser(new StringReader(text));
        _mistakes = mistakes;
    }

    /// <summary>The root; null where the file is empty or cannot be read at all, which is then noted.</summary>
    public static ConfigNode? Read(string text, ConfigMistakes mistakes)
    {
        if (text.Length > MaxCharacters)
        {
            mistakes.AddAt(0, "", $"The file is larger than {MaxCharacters:N0} characters.");
            return null;
        }
        var tree = new ConfigTree(text, mistakes);
        try
        {
            return tree.ReadDocument();
        }
        catch (TooMuchException tooMuch)
        {
            mistakes.AddAt(tooMuch.Line, "", tooMuch.Message);
        }
        // The library also throws InvalidOperationException and others on malformed input (16.3.0, "{a{#]").
        catch (Exception malformed) when (malformed is not OutOfMemoryException)
        {
            // Its words may quote the file, and with it a key: only the place is told.
            var mark = malformed is YamlException told ? told.Start : tree.LastRead;
            mistakes.AddAt(
                // What ends too early is noticed past the end.
                Math.Min(Line(mark), 1 + text.AsSpan().TrimEnd().Count('\n')),
                "",
                $"This is not valid YAML or JSON (near column {mark.Column})."
            );
        }
        return null;
    }

    private Mark LastRead => _parser.Current?.End ?? Mark.Empty;

    private ConfigNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return null;
        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            _mistakes.AddAt(Line(second.Start), "", "Only one document is read from a file.");
        return root;
    }

    private ConfigNode ReadNode(int depth)
    {
        if (depth > MaxDepth)
            throw new TooMuchException(
                Line(_parser.Current!.Start),
                $"Nested deeper than {MaxDepth} levels."
            );
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias);

        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        ConfigNode node;
        if (_parser.TryConsume<Scalar>(out var scalar))
            node = new ConfigScalar(
                Line(scalar.Start),
                scalar.Value,
                scalar.Style is ScalarStyle.Plain
            );
        else if (_parser.TryConsume<SequenceStart>(out var list))
            node = ReadList(Line(list.Start), depth);
        else
            node = ReadMap(Line(_parser.Consume<MappingStart>().Start), depth);

        // Only now: an anchor cannot be used inside what it names, so there are no circles.
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = node;
        return node;
    }

    private ConfigList ReadList(int line, int depth)
    {
        var items = new List<ConfigNode>();
        long weight = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
            weight = Bounded(weight + items[^1].Weight, line);
        }
        return new ConfigList(line, weight, items);
    }

    private ConfigMap ReadMap(int line, int depth)
    {
        var entries = new List<ConfigEntry>();
        var merged = new List<ConfigEntry>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        long weight = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            weight = Bounded(weight + 1 + value.Weight, line);
            if (key is not ConfigScalar { Text: var name })
                _mistakes.AddAt(key.Line, "", "A key must be a text.");
            else if (name == MergeKey)
                Merge(value, merged);
            else if (!seen.TryAdd(name, key.Line))
                _mistakes.AddAt(
                    key.Line,
                    ConfigSection.Shown(name),
                    $"This key is already on line {seen[name]}."
                );
            else
                entries.Add(new ConfigEntry(name, key.Line, value));
        }
        foreach (var entry in merged)
            if (seen.TryAdd(entry.Key, entry.Line))
                entries.Add(entry);
        return new ConfigMap(line, weight, entries);
    }

    private void Merge(ConfigNode value, List<ConfigEntry> merged)
    {
        if (value is ConfigMap map)
            merged.AddRange(map.Entries);
        else if (value is ConfigList list && list.Items.All(static item => item is ConfigMap))
            merged.AddRange(list.Items.SelectMany(static item => ((ConfigMap)item).Entries));
        else
            _mistakes.AddAt(value.Line, MergeKey, "Only a mapping can be merged in.");
    }

    private ConfigNode Resolve(AnchorAlias alias)
    {
        if (_anchors.TryGetValue(alias.Value.Value, out var known))
            return known;
        _mistakes.AddAt(Line(alias.Start), "", "An alias to an anchor that is not set before it.");
        return new ConfigScalar(Line(alias.Start), "", IsPlain: true);
    }

    private static long Bounded(long weight, int line) =>
        weight <= MaxWeight
            ? weight
            : throw new TooMuchException(
                line,
                $"Holds more than {MaxWeight:N0} entries once its aliases are written out."
            );

    private static int Line(Mark mark) => (int)Math.Min(mark.Line, int.MaxValue);

    private sealed class TooMuchException(int line, string message) : Exception(message)
    {
        public int Line { get; } = line;
    }
}
