namespace Dragoman.Simulator.Dialects;

/// <summary>What a cited answer cites, and which of its words.</summary>
internal static class Citation
{
    public const string Url = "https://example.com/simulated";
    public const string Title = "A simulated page";
    public const string Query = "simulated search";

    /// <summary>What is cited: the end of the text. Not all of it is ASCII, so that bytes and characters are told apart.</summary>
    public const string Sentence = "Größe: naïve.";
}
