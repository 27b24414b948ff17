namespace Dragoman.Exchanges;

/// <summary>How an exchange ended for the client.</summary>
public enum ExchangeOutcome
{
    Succeeded,
    Failed,

    /// <summary>The answer began and then broke; the client was told.</summary>
    Broken,

    /// <summary>The client went away.</summary>
    Cancelled,
}
