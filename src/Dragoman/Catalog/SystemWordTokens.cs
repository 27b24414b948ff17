using System.Text;
using Dragoman.Canonical;

namespace Dragoman.Catalog;

/// <summary>What words that are put before a request add to its prompt.</summary>
internal static class SystemWordTokens
{
    /// <summary>The role and the framing of a message that may not have been there.</summary>
    private const int Framing = 5;

    public static long Of(string? words) =>
        words is not { Length: > 0 }
            ? 0
            : TokenEstimate.OfText(Encoding.UTF8.GetBytes(words)) + Framing;
}
