using System.Text;
using System.Text.Json;

namespace Dragoman.Administration;

/// <content>
/// What is configured: <c>providers</c>, <c>models</c>, <c>aliases</c>, <c>routes</c>, <c>rules</c>, <c>chains</c>, <c>agents</c>, <c>limits</c>,
/// <c>budgets</c>, <c>alerts</c>, <c>guardrails</c> and <c>settings</c>, each entry as JSON in the shape of <c>dragoman.yaml</c> with <c>id</c>,
/// <c>createdAt</c>, <c>updatedAt</c> and <c>declaredIn</c>; and the versions of the whole.
/// </content>
public sealed partial class AdminClient
{
    private static readonly ConfigurationJson Shapes = ConfigurationJson.Readable;

    /// <summary>Every entry of a resource.</summary>
    public IAsyncEnumerable<JsonElement> EntriesAsync(
        string resource,
        CancellationToken cancellationToken = default
    ) => AllAsync(resource, Shapes.AdminListJsonElement, cancellationToken);

    /// <summary>One entry, with the mark to be sent with a change of it.</summary>
    public Task<AdminThing<JsonElement>> EntryAsync(
        string resource,
        string id,
        CancellationToken cancellationToken = default
    ) => GetAsync(PathOf(resource, id), Shapes.JsonElement, cancellationToken);

    /// <summary>Adds an entry.</summary>
    public Task<AdminThing<JsonElement>> AddEntryAsync(
        string resource,
        JsonElement entry,
        CancellationToken cancellationToken = default
    ) => PostAsync(resource, entry, Shapes.JsonElement, Shapes.JsonElement, cancellationToken);

    /// <summary>Replaces an entry that is still as it was when <paramref name="etag"/> was read.</summary>
    public Task<AdminThing<JsonElement>> ReplaceEntryAsync(
        string resource,
        string id,
        JsonElement entry,
        string etag,
        CancellationToken cancellationToken = default
    ) =>
        PutAsync(
            PathOf(resource, id),
            entry,
            etag,
            Shapes.JsonElement,
            Shapes.JsonElement,
            cancellationToken
        );

    /// <summary>Takes an entry away; with <paramref name="etag"/> only if it is still as it was.</summary>
    public Task RemoveEntryAsync(
        string resource,
        string id,
        string? etag = null,
        CancellationToken cancellationToken = default
    ) => DeleteAsync(PathOf(resource, id), etag, cancellationToken);

    /// <summary>Asks a provider for its models, which is free everywhere, and tells how it answered.</summary>
    public async Task<ProviderTest> TestProviderAsync(
        string provider,
        CancellationToken cancellationToken = default
    ) =>
        (
            await PostAsync(
                PathOf("providers", provider) + "/test",
                Shapes.ProviderTest,
                cancellationToken
            )
        ).Value;

    /// <summary>What models a provider says it has.</summary>
    public async Task<ProviderDiscovery> DiscoverAsync(
        string provider,
        CancellationToken cancellationToken = default
    ) =>
        (
            await GetAsync(
                PathOf("providers", provider) + "/discover",
                Shapes.ProviderDiscovery,
                cancellationToken
            )
        ).Value;

    /// <summary>Takes some of a provider's models as deployments.</summary>
    public async Task<ConfigurationChanged> TakeModelsAsync(
        string provider,
        IReadOnlyList<string> models,
        CancellationToken cancellationToken = default
    ) =>
        (
            await PostAsync(
                PathOf("providers", provider) + "/discover",
                new ModelsToTake(models),
                Shapes.ModelsToTake,
                Shapes.ConfigurationChanged,
                cancellationToken
            )
        ).Value;

    /// <summary>Versions of what is stored, the newest first.</summary>
    public IAsyncEnumerable<ConfigurationVersion> VersionsAsync(
        CancellationToken cancellationToken = default
    ) => AllAsync("config/versions", Shapes.AdminListConfigurationVersion, cancellationToken);

    /// <summary>One version with its document.</summary>
    public async Task<ConfigurationVersion> VersionAsync(
        long number,
        CancellationToken cancellationToken = default
    ) =>
        (
            await GetAsync(
                FormattableString.Invariant($"config/versions/{number}"),
                Shapes.ConfigurationVersion,
                cancellationToken
            )
        ).Value;

    /// <summary>What is different between two versions.</summary>
    /// <param name="number">The one to look at.</param>
    /// <param name="against">The one to compare with; 0 is before the first.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<ConfigurationComparison> CompareVersionsAsync(
        long number,
        long against,
        CancellationToken cancellationToken = default
    ) =>
        (
            await GetAsync(
                FormattableString.Invariant($"config/versions/{number}?against={against}"),
                Shapes.ConfigurationComparison,
                cancellationToken
            )
        ).Value;

    /// <summary>Makes what is stored what it was in that version.</summary>
    public async Task<ConfigurationChanged> RollBackAsync(
        long number,
        CancellationToken cancellationToken = default
    ) =>
        (
            await PostAsync(
                FormattableString.Invariant($"config/versions/{number}/rollback"),
                Shapes.ConfigurationChanged,
                cancellationToken
            )
        ).Value;

    /// <summary>What is stored as YAML that can be imported; secrets are references.</summary>
    /// <param name="all">Also what the file declares.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<string> ExportAsync(
        bool all = false,
        CancellationToken cancellationToken = default
    )
    {
        using var response = await _server.OpenAsync(
            HttpMethod.Get,
            all ? "config/export?all=true" : "config/export",
            default,
            cancellationToken
        );
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Takes over a document in the shape of <c>dragoman.yaml</c>.</summary>
    /// <param name="document">YAML or JSON.</param>
    /// <param name="dryRun">Only tells what would come of it, mistakes included.</param>
    /// <param name="replace">What is stored and not in it goes.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<ConfigurationChanged> ImportAsync(
        string document,
        bool dryRun = false,
        bool replace = false,
        CancellationToken cancellationToken = default
    ) =>
        (
            await CallAsync(
                HttpMethod.Post,
                $"config/import?dry_run={(dryRun ? "true" : "false")}&replace={(replace ? "true" : "false")}",
                Encoding.UTF8.GetBytes(document),
                null,
                Shapes.ConfigurationChanged,
                cancellationToken
            )
        ).Value;

    private static string PathOf(string resource, string id) =>
        $"{resource}/{Uri.EscapeDataString(id)}";
}
