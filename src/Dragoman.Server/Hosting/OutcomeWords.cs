using Dragoman.Exchanges;

namespace Dragoman.Server.Hosting;

/// <summary>How an exchange ended, as records, metrics and traces spell it.</summary>
internal static class OutcomeWords
{
    public static IReadOnlyList<string> All { get; } =
    [.. Enum.GetValues<ExchangeOutcome>().Select(Of)];

    public static string Of(ExchangeOutcome outcome) =>
        outcome switch
        {
            ExchangeOutcome.Succeeded => "succeeded",
            ExchangeOutcome.Broken => "broken",
            ExchangeOutcome.Cancelled => "cancelled",
            _ => "failed",
        };
}
