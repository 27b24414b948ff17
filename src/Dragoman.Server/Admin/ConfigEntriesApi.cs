using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;
using Dragoman.Providers;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary>
/// <c>/api/admin/{providers, models, aliases, routes, …}</c>: every kind of thing that can be configured, by one table and one set of
/// rules.
/// </summary>
internal sealed class ConfigEntriesApi(GatewayConfiguration configuration, NativePost posts)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var kind in ConfigKind.All)
        {
            var all = new AdminAddress(posts).Get(context => ListAsync(context, kind));
            if (kind.Shape != ConfigShape.One)
                all.Post<ConfigBody>(
                    Reading(kind),
                    (context, body) => AddAsync(context, kind, body)
                );
            endpoints.Map(AddressOf(kind), all.Answer);
            endpoints.Map(
                AddressOf(kind) + "/{id}",
                new AdminAddress(posts)
                    .Get(context => ShowAsync(context, kind))
                    .Put<ConfigBody>(
                        Reading(kind),
                        (context, body) => ReplaceAsync(context, kind, body)
                    )
                    .Delete(context => RemoveAsync(context, kind))
                    .Answer
            );
        }
    }

    public static string AddressOf(ConfigKind kind) => "/api/admin/" + kind.Name;

    /// <summary>The id in the address. A slash in it stays encoded on the way here.</summary>
    public static string IdOf(HttpContext context) =>
        ((string)context.Request.RouteValues["id"]!).Replace(
            "%2F",
            "/",
            StringComparison.OrdinalIgnoreCase
        );

    private Task ListAsync(HttpContext context, ConfigKind kind)
    {
        var page = PageQuery.Read(context, out var query);
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        var who = context.Features.Get<Caller>();
        var things = configuration
            .List(kind)
            .Where(thing => SpendingReach.Sees(who, kind, thing.Value));
        if (page.After is { } after)
            things = kind.HasOrder
                ? things.SkipWhile(thing => thing.Id != after).Skip(1)
                : things.Where(thing => string.CompareOrdinal(thing.Id, after) > 0);
        var list = page.Cut([.. things.Take(page.Limit + 1)], static thing => thing.Id);
        return NativeAnswer.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("data"u8);
                foreach (var thing in list.Data)
                    ConfigAnswer.Write(json, thing, configuration.Secrets);
                json.WriteEndArray();
                json.WriteString("next_after"u8, list.NextAfter);
                json.WriteEndObject();
            }
        );
    }

    private Task ShowAsync(HttpContext context, ConfigKind kind) =>
        configuration.Find(kind, IdOf(context)) is { } thing
        && SpendingReach.Sees(context.Features.Get<Caller>(), kind, thing.Value)
            ? ConfigAnswer.WriteAsync(context, thing, configuration.Secrets)
            : NativeAnswer.RefuseAsync(context, AdminErrors.NotFound(kind.Noun, IdOf(context)));

    private async Task AddAsync(HttpContext context, ConfigKind kind, ConfigBody body)
    {
        if (body.Id is not { } id)
        {
            var field = kind.Shape == ConfigShape.List ? "name" : "id";
            await NativeAnswer.RefuseAsync(
                context,
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"A {kind.Noun} needs '{field}': what it is called."
                )
                {
                    Code = "invalid_request",
                    Param = field,
                }
            );
            return;
        }
        var change = new ConfigChange(
            kind,
            id,
            body.JsonOf(kind, id),
            present => present?.Stored is not null ? AdminErrors.Taken(kind.Noun, present.Id) : null
        );
        if (!await ChangeAsync(context, change))
            return;
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{AddressOf(kind)}/{Uri.EscapeDataString(id)}";
        await ConfigAnswer.WriteAsync(
            context,
            configuration.Find(kind, id)!,
            configuration.Secrets
        );
    }

    private async Task ReplaceAsync(HttpContext context, ConfigKind kind, ConfigBody body)
    {
        var id = IdOf(context);
        if (body.Id is { } other && !kind.Ids.Equals(other, id))
        {
            await NativeAnswer.RefuseAsync(
                context,
                new GatewayError(
                    GatewayErrorKind.InvalidRequest,
                    $"The body is about '{other}', the address about '{id}': a {kind.Noun} keeps its name."
                )
                {
                    Code = "invalid_request",
                    Param = "id",
                }
            );
            return;
        }
        var change = new ConfigChange(
            kind,
            id,
            body.JsonOf(kind, id),
            present =>
                present is null ? AdminErrors.NotFound(kind.Noun, id)
                // That it cannot be changed at all is said before how it would have to be.
                : present.DeclaredIn == ConfigThing.File && kind.Shape != ConfigShape.One ? null
                : EntityTags.Required(context.Request, present.Mark)
        );
        if (await ChangeAsync(context, change))
            await ConfigAnswer.WriteAsync(
                context,
                configuration.Find(kind, id)!,
                configuration.Secrets
            );
    }

    private async Task RemoveAsync(HttpContext context, ConfigKind kind)
    {
        var id = IdOf(context);
        var change = new ConfigChange(
            kind,
            id,
            null,
            present =>
                present is null ? AdminErrors.NotFound(kind.Noun, id)
                : present.DeclaredIn == ConfigThing.Api
                    ? EntityTags.Optional(context.Request, present.Mark)
                : null
        );
        if (await ChangeAsync(context, change))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>
    /// Whoever may enter an address could otherwise have this server ask machines of the house in their name. What stands in the file
    /// is the operator's own word.
    /// </summary>
    private static async ValueTask<GatewayError?> WhyNotAsync(
        ConfigChange change,
        CancellationToken cancellationToken
    )
    {
        if (
            change.Kind.Section != "providers"
            || change.Json is not { } json
            || JsonNodes.Parse(json) is not ConfigMap said
            || said.Find("allow_private")?.Value is ConfigScalar { IsPlain: true, Text: "true" }
            || said.Find("base_url")?.Value is not ConfigScalar { Text: var text }
            || !Uri.TryCreate(text, UriKind.Absolute, out var address)
            || await PrivateUrl.WhyNotAsync(address, cancellationToken) is not { } reason
        )
            return null;
        return new GatewayError(
            GatewayErrorKind.InvalidRequest,
            $"'base_url' is refused: {reason}. If that is meant, say \"allow_private\": true."
        )
        {
            Code = "private_url",
            Param = "base_url",
        };
    }

    /// <summary>False where it was refused, and the refusal is told.</summary>
    private async Task<bool> ChangeAsync(HttpContext context, ConfigChange change)
    {
        var who = context.Features.Get<Caller>();
        if (
            change.Json is not null
            && JsonNodes.Parse(change.Json) is var entry
            && (
                SpendingReach.WhyNot(who, change.Kind, entry)
                ?? SpendingReach.WhyNotSay(who, change.Kind, entry)
            )
                is { } foreign
        )
        {
            await NativeAnswer.RefuseAsync(context, foreign);
            return false;
        }
        if (await WhyNotAsync(change, context.RequestAborted) is { } inside)
        {
            await NativeAnswer.RefuseAsync(context, inside);
            return false;
        }
        var mark = change.Mark;
        change = change with
        {
            Mark = present =>
                present is null || SpendingReach.Sees(who, change.Kind, present.Value)
                    ? mark?.Invoke(present)
                        ?? (
                            present is null
                                ? null
                                : SpendingReach.WhyNot(who, change.Kind, present.Value)
                        )
                    : AdminErrors.NotFound(change.Kind.Noun, change.Id),
        };
        var outcome = await configuration.ChangeAsync(
            [change],
            Origin.Audit(context, "", null),
            cancellationToken: context.RequestAborted
        );
        if (outcome.Error is null)
            return true;
        // What stands in the way of taking it away is elsewhere, and right there.
        if (change.Json is null && outcome.Mistakes.Count > 0)
            outcome = outcome with
            {
                Error = outcome.Error with
                {
                    StatusOverride = StatusCodes.Status409Conflict,
                    Code = "in_use",
                    Message =
                        $"The {change.Kind.Noun} '{change.Id}' is needed: {outcome.Error.Message}",
                },
            };
        await ConfigAnswer.RefuseAsync(context, outcome, $"{change.Kind.Section}.{change.Id}");
        return false;
    }

    private static NativePost.Reading<ConfigBody> Reading(ConfigKind kind) =>
        (
            HttpContext _,
            ReadOnlyMemory<byte> body,
            out ConfigBody? asked,
            out GatewayError? error
        ) => ConfigBody.TryRead(kind, body, out asked, out error);
}
