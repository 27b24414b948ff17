using System.Globalization;
using System.Text;
using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Configuration.Stored;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary><c>/api/admin/config</c>: the versions of what is stored, and the whole as one document.</summary>
internal sealed class ConfigVersionsApi(GatewayConfiguration configuration, NativePost posts)
{
    private const string Versions = "/api/admin/config/versions";

    private sealed record ImportBody(string Text);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map(Versions, new AdminAddress(posts).Get(ListAsync).Answer);
        endpoints.Map(Versions + "/{n}", new AdminAddress(posts).Get(ShowAsync).Answer);
        endpoints.Map(
            Versions + "/{n}/rollback",
            new AdminAddress(posts).Post(RollBackAsync).Answer
        );
        endpoints.Map("/api/admin/config/export", new AdminAddress(posts).Get(ExportAsync).Answer);
        endpoints.Map(
            "/api/admin/config/import",
            new AdminAddress(posts).Post<ImportBody>(Read, ImportAsync).Answer
        );
    }

    private Task ListAsync(HttpContext context)
    {
        var page = PageQuery.Read(context, out var query);
        long? before = null;
        if (page.After is { } after)
        {
            if (Number(after) is { } number)
                before = number;
            else
                query.Wrong("after", "'after' must be the number of a version.");
        }
        return query.Error is { } error
            ? NativeAnswer.RefuseAsync(context, error)
            : NativeAnswer.WriteAsync(
                context,
                page.Cut(
                    [
                        .. configuration
                            .Versions(before, page.Limit + 1)
                            .Select(ConfigurationChanges.Of),
                    ],
                    static version => version.Number.ToString(CultureInfo.InvariantCulture)
                ),
                ConfigurationJson.Readable.AdminListConfigurationVersion
            );
    }

    private Task ShowAsync(HttpContext context)
    {
        var query = new QueryParameters(context.Request.Query, "against");
        var against = query.Text("against");
        if (against is not null && Number(against) is null)
            query.Wrong("against", "'against' must be the number of a version, or 0.");
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        if (Asked(context) is not { } version)
            return NotFoundAsync(context, Said(context));
        if (against is null)
            return NativeAnswer.WriteAsync(
                context,
                ConfigurationChanges.Of(version),
                ConfigurationJson.Readable.ConfigurationVersion
            );
        if (configuration.VersionOf(Number(against)!.Value) is not { } other)
            return NotFoundAsync(context, against);
        return NativeAnswer.WriteAsync(
            context,
            new ConfigurationComparison(
                other.Number,
                version.Number,
                [
                    .. ConfigDifference
                        .Between(other.Document!, version.Document!)
                        .Select(ConfigurationChanges.Of),
                ]
            ),
            ConfigurationJson.Readable.ConfigurationComparison
        );
    }

    private async Task RollBackAsync(HttpContext context)
    {
        if (Asked(context) is not { } version)
        {
            await NotFoundAsync(context, Said(context));
            return;
        }
        var outcome = await configuration.RollBackAsync(
            version,
            Origin.Audit(context, "", null),
            context.RequestAborted
        );
        await ConfigAnswer.WriteAsync(context, outcome);
    }

    private Task ExportAsync(HttpContext context)
    {
        var query = new QueryParameters(context.Request.Query, "all");
        var all = query.OneOf("all", ["true", "false"]) == "true";
        if (query.Error is { } error)
            return NativeAnswer.RefuseAsync(context, error);
        context.Response.ContentType = "application/yaml; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"dragoman.yaml\"";
        return context.Response.WriteAsync(
            YamlText.Of(configuration.Export(all)),
            context.RequestAborted
        );
    }

    private async Task ImportAsync(HttpContext context, ImportBody body)
    {
        var query = new QueryParameters(context.Request.Query, "dry_run", "replace");
        var dryRun = query.OneOf("dry_run", ["true", "false"]) == "true";
        var replace = query.OneOf("replace", ["true", "false"]) == "true";
        if (query.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var outcome = await configuration.ImportAsync(
            body.Text,
            replace,
            dryRun,
            Origin.Audit(context, "", null),
            context.RequestAborted
        );
        await ConfigAnswer.WriteAsync(context, outcome, dryRun);
    }

    private static bool Read(
        HttpContext context,
        ReadOnlyMemory<byte> body,
        out ImportBody? asked,
        out GatewayError? error
    )
    {
        (asked, error) = (null, null);
        try
        {
            asked = new ImportBody(
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.Span)
            );
            return true;
        }
        catch (DecoderFallbackException)
        {
            error = new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "The document must be YAML or JSON in UTF-8."
            )
            {
                Code = "invalid_request",
            };
            return false;
        }
    }

    private StoredVersion? Asked(HttpContext context) =>
        Number(Said(context)) is { } number ? configuration.VersionOf(number) : null;

    private static string Said(HttpContext context) => (string)context.Request.RouteValues["n"]!;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static Task NotFoundAsync(HttpContext context, string number) =>
        NativeAnswer.RefuseAsync(
            context,
            AdminErrors.NotFound("version of the configuration", number)
        );
}
