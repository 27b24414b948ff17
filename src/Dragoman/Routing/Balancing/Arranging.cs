using Dragoman.Catalog;

namespace Dragoman.Routing.Balancing;

/// <summary>Moves of deployments in place.</summary>
internal static class Arranging
{
    /// <summary>Begins with the one at <paramref name="first"/>; those before it come behind the last.</summary>
    public static void Rotate(this Span<Deployment> equals, int first)
    {
        equals[..first].Reverse();
        equals[first..].Reverse();
        equals.Reverse();
    }

    /// <summary>Brings the one at <paramref name="index"/> to the front; the others stay as they stand.</summary>
    public static void ToFront(this Span<Deployment> equals, int index)
    {
        var chosen = equals[index];
        equals[..index].CopyTo(equals[1..]);
        equals[0] = chosen;
    }

    /// <summary>The smallest first; equals stay as they stand. Each is looked at once: figures move while one looks.</summary>
    public static void SortBy(
        this Span<Deployment> equals,
        Func<Deployment, DateTimeOffset, double> key,
        DateTimeOffset now
    )
    {
        const int MostOnStack = 64;
        var keys =
            equals.Length <= MostOnStack
                ? stackalloc double[equals.Length]
                : new double[equals.Length];
        for (var i = 0; i < equals.Length; i++)
            keys[i] = key(equals[i], now);
        for (var i = 1; i < equals.Length; i++)
        {
            for (var j = i; j > 0 && keys[j] < keys[j - 1]; j--)
            {
                (keys[j], keys[j - 1]) = (keys[j - 1], keys[j]);
                (equals[j], equals[j - 1]) = (equals[j - 1], equals[j]);
            }
        }
    }
}
