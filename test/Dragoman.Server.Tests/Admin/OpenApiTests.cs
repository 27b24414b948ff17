using System.Net;
using Dragoman.Server.Hosting;
using Dragoman.Server.Hosting.OpenApi;
using Dragoman.Server.Tests.Hosting;
using Microsoft.OpenApi;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Admin;

/// <summary>The description of all operations, as the server gives it.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_OfTheServer_IsSoundAndTellsEveryOperation()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await server.GetAsync("/openapi/v1.json");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var read = OpenApiDocument.Parse(text);

        read.Diagnostic!.Errors.ShouldBeEmpty();
        read.Diagnostic.Warnings.ShouldBeEmpty();
        var told = read.Document!.Paths.SelectMany(static path =>
                path.Value.Operations!.Select(operation =>
                    $"{operation.Key.Method} {Nameless(path.Key)}"
                )
            )
            .ToHashSet();
        var mapped = EndpointTable
            .Rows.Where(static row => row.Method != "*")
            .Select(static row => $"{row.Method} {Nameless(OpenApiWriter.PathOf(row.Pattern))}")
            .ToHashSet();
        told.Order().ShouldBe(mapped.Order());
    }

    [Fact]
    public void Document_EveryOperation_HasSummaryPermissionTagAndResponses()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in OpenApiWriter.Of(EndpointTable.Rows).Paths)
        foreach (var (method, operation) in path.Value.Operations!)
        {
            var what = $"{method} {path.Key}";
            operation.Summary.ShouldNotBeNullOrWhiteSpace(what);
            operation.Tags!.Count.ShouldBe(1, what);
            operation.Extensions!.ShouldContainKey("x-dragoman-permission", what);
            operation.Responses!.Count.ShouldBeGreaterThanOrEqualTo(2, what);
            operation.Responses.ShouldContainKey("default", what);
            ids.Add(operation.OperationId!).ShouldBeTrue($"{what}: another has its id");
        }
    }

    [Fact]
    public async Task Docs_NeedNoKeyAndNothingFromElsewhere()
    {
        await using var server = await ServerUnderTest.StartAsync(key: "a-key");

        foreach (
            var path in (string[])
                [
                    "/docs",
                    "/docs/docs.js",
                    "/docs/docs.css",
                    "/docs/swagger-ui.css",
                    "/docs/swagger-ui-bundle.js",
                    "/docs/favicon-32x32.png",
                ]
        )
        {
            var answer = await server.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer
                .Headers.GetValues("Content-Security-Policy")
                .Single()
                .ShouldStartWith("default-src 'self'");
        }
        (
            await (await server.GetAsync("/docs")).Content.ReadAsStringAsync(
                TestContext.Current.CancellationToken
            )
        ).ShouldNotContain("http");
        (await server.GetAsync("/docs/nothing.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.GetAsync("/openapi/v1.json")).StatusCode.ShouldBe(
            HttpStatusCode.Unauthorized
        );
    }

    private static string Nameless(string path) =>
        System.Text.RegularExpressions.Regex.Replace(
            path,
            @"\{[^}]+\}",
            "{}",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
