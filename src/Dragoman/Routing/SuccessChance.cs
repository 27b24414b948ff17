namespace Dragoman.Routing;

/// <summary>
/// How likely a model of some quality answers a prompt of some difficulty well. The shape is that of item response theory: what is easy
/// nearly everybody can, and only what is hard tells the strong from the weak, so an easy prompt is not worth a dear model.
/// </summary>
internal static class SuccessChance
{
    /// <summary>Points of quality with which half of the easiest prompts succeed: even gpt-3.5-turbo, with 30, can almost all of them.</summary>
    private const double EasiestNeeds = -5;

    /// <summary>The same of the hardest.</summary>
    private const double HardestNeeds = 75;

    /// <summary>Points from even chance to about three in four.</summary>
    private const double Spread = 11;

    /// <param name="quality">0 to 100 on the scale of <see cref="Catalog.QualityPrior"/>.</param>
    /// <param name="difficulty">0 to 1.</param>
    public static double Of(double quality, double difficulty) =>
        1 / (1 + Math.Exp((Need(difficulty) - quality) / Spread));

    private static double Need(double difficulty) =>
        EasiestNeeds + (HardestNeeds - EasiestNeeds) * Math.Clamp(difficulty, 0, 1);
}
