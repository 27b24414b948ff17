using System.Reflection;

namespace Dragoman.Routing.Classification;

/// <summary>
/// The cues of <c>cues.txt</c>: words and phrases by which people in some twenty languages say what they want. Read once, at the first use.
/// </summary>
internal sealed class CueLexicon
{
    private const uint StemSalt = 0x51ED270B;
    private const int LongestStem = 14;

    private static readonly Lazy<CueLexicon> Embedded = new(() => new CueLexicon(ReadEmbedded()));

    private readonly List<string> _names = [];
    private readonly Dictionary<uint, Entry> _entries = [];
    private readonly HashSet<uint> _stemParents = [];
    private Slot[] _table = [];
    private byte[] _cues = [];

    public CueLexicon(string text)
    {
        var words = Read(text);
        Build(words);
        Freeze();
    }

    /// <summary>The lexicon of the library.</summary>
    public static CueLexicon Default => Embedded.Value;

    /// <summary>The cues' names; a cue's number is its place here.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of the cue of that name.</summary>
    public int this[string name] =>
        _names.IndexOf(name) is >= 0 and var index
            ? index
            : throw new ArgumentException($"no cue '{name}'", nameof(name));

    /// <summary>A cue was found at a token.</summary>
    public interface ISink
    {
        void Found(int cue, int token, int length);
    }

    /// <summary>Finds every phrase that begins at each of the tokens.</summary>
    public void Match<TSink>(
        ReadOnlySpan<char> text,
        ReadOnlySpan<PromptToken> tokens,
        ref TSink sink
    )
        where TSink : ISink, allows ref struct
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            var state = 0u;
            for (var j = i; j < tokens.Length; j++)
            {
                if (j == i || _stemParents.Contains(state))
                    MatchStems(text, tokens[j], state, i, j - i + 1, ref sink);
                state = PromptTokens.Join(state, tokens[j].Hash);
                if (!TryFind(state, out var slot))
                    break;
                Report(slot, i, j - i + 1, ref sink);
                if (!slot.Continues)
                    break;
            }
        }
    }

    private void MatchStems<TSink>(
        ReadOnlySpan<char> text,
        PromptToken token,
        uint state,
        int at,
        int length,
        ref TSink sink
    )
        where TSink : ISink, allows ref struct
    {
        if (token.Hash == PromptTokens.Number)
            return;
        var parent = PromptTokens.Join(state, StemSalt);
        var hash = PromptTokens.HashOf([]);
        var end = Math.Min(token.Length, LongestStem);
        for (var k = 0; k < end; k++)
        {
            hash = PromptTokens.Step(hash, TextFold.Of(text[token.Start + k]));
            if (TryFind(PromptTokens.Join(parent, hash), out var slot))
                Report(slot, at, length, ref sink);
        }
    }

    private void Report<TSink>(Slot slot, int at, int length, ref TSink sink)
        where TSink : ISink, allows ref struct
    {
        for (var c = 0; c < slot.Count; c++)
            sink.Found(_cues[slot.First + c], at, length);
    }

    private bool TryFind(uint key, out Slot slot)
    {
        var mask = _table.Length - 1;
        for (var i = (int)(key & (uint)mask); ; i = (i + 1) & mask)
        {
            slot = _table[i];
            if (!slot.Taken)
                return false;
            if (slot.Key == key)
                return true;
        }
    }

    private List<(int Cue, string Phrase)> Read(string text)
    {
        var phrases = new List<(int, string)>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '[')
            {
                _names.Add(line.Trim('[', ']'));
                continue;
            }
            foreach (
                var phrase in line.Split(
                    ',',
                    StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                )
            )
                phrases.Add((_names.Count - 1, phrase));
        }
        return phrases;
    }

    private void Build(List<(int Cue, string Phrase)> phrases)
    {
        foreach (var (cue, phrase) in phrases)
        {
            var brace = phrase.IndexOf('{', StringComparison.Ordinal);
            if (brace < 0)
            {
                Add(cue, phrase);
                continue;
            }
            var close = phrase.IndexOf('}', StringComparison.Ordinal);
            var group = this[phrase[(brace + 1)..close]];
            foreach (var word in phrases.Where(p => p.Cue == group && !p.Phrase.Contains(' ')))
                Add(cue, phrase[..brace] + word.Phrase + phrase[(close + 1)..]);
        }
    }

    private void Add(int cue, string phrase)
    {
        var isStem = phrase[^1] == '*';
        Span<PromptToken> tokens = stackalloc PromptToken[24];
        tokens = tokens[..PromptTokens.Cut(phrase, tokens)];
        var state = 0u;
        for (var i = 0; i < tokens.Length - 1; i++)
        {
            state = PromptTokens.Join(state, tokens[i].Hash);
            EntryOf(state).Continues = true;
        }
        var last = tokens[^1];
        // A stem in a script without spaces is the character itself: nothing follows within the token.
        if (isStem && !PromptTokens.StandsAlone(phrase[last.Start]))
        {
            _stemParents.Add(state);
            var stem = PromptTokens.Join(PromptTokens.Join(state, StemSalt), last.Hash);
            EntryOf(stem).Cues.Add((byte)cue);
        }
        else
            EntryOf(PromptTokens.Join(state, last.Hash)).Cues.Add((byte)cue);
    }

    private Entry EntryOf(uint key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            _entries[key] = entry = new Entry();
        return entry;
    }

    private void Freeze()
    {
        var size = 1024;
        while (size < _entries.Count * 2)
            size *= 2;
        _table = new Slot[size];
        var cues = new List<byte>();
        foreach (var (key, entry) in _entries)
        {
            var i = (int)(key & (uint)(size - 1));
            while (_table[i].Taken)
                i = (i + 1) & (size - 1);
            _table[i] = new Slot(
                key,
                (ushort)cues.Count,
                (byte)entry.Cues.Count,
                entry.Continues,
                Taken: true
            );
            cues.AddRange(entry.Cues);
        }
        _cues = [.. cues];
        _entries.Clear();
    }

    private static string ReadEmbedded()
    {
        using var stream = Assembly
            .GetExecutingAssembly()
            .GetManifestResourceStream("Dragoman.Routing.Classification.cues.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed class Entry
    {
        public SortedSet<byte> Cues { get; } = [];
        public bool Continues { get; set; }
    }

    private readonly record struct Slot(
        uint Key,
        ushort First,
        byte Count,
        bool Continues,
        bool Taken
    );
}
