using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// Numbers names as they come up, from 0 on, looking them up in the bytes SQLite has them in. All names lie in one array, since
/// there may be a hundred thousand of them.
/// </summary>
internal sealed class Utf8Names : IComparer<int>
{
    private byte[] _bytes = new byte[1_024];
    private int _used;
    private Entry[] _entries = new Entry[64];

    // Numbers plus one, by hash; 0 is empty. Twice as many places as entries, so that a search ends soon.
    private int[] _places = new int[128];

    public int Count { get; private set; }

    /// <summary>Valid until the next name comes up.</summary>
    public ReadOnlySpan<byte> this[int number] =>
        _bytes.AsSpan(_entries[number].Start, _entries[number].Length);

    public string TextOf(int number) => Encoding.UTF8.GetString(this[number]);

    /// <summary>Orders numbers by their names' bytes, as SQLite does.</summary>
    public int Compare(int x, int y) => this[x].SequenceCompareTo(this[y]);

    public int NumberOf(ReadOnlySpan<byte> name)
    {
        var hash = HashOf(name);
        for (
            var place = hash & (uint)(_places.Length - 1);
            ;
            place = (place + 1) & (uint)(_places.Length - 1)
        )
        {
            var number = _places[place] - 1;
            if (number < 0)
                return Add(name, hash, place);
            if (_entries[number].Hash == hash && this[number].SequenceEqual(name))
                return number;
        }
    }

    private int Add(ReadOnlySpan<byte> name, uint hash, uint place)
    {
        if (_bytes.Length - _used < name.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + name.Length));
        name.CopyTo(_bytes.AsSpan(_used));
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count] = new Entry(hash, _used, name.Length);
        _used += name.Length;
        _places[place] = ++Count;
        if (Count * 2 > _places.Length)
            Spread();
        return Count - 1;
    }

    private void Spread()
    {
        _places = new int[_places.Length * 2];
        for (var number = 0; number < Count; number++)
        {
            var place = _entries[number].Hash & (uint)(_places.Length - 1);
            while (_places[place] != 0)
                place = (place + 1) & (uint)(_places.Length - 1);
            _places[place] = number + 1;
        }
    }

    /// <summary>Eight bytes at a time, multiplied up and folded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashOf(ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length * 0x9E3779B97F4A7C15;
        while (name.Length >= sizeof(ulong))
        {
            hash = Mixed(hash ^ MemoryMarshal.Read<ulong>(name));
            name = name[sizeof(ulong)..];
        }
        var rest = 0UL;
        foreach (var letter in name)
            rest = (rest << 8) | letter;
        hash = Mixed(hash ^ rest);
        return (uint)(hash ^ (hash >> 32));
    }

    private static ulong Mixed(ulong hash)
    {
        hash *= 0xD6E8FEB86659FD93;
        return hash ^ (hash >> 32);
    }

    private readonly record struct Entry(uint Hash, int Start, int Length);
}
