namespace Dragoman.Catalog;

/// <summary>
/// What each kind of token costs in one request, by its size and its service tier. A price that a size tier leaves out grows as its
/// input price does; one that a service tier leaves out (or a size it does not name) changes as the service's input price does.
/// Both are guesses: vendors raise and halve all prices of a model alike, but need not.
/// </summary>
internal readonly ref struct Rates(PriceSheet sheet, long inputTokens)
{
    private readonly PriceSheet _usual = sheet.Usual ?? sheet;
    private readonly PriceTier? _tier = TierOf(sheet.Usual ?? sheet, inputTokens);

    /// <summary>What the usual sheet says where only that one knows: a service does not change it.</summary>
    public PriceSheet Usual => _usual;

    /// <summary>The price of one kind of token; null in it where nobody knows.</summary>
    /// <param name="price">The kind's price on a sheet.</param>
    /// <param name="inTier">The same in a size tier; null for kinds that tiers do not name.</param>
    public Rate Of(Func<PriceSheet, decimal?> price, Func<PriceTier, decimal?>? inTier = null)
    {
        var isService = sheet.Usual is not null;
        if (_tier is null)
            return price(sheet) is { } said ? new Rate(said)
                : isService ? new Rate(price(_usual) * Service, IsGuess: true)
                : default;
        if (inTier?.Invoke(_tier) is { } tiered)
            return isService ? new Rate(tiered * Service, IsGuess: true) : new Rate(tiered);
        var grown = price(_usual) * Ratio(_tier.Input, _usual.Input);
        return new Rate(isService ? grown * Service : grown, IsGuess: true);
    }

    private decimal? Service => Ratio(sheet.Input, _usual.Input);

    private static decimal? Ratio(decimal? price, decimal? usual) =>
        usual is > 0 ? price / usual : null;

    private static PriceTier? TierOf(PriceSheet sheet, long inputTokens)
    {
        PriceTier? chosen = null;
        for (var i = 0; i < sheet.Tiers.Count; i++)
        {
            if (inputTokens > sheet.Tiers[i].AboveInputTokens)
                chosen = sheet.Tiers[i];
        }
        return chosen;
    }
}

/// <summary>US dollars per million tokens, and whether another price stands in for the one that is not known.</summary>
internal readonly record struct Rate(decimal? PerMillion, bool IsGuess = false)
{
    /// <summary>Another in its place where it is not known. What follows from a price of zero is zero, and no guess.</summary>
    public Rate OrGuess(Rate other) =>
        PerMillion is null ? other with { IsGuess = other.IsGuess || other.PerMillion != 0 } : this;
}
