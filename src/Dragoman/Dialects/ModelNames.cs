using System.Text;
using System.Text.Json;

namespace Dragoman.Dialects;

/// <summary>Gives the same string for the same model name, so that naming a model a million times costs one string. Bounded: clients may invent names.</summary>
internal static class ModelNames
{
    private const int Slots = 1024;
    private static readonly Entry?[] Table = new Entry?[Slots];

    private sealed record Entry(byte[] Utf8, string Name);

    /// <summary>The string token the reader stands on.</summary>
    public static string Get(in Utf8JsonReader json)
    {
        if (json.ValueIsEscaped)
            return json.GetString()!;
        var utf8 = json.ValueSpan;
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref Table[(uint)hash.ToHashCode() % Slots];
        var known = Volatile.Read(ref slot);
        if (known is not null && utf8.SequenceEqual(known.Utf8))
            return known.Name;
        // GetString, unlike Encoding.GetString, refuses bytes that are not UTF-8.
        var name = json.GetString()!;
        Volatile.Write(ref slot, new Entry(Encoding.UTF8.GetBytes(name), name));
        return name;
    }
}
