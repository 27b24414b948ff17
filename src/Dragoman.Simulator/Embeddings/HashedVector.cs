using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Embeddings;

/// <summary>A unit vector made of a text's words by hashing: the same words give the same vector, shared words a near one.</summary>
internal static class HashedVector
{
    private const int MarksPerWord = 8;

    public static float[] Of(string text, int dimensions)
    {
        var vector = new float[dimensions];
        foreach (var piece in TextPieces.Split(text))
        {
            var hash = StableHash.Of(piece.Trim().ToLowerInvariant());
            for (var mark = 0; mark < MarksPerWord; mark++)
            {
                vector[(int)(hash % (ulong)dimensions)] +=
                    (hash & 0x8000_0000_0000_0000) == 0 ? 1 : -1;
                hash = unchecked((hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9);
            }
        }
        // Marks may cancel each other out, most likely in very few dimensions.
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        if (length == 0)
        {
            vector[0] = 1;
            return vector;
        }
        for (var at = 0; at < dimensions; at++)
            vector[at] /= length;
        return vector;
    }
}
