using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Forwarding;
using Dragoman.Native;
using Dragoman.Providers;

namespace Dragoman;

/// <summary>Asks a provider which models it has: the one call that is free everywhere.</summary>
internal sealed class GatewayDiscovery(HttpProvider http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>OpenRouter's list of 400 models is half a megabyte (seen 2026-11).</summary>
    private const int MaxListBytes = 8 * 1024 * 1024;

    private const int LongestName = 256;

    /// <summary>Gemini's ids come with this before them, and are asked for without.</summary>
    private const string GeminiPrefix = "models/";

    /// <summary>The ids, in the provider's order, and whether that is all of them; null where it gave no list.</summary>
    public async Task<(IReadOnlyList<string> Models, bool IsWhole)?> FindAsync(
        Provider provider,
        CancellationToken cancellationToken
    )
    {
        var dialect = DialectSlice.Find(provider.Dialect) ?? DialectSlice.All[0];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await http.ListModelsAsync(
                provider,
                dialect,
                provider.Keys.Take("", DateTimeOffset.MinValue),
                limit.Token
            );
            if (!response.IsSuccessStatusCode)
                return null;
            var (body, _) = await UpstreamBody.ReadAsync(
                response.Content,
                MaxListBytes,
                limit.Token
            );
            using (body)
                return Read(body.Bytes);
        }
        catch (Exception failure)
            when (failure is HttpRequestException or IOException
                || (
                    failure is OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            )
        {
            return null;
        }
    }

    /// <summary>Lists of every dialect: <c>data</c> or <c>models</c>, of items with an <c>id</c> or a <c>name</c>.</summary>
    internal static (IReadOnlyList<string> Models, bool IsWhole)? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var list =
                root.ValueKind == JsonValueKind.Array ? root
                : root.ValueKind != JsonValueKind.Object ? default
                : root.TryGetProperty("data"u8, out var data) ? data
                : root.TryGetProperty("models"u8, out var models) ? models
                : default;
            if (list.ValueKind != JsonValueKind.Array)
                return null;
            var names = list.EnumerateArray()
                .Where(static item => item.ValueKind == JsonValueKind.Object)
                .Select(static item => Text(item, "id"u8) ?? Text(item, "name"u8))
                .OfType<string>()
                .Select(static name =>
                    name.StartsWith(GeminiPrefix, StringComparison.Ordinal)
                        ? name[GeminiPrefix.Length..]
                        : name
                )
                .Where(static name => name.Length is > 0 and <= LongestName)
                .Distinct(StringComparer.Ordinal)
                .ToList();
            // Anthropic's and Gemini's lists come in pages.
            var isWhole =
                root.ValueKind == JsonValueKind.Array
                || !(
                    (
                        root.TryGetProperty("has_more"u8, out var more)
                        && more.ValueKind == JsonValueKind.True
                    ) || Text(root, "nextPageToken"u8) is not null
                );
            return (names, isWhole);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What is known of a provider's model; null where nobody knows it.</summary>
    public static ModelInfo? Known(GatewaySnapshot snapshot, Provider provider, string model) =>
        snapshot.Models.All.FirstOrDefault(known =>
            known.Model == model
            && known.Provider.Equals(provider.Name, StringComparison.OrdinalIgnoreCase)
        )
            is { } found
            ? ModelShapes.Info(found, task: null)
            : null;

    private static string? Text(JsonElement item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
