using Dragoman.Catalog;
using Dragoman.Exchanges;
using Dragoman.Guardrails;

namespace Dragoman.Storage.Sqlite;

/// <summary>Enumerations as the database spells them; words outlive a reordering that numbers would not.</summary>
internal static class Words
{
    public static ReadOnlySpan<byte> Of(ExchangeOutcome outcome) =>
        outcome switch
        {
            ExchangeOutcome.Succeeded => "succeeded"u8,
            ExchangeOutcome.Failed => "failed"u8,
            ExchangeOutcome.Broken => "broken"u8,
            ExchangeOutcome.Cancelled => "cancelled"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };

    public static ExchangeOutcome Outcome(string word) =>
        word switch
        {
            "succeeded" => ExchangeOutcome.Succeeded,
            "failed" => ExchangeOutcome.Failed,
            "broken" => ExchangeOutcome.Broken,
            "cancelled" => ExchangeOutcome.Cancelled,
            _ => throw new StorageException($"The database holds an unknown outcome: {word}"),
        };

    public static ReadOnlySpan<byte> Of(GuardrailAction action) =>
        action switch
        {
            GuardrailAction.Flag => "flag"u8,
            GuardrailAction.Mask => "mask"u8,
            GuardrailAction.Block => "block"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
        };

    public static GuardrailAction Action(string word) =>
        word switch
        {
            "flag" => GuardrailAction.Flag,
            "mask" => GuardrailAction.Mask,
            "block" => GuardrailAction.Block,
            _ => throw new StorageException($"The database holds an unknown action: {word}"),
        };

    public static ReadOnlySpan<byte> Of(CostBasis basis) =>
        basis switch
        {
            Catalog.CostBasis.Unpriced => "unpriced"u8,
            Catalog.CostBasis.Reported => "reported"u8,
            Catalog.CostBasis.Computed => "computed"u8,
            Catalog.CostBasis.Estimated => "estimated"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(basis), basis, null),
        };

    public static CostBasis CostBasis(string word) =>
        word switch
        {
            "unpriced" => Catalog.CostBasis.Unpriced,
            "reported" => Catalog.CostBasis.Reported,
            "computed" => Catalog.CostBasis.Computed,
            "estimated" => Catalog.CostBasis.Estimated,
            _ => throw new StorageException($"The database holds an unknown cost basis: {word}"),
        };
}
