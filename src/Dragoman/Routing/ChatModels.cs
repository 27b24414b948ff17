using System.Globalization;
using Dragoman.Catalog;

namespace Dragoman.Routing;

/// <summary>Which model a provider is best asked for when nobody named one.</summary>
internal static class ChatModels
{
    /// <summary>US dollars per million input tokens above which a model is not chosen unasked.</summary>
    public const decimal DearestUnasked = 5;

    /// <summary>Models for special tasks, which are priced and listed like the others.</summary>
    private static readonly string[] Special =
    [
        "code",
        "deep-research",
        "search",
        "audio",
        "realtime",
        "vision",
        "guard",
        "safeguard",
    ];

    /// <summary>A sensible model of <paramref name="provider"/> for chat or embeddings; null where it has none.</summary>
    public static string? Best(Provider provider, DeploymentShelf shelf, bool embeddings)
    {
        var offers = shelf
            .Offered(provider)
            .Where(offer => IsChat(offer.Model, offer.Entry) != embeddings)
            .ToList();
        var listed = shelf
            .Listed.Where(deployment => deployment.Provider.Name == provider.Name)
            .OrderBy(static deployment => deployment.Priority)
            .FirstOrDefault(deployment => offers.Exists(offer => offer.Model == deployment.Model));
        if (listed is not null)
            return listed.Model;
        // A server in the house lists what somebody fetched on purpose: its own order is the best there is.
        if (provider.Type.KeyOptional || embeddings)
            return offers.Select(static offer => offer.Model).FirstOrDefault();
        return offers
            .Where(static offer =>
                offer.Entry is { Status: ModelStatus.Active }
                && offer.Entry.Prices?.Input is <= DearestUnasked
                && !IsSpecial(offer.Model)
            )
            .OrderByDescending(static offer => offer.Entry!.Capabilities.Tools is true)
            .ThenByDescending(static offer => offer.Entry!.Released, StringComparer.Ordinal)
            .ThenByDescending(static offer => offer.Entry!.Prices!.Input)
            .ThenBy(static offer => offer.Model.Length)
            .ThenBy(static offer => offer.Model, StringComparer.Ordinal)
            .Select(static offer => offer.Model)
            .FirstOrDefault();
    }

    /// <summary>By the catalog, else by its name: models that nobody listed are mostly chat models.</summary>
    public static bool IsChat(string model, ModelEntry? entry) =>
        entry is null
            ? !model.Contains("embed", StringComparison.OrdinalIgnoreCase)
            : entry.Kind is ModelKind.Chat;

    /// <summary>Made for one kind of task, by its name.</summary>
    public static bool IsSpecial(string model) =>
        Array.Exists(Special, part => model.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Made for code, and for nothing else that would forbid it.</summary>
    public static bool IsCoder(string model) =>
        Array.FindAll(Special, part => model.Contains(part, StringComparison.OrdinalIgnoreCase))
            is ["code"];

    /// <summary>The billions of parameters that a name such as <c>qwen3:30b-a3b</c> tells; 0 where it tells none.</summary>
    public static double Billions(string model)
    {
        for (var end = 1; end < model.Length; end++)
        {
            if (model[end] is not ('b' or 'B') || !char.IsAsciiDigit(model[end - 1]))
                continue;
            var start = end - 1;
            while (start > 0 && (char.IsAsciiDigit(model[start - 1]) || model[start - 1] == '.'))
                start--;
            if (
                double.TryParse(
                    model.AsSpan(start, end - start),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var billions
                )
            )
                return billions;
        }
        return 0;
    }
}
