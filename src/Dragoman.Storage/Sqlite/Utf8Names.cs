using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Dragoman.Storage.Sqlite;

/// <summary>Numbers names as they come up, from 0 on, looking them up in the bytes SQLite has them in.</summary>
internal sealed class Utf8Names
{
    private readonly Dictionary<byte[], int> _numbers = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _names = [];

    public Utf8Names() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _names.Count;

    public byte[] this[int number] => _names[number];

    public string TextOf(int number) => Encoding.UTF8.GetString(_names[number]);

    public int NumberOf(ReadOnlySpan<byte> name)
    {
        if (_lookup.TryGetValue(name, out var number))
            return number;
        var kept = name.ToArray();
        _numbers.Add(kept, _names.Count);
        _names.Add(kept);
        return _names.Count - 1;
    }

    private sealed class BytesComparer
        : IEqualityComparer<byte[]>,
            IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) =>
            alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] name) => GetHashCode(name.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> name)
        {
            var hash = new HashCode();
            hash.AddBytes(name);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
