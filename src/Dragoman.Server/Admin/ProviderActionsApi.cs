using System.Text.Json;
using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Configuration.Stored;
using Dragoman.Native;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary>
/// <c>/api/admin/providers/{id}/test</c> and <c>/discover</c>: what somebody does who has just added one. Is it there, does the key work,
/// what has it, and which of that is wanted.
/// </summary>
internal sealed class ProviderActionsApi(
    Gateway gateway,
    GatewayConfiguration configuration,
    NativePost posts
)
{
    private const int MostTaken = 200;

    private readonly GatewayDiscovery _discovery = new(gateway.Http);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var one = ConfigEntriesApi.AddressOf(ConfigKind.Providers) + "/{id}";
        endpoints.Map(one + "/test", new AdminAddress(posts).Post(TestAsync).Answer);
        endpoints.Map(
            one + "/discover",
            new AdminAddress(posts).Get(DiscoverAsync).Post<ModelsToTake>(Read, TakeAsync).Answer
        );
        endpoints.Map(
            "/api/admin/models/templates",
            new AdminAddress(posts).Get(TemplatesAsync).Answer
        );
    }

    private async Task TestAsync(HttpContext context)
    {
        if (Find(context) is not { } provider)
        {
            await NotThereAsync(context);
            return;
        }
        var began = gateway.Health.Report([provider]).At;
        var health = await gateway.Health.CheckAsync(
            now: true,
            provider.Name,
            context.RequestAborted
        );
        if (health?.Providers is not [var found])
        {
            await NotThereAsync(context);
            return;
        }
        await NativeAnswer.WriteAsync(
            context,
            new ProviderTest
            {
                Provider = found.Provider,
                Available = found.Available,
                LatencyMs = found.LatencyMs,
                CheckedAt = found.LastCheckedAt,
                // What went wrong before this test is of no interest to it, unless it keeps the provider from being called.
                Error =
                    found.LastError is { } error && (error.At >= began || found.Available is false)
                        ? error
                        : null,
                NotProbed = found.NotProbed,
                Keys = found.Keys,
            },
            ConfigurationJson.Readable.ProviderTest
        );
    }

    private async Task DiscoverAsync(HttpContext context)
    {
        if (Find(context) is not { } provider)
        {
            await NotThereAsync(context);
            return;
        }
        if (await ModelsOfAsync(context, provider) is not var (models, isWhole))
            return;
        var snapshot = gateway.Snapshots.Current;
        await NativeAnswer.WriteAsync(
            context,
            new ProviderDiscovery
            {
                Provider = provider.Name,
                Complete = isWhole,
                Models =
                [
                    .. models.Select(model => new DiscoveredModel
                    {
                        Model = model,
                        Deployments =
                        [
                            .. snapshot
                                .Deployments.Values.Where(deployment =>
                                    deployment.Model == model
                                    && deployment.Provider.Name == provider.Name
                                )
                                .Select(static deployment => deployment.Name)
                                .Order(StringComparer.Ordinal),
                        ],
                        Known = GatewayDiscovery.Known(snapshot, provider, model),
                    }),
                ],
            },
            ConfigurationJson.Readable.ProviderDiscovery
        );
    }

    /// <summary>Those of the provider's models that are wanted become deployments; one that is there already stays as it is.</summary>
    private async Task TakeAsync(HttpContext context, ModelsToTake wanted)
    {
        if (Find(context) is not { } provider)
        {
            await NotThereAsync(context);
            return;
        }
        if (await ModelsOfAsync(context, provider) is not var (models, isWhole))
            return;
        if (
            isWhole
            && wanted.Models.FirstOrDefault(model =>
                !models.Contains(model, StringComparer.Ordinal)
            )
                is { } odd
        )
        {
            await NativeAnswer.RefuseAsync(
                context,
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"{provider.Name} says it has no model '{odd}'."
                        + (
                            NearestName.Of(odd, models) is { } nearest
                                ? $" Did you mean '{nearest}'?"
                                : ""
                        )
                )
                {
                    Code = "model_not_found",
                    Param = "models",
                }
            );
            return;
        }
        var kind = ConfigKind.Find("models")!;
        var changes = wanted
            .Models.Distinct(StringComparer.Ordinal)
            .Select(model => (Name: $"{provider.Name}/{model}", Model: model))
            .Where(one => configuration.Find(kind, one.Name) is null)
            .Select(one => new ConfigChange(
                kind,
                one.Name,
                Entry(one.Name, provider.Name, one.Model)
            ))
            .ToList();
        var outcome = await configuration.ChangeAsync(
            changes,
            Origin.Audit(context, "", null),
            $"took {changes.Count} models of {provider.Name}",
            cancellationToken: context.RequestAborted
        );
        await ConfigAnswer.WriteAsync(context, outcome);
    }

    /// <summary>The newest model of each line of every known provider.</summary>
    private Task TemplatesAsync(HttpContext context)
    {
        var page = PageQuery.Read(context, out var query);
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        var snapshot = gateway.Snapshots.Current;
        var templates = snapshot
            .Models.All.Where(static known =>
                known is { IsAlive: true, Entry: not null, IsSimulated: false }
                && known.Entry.Kind is ModelKind.Chat or ModelKind.Embedding
            )
            .GroupBy(static known => (known.Provider, Line: known.Entry!.Family ?? known.Model))
            .Select(static line =>
                line.OrderByDescending(
                        static known => known.Entry!.Released,
                        StringComparer.Ordinal
                    )
                    .First()
            )
            .DistinctBy(static known => $"{known.Provider}/{known.Model}")
            .OrderBy(static known => $"{known.Provider}/{known.Model}", StringComparer.Ordinal)
            .Select(known => new ModelTemplate(
                known.Provider,
                known.Model,
                snapshot.Providers.ContainsKey(known.Provider),
                ModelShapes.Info(known, task: null),
                Parsed(Entry($"{known.Provider}/{known.Model}", known.Provider, known.Model))
            ));
        return NativeAnswer.WriteAsync(
            context,
            page.Of(templates, static template => $"{template.Provider}/{template.Model}"),
            ConfigurationJson.Readable.AdminListModelTemplate
        );
    }

    private Provider? Find(HttpContext context) =>
        gateway.Snapshots.Current.Providers.GetValueOrDefault(ConfigEntriesApi.IdOf(context));

    private Task NotThereAsync(HttpContext context)
    {
        var id = ConfigEntriesApi.IdOf(context);
        // Stored, and out of use for a reason.
        var trouble = configuration.Find(ConfigKind.Providers, id)?.Trouble;
        return NativeAnswer.RefuseAsync(
            context,
            trouble is null
                ? AdminErrors.NotFound("provider", id)
                : AdminErrors.Conflict("not_in_use", trouble, "id")
        );
    }

    /// <summary>Null where it gave no list, and that is told.</summary>
    private async Task<(IReadOnlyList<string>, bool)?> ModelsOfAsync(
        HttpContext context,
        Provider provider
    )
    {
        var why = gateway.Prober.WhyNot(provider);
        if (
            why is null
            && await _discovery.FindAsync(provider, context.RequestAborted) is { } found
        )
            return found;
        await NativeAnswer.RefuseAsync(
            context,
            new GatewayError(
                GatewayErrorKind.Upstream,
                why is null
                    ? $"{provider.Name} gave no list of models: POST {ConfigEntriesApi.AddressOf(ConfigKind.Providers)}/{provider.Name}/test tells what is wrong."
                    : $"{provider.Name} cannot be asked for its models: {why}."
            )
            {
                Code = "no_model_list",
            }
        );
        return null;
    }

    private static bool Read(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out ModelsToTake? asked,
        out GatewayError? error
    ) =>
        BodyMembers.TryRead(
            body,
            "{\"models\": [\"gpt-4o-mini\"]}",
            ["models"],
            static members =>
            {
                if (members.Texts("models") is { Count: > 0 and <= MostTaken } models)
                    return new ModelsToTake(models);
                members.Fail($"'models' must list 1 to {MostTaken} ids of models.", "models");
                return null;
            },
            out asked,
            out error
        );

    private static string Entry(string name, string provider, string model) =>
        JsonNodes.ToJson(json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString("provider"u8, provider);
            json.WriteString("model"u8, model);
            json.WriteEndObject();
        });

    private static JsonElement Parsed(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
