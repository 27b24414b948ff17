using System.Globalization;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary>
/// <c>/api/admin/keys</c>: the keys that clients hold. A secret is told when it is made, and never again. Admins and viewers see all,
/// managers those of their teams, everybody else their own; what is not seen is not there.
/// </summary>
internal sealed class KeysApi(KeyDesk desk, IAuditTrail audit, NativePost posts, TimeProvider time)
{
    private const string Address = "/api/admin/keys";
    private const int DefaultLimit = 100;
    private const int MostAtOnce = 1_000;
    private const int LongestUserAgent = 200;

    private static readonly string[] Filters =
    [
        "after",
        "limit",
        "status",
        "role",
        "user_id",
        "team_id",
        "workspace_id",
        "name",
    ];

    private static readonly string[] Statuses = ["active", "disabled", "expired", "revoked"];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var make = posts.For<VirtualKey>(ReadNew, MakeAsync);
        endpoints.Map(Address, MethodTable.Of(("GET", ListAsync), ("POST", make)));
        var change = posts.Taking<VirtualKey>(ReadChanged, ChangeAsync);
        endpoints.Map(
            Address + "/{id}",
            MethodTable.Of(("GET", ShowAsync), ("PUT", change), ("DELETE", DeleteAsync))
        );
        endpoints.Map(
            Address + "/{id}/rotate",
            posts.For<RotationWish>(RotationWish.TryRead, RotateAsync)
        );
        endpoints.Map(Address + "/{id}/revoke", MethodTable.Of(("POST", RevokeAsync)));
    }

    private Task ListAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, Filters);
        var after = parameters.Text("after");
        var limit = parameters.Number("limit", 1, MostAtOnce) ?? DefaultLimit;
        var (status, now) = (parameters.OneOf("status", Statuses), time.GetUtcNow());
        var role = parameters.OneOf("role", [.. Enum.GetValues<Role>().Select(KeyInfo.WordOf)]);
        if (parameters.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        var who = CallerOf(context);
        var page = desk
            .Book.Entries.Where(entry => Reach.Sees(who, entry.Key))
            .Where(entry => Matches(entry.Key))
            .OrderBy(static entry => entry.Key.Id, StringComparer.Ordinal)
            .Take(limit + 1)
            .Select(entry => KeyInfo.Of(entry.Key, entry.LastUsedAt, now))
            .ToList();
        var isMore = page.Count > limit;
        if (isMore)
            page.RemoveAt(limit);
        return NativeAnswer.WriteAsync(
            context,
            new KeyPage { Data = page, NextAfter = isMore ? page[^1].Id : null },
            KeysJson.Readable.KeyPage
        );

        bool Matches(VirtualKey key) =>
            (after is null || string.CompareOrdinal(key.Id, after) > 0)
            && (status is null || KeyInfo.StatusOf(key, now) == status)
            && (role is null || KeyInfo.WordOf(key.Role) == role)
            && Is("user_id", key.User)
            && Is("team_id", key.Team)
            && Is("workspace_id", key.Workspace)
            && (
                parameters.Text("name") is not { } name
                || key.Name.Contains(name, StringComparison.OrdinalIgnoreCase)
            );

        bool Is(string parameter, string? value) =>
            parameters.Text(parameter) is not { } wanted || wanted == value;
    }

    private Task ShowAsync(HttpContext context)
    {
        var id = IdOf(context);
        if (desk.Book.Find(id) is not { } entry || !Reach.Sees(CallerOf(context), entry.Key))
            return NativeAnswer.RefuseAsync(context, KeyChange.NoSuchKey(id).Error!);
        context.Response.Headers.ETag = TagOf(entry.Key);
        return NativeAnswer.WriteAsync(
            context,
            KeyInfo.Of(entry.Key, entry.LastUsedAt, time.GetUtcNow()),
            KeysJson.Readable.KeyInfo
        );
    }

    private async Task MakeAsync(HttpContext context, VirtualKey like)
    {
        var change = await desk.MakeAsync(CallerOf(context), like, context.RequestAborted);
        if (change.Error is null)
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = $"{Address}/{change.After!.Id}";
        }
        await AnswerAsync(context, "key.create", change);
    }

    private async Task ChangeAsync(HttpContext context, VirtualKey read)
    {
        if (VersionOf(context, out var version) is { } wrong)
        {
            await NativeAnswer.RefuseAsync(context, wrong);
            return;
        }
        var change = await desk.ChangeAsync(
            CallerOf(context),
            IdOf(context),
            version,
            key => KeyReader.Onto(key, read),
            context.RequestAborted
        );
        await AnswerAsync(context, "key.update", change);
    }

    private async Task RotateAsync(HttpContext context, RotationWish wish) =>
        await AnswerAsync(
            context,
            "key.rotate",
            await desk.RotateAsync(
                CallerOf(context),
                IdOf(context),
                wish.Grace,
                context.RequestAborted
            )
        );

    private async Task RevokeAsync(HttpContext context) =>
        await AnswerAsync(
            context,
            "key.revoke",
            await desk.RevokeAsync(CallerOf(context), IdOf(context), context.RequestAborted)
        );

    private async Task DeleteAsync(HttpContext context) =>
        await AnswerAsync(
            context,
            "key.delete",
            await desk.RemoveAsync(CallerOf(context), IdOf(context), context.RequestAborted)
        );

    private async Task AnswerAsync(HttpContext context, string action, KeyChange change)
    {
        if (change.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        await audit.AppendAsync(EventOf(context, action, change), CancellationToken.None);
        if (change.After is not { } key)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        context.Response.Headers.ETag = TagOf(key);
        var (lastUsed, now) = (desk.Book.Find(key.Id)?.LastUsedAt, time.GetUtcNow());
        if (change.Secret is not { } secret)
        {
            await NativeAnswer.WriteAsync(
                context,
                KeyInfo.Of(key, lastUsed, now),
                KeysJson.Readable.KeyInfo
            );
            return;
        }
        context.Response.Headers.CacheControl = "no-store";
        await NativeAnswer.WriteAsync(
            context,
            NewKeyInfo.Of(key, secret.Reveal(), lastUsed, now),
            KeysJson.Readable.NewKeyInfo
        );
    }

    private AuditEvent EventOf(HttpContext context, string action, KeyChange change)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return new AuditEvent
        {
            Who = CallerOf(context),
            Address = context.Connection.RemoteIpAddress?.ToString(),
            UserAgent =
                agent.Length == 0 ? null
                : agent.Length > LongestUserAgent ? agent[..LongestUserAgent]
                : agent,
            Action = action,
            Subject = (change.After ?? change.Before)!.Id,
            Before = Told(change.Before),
            After = Told(change.After),
        };
    }

    /// <summary>As it is shown: no secret is in it.</summary>
    private string? Told(VirtualKey? key) =>
        key is null
            ? null
            : JsonSerializer.Serialize(
                KeyInfo.Of(key, lastUsed: null, time.GetUtcNow()),
                KeysJson.Readable.KeyInfo
            );

    private static Caller? CallerOf(HttpContext context) => context.Features.Get<Caller>();

    private static string IdOf(HttpContext context) =>
        context.Request.RouteValues["id"] as string ?? "";

    private static string TagOf(VirtualKey key) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{key.Version}\"");

    private static GatewayError? VersionOf(HttpContext context, out int? version)
    {
        version = null;
        var tag = context.Request.Headers.IfMatch.ToString();
        if (tag.Length == 0)
            return new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "If-Match must be sent: the ETag of the key as it was got, so that nobody's change is lost."
            )
            {
                StatusOverride = StatusCodes.Status428PreconditionRequired,
                Code = "if_match_missing",
                Param = "If-Match",
            };
        if (tag == "*")
            return null;
        // A tag that is not one of ours is that of no version.
        version = int.TryParse(
            tag.Trim('"'),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var said
        )
            ? said
            : 0;
        return null;
    }

    private bool ReadNew(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out VirtualKey? key,
        out GatewayError? error
    ) => KeyReader.TryReadNew(body, time.GetUtcNow(), out key, out error);

    private static bool ReadChanged(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out VirtualKey? key,
        out GatewayError? error
    ) => KeyReader.TryReadChanged(body, out key, out error);

    /// <summary>How long a secret that is rotated out counts still.</summary>
    private sealed record RotationWish(TimeSpan Grace)
    {
        private const long MostGrace = 30 * 24 * 3600;
        private const string Example = "{\"grace_seconds\": 3600}";

        public static bool TryRead(
            HttpContext context,
            ReadOnlyMemory<byte> body,
            out RotationWish? wish,
            out GatewayError? error
        )
        {
            if (body.IsEmpty)
            {
                (wish, error) = (new RotationWish(TimeSpan.Zero), null);
                return true;
            }
            return Dragoman.Native.BodyMembers.TryRead(
                body,
                Example,
                ["grace_seconds"],
                static members => new RotationWish(
                    TimeSpan.FromSeconds(
                        members.Number(
                            "grace_seconds",
                            0,
                            MostGrace,
                            $"a whole number of seconds from 0 to {MostGrace}"
                        ) ?? 0
                    )
                ),
                out wish,
                out error
            );
        }
    }
}
