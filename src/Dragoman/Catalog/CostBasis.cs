namespace Dragoman.Catalog;

/// <summary>Where a cost comes from.</summary>
public enum CostBasis
{
    /// <summary>Nobody knows: no price, or no tokens. The cost is null.</summary>
    Unpriced,

    /// <summary>The provider said it.</summary>
    Reported,

    /// <summary>Its token counts times our price sheet.</summary>
    Computed,

    /// <summary>Estimated token counts times our price sheet.</summary>
    Estimated,
}
