using System.Collections.Frozen;
using System.Reflection;
using Dragoman.Server.Admin;
using Dragoman.Server.Inference;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Dragoman.Server.Hosting.OpenApi;

/// <summary>
/// <c>/openapi/v1.json</c>, and <c>/docs</c>: the same as a page on which everything can be tried. Its files are in the program, so that
/// it needs no internet; they hold nothing of this server, so that the page itself needs no key: it asks for one, and sends it along.
/// </summary>
internal sealed class OpenApiPage(NativePost posts)
{
    private const string Bundled = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";
    private const string Own = "Dragoman.Server.Docs.";

    private static readonly FrozenDictionary<
        string,
        (Assembly From, string Resource, string Type)
    > Files = new Dictionary<string, (Assembly, string, string)>(StringComparer.Ordinal)
    {
        ["swagger-ui.css"] = Vendor("swagger-ui.css", "text/css"),
        ["swagger-ui-bundle.js"] = Vendor("swagger-ui-bundle.js", "text/javascript"),
        ["favicon-32x32.png"] = Vendor("favicon-32x32.png", "image/png"),
        ["LICENSE"] = Vendor("LICENSE", "text/plain"),
        ["docs.js"] = (typeof(OpenApiPage).Assembly, Own + "docs.js", "text/javascript"),
        ["docs.css"] = (typeof(OpenApiPage).Assembly, Own + "docs.css", "text/css"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Lazy<Task<byte[]>> _document = new(WriteAsync);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/openapi/v1.json", new AdminAddress(posts).Get(DocumentAsync).Answer);
        endpoints.Map("/docs", new AdminAddress(posts).Get(PageAsync).Answer);
        endpoints.Map("/docs/{file}", new AdminAddress(posts).Get(FileAsync).Answer);
    }

    private async Task DocumentAsync(HttpContext context)
    {
        var document = await _document.Value;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    private static Task PageAsync(HttpContext context) =>
        SendAsync(
            context,
            typeof(OpenApiPage).Assembly,
            Own + "docs.html",
            "text/html; charset=utf-8"
        );

    private static Task FileAsync(HttpContext context) =>
        Files.TryGetValue((string)context.Request.RouteValues["file"]!, out var file)
            ? SendAsync(context, file.From, file.Resource, file.Type)
            : ErrorShape.Problem.WriteAsync(
                context.Response,
                AdminErrors.NotFound("file", (string)context.Request.RouteValues["file"]!)
            );

    private static async Task SendAsync(
        HttpContext context,
        Assembly from,
        string resource,
        string type
    )
    {
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // The page holds a key: nothing but what comes from here runs in it, and nobody puts it in a frame.
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
        await using var stream = from.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, context.RequestAborted);
        // The package holds its files compressed; every browser takes them so.
        if (bytes is [0x1f, 0x8b, ..])
            context.Response.Headers.ContentEncoding = "gzip";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static async Task<byte[]> WriteAsync()
    {
        await using var text = new MemoryStream();
        await OpenApiWriter
            .Of(EndpointTable.Rows)
            .SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1);
        return text.ToArray();
    }

    private static (Assembly, string, string) Vendor(string file, string type) =>
        (typeof(SwaggerUIOptions).Assembly, Bundled + file, type);
}
