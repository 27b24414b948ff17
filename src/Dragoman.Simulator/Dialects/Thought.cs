using System.Text;

namespace Dragoman.Simulator.Dialects;

/// <summary>The signatures of thinking: each follows from what was thought, so that one that comes back can be told from any other.</summary>
internal static class Thought
{
    private const string Prefix = "Simulated";

    /// <summary>What a redacted block holds.</summary>
    public static string Redacted { get; } = Sign("redacted");

    public static string Sign(string thinking)
    {
        var id = StableHash.Id(Encoding.UTF8.GetBytes(Prefix + thinking));
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Prefix}>>>??? {id}"));
    }
}
