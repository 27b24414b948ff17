namespace Dragoman.Routing.Classification;

/// <summary>What was found in a text, as hashed names with a weight each. Bounded: what comes after the last place is left out.</summary>
internal sealed class FeatureBag(int capacity = FeatureBag.Capacity)
{
    private const int Capacity = 3000;

    private readonly uint[] _keys = new uint[capacity];
    private readonly float[] _values = new float[capacity];

    public int Count { get; private set; }
    public ReadOnlySpan<uint> Keys => _keys.AsSpan(0, Count);
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(uint kind, uint name, float value = 1)
    {
        if (Count == _keys.Length)
            return;
        _keys[Count] = KeyOf(kind, name);
        _values[Count++] = value;
    }

    /// <summary>The hashed name of a feature.</summary>
    public static uint KeyOf(uint kind, uint name) => PromptTokens.Join(kind * 0x9E3779B9, name);

    /// <summary>Multiplies everything that was added since <paramref name="from"/>.</summary>
    public void Scale(int from, float factor)
    {
        for (var i = from; i < Count; i++)
            _values[i] *= factor;
    }
}
