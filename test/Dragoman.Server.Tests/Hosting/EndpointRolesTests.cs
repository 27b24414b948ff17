using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dragoman.Access;
using Dragoman.Server.Hosting;
using Dragoman.Server.Tests.SignIn;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

/// <summary>
/// Every address of a running server, with every method that the table names, asked by every role, by nobody, and on an open server:
/// the table alone says who gets through.
/// </summary>
public sealed partial class EndpointRolesTests
{
    private const string Key = "dk-correct-horse-battery";

    [Fact]
    public async Task EveryEndpoint_EveryRole_IsAnsweredAsTheTableSays()
    {
        await using var server = await ServerUnderTest.StartAsync(Key);
        var roles = new Dictionary<Role, SignedIn>();
        foreach (var role in Enum.GetValues<Role>())
            roles[role] = await SignedIn.AsAsync(
                server,
                Key,
                RoleNames.Of(role),
                RoleNames.Of(role)
            );
        var wrong = new List<string>();
        var asked = 0;
        foreach (var (method, path, needs) in Operations(server))
        {
            asked++;
            foreach (var role in Enum.GetValues<Role>())
            {
                using var probe = await AskAsync(server, method, path, roles[role]);
                var isLet =
                    probe.StatusCode
                    is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
                if (isLet != RoleTable.Allows(role, needs))
                    wrong.Add($"{method} {path} as {role}: {(int)probe.StatusCode}, needs {needs}");
                else if (
                    !isLet
                    && !(await probe.Content.ReadAsStringAsync()).Contains(
                        PermissionNames.Of(needs)
                    )
                )
                    wrong.Add($"{method} {path} as {role}: refused without naming {needs}");
                // That ended the session it was asked with.
                if (method == "DELETE" && path.EndsWith("/current", StringComparison.Ordinal))
                    roles[role] = await SignedIn.InAsync(
                        server,
                        RoleNames.Of(role) + "@example.com"
                    );
            }
            using var nobody = await AskAsync(server, method, path, null);
            var isOpen = nobody.StatusCode != HttpStatusCode.Unauthorized;
            if (isOpen != (needs == Permission.Anyone))
                wrong.Add(
                    $"{method} {path} without a key: {(int)nobody.StatusCode}, needs {needs}"
                );
        }
        wrong.ShouldBeEmpty();
        asked.ShouldBeGreaterThan(60);
    }

    [Fact]
    public async Task EveryEndpoint_OnAnOpenServer_LetsThisMachineThrough()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var wrong = new List<string>();
        foreach (var (method, path, _) in Operations(server))
        {
            using var here = await AskAsync(server, method, path, null);
            if (here.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
                wrong.Add($"{method} {path}: {(int)here.StatusCode}");
            using var page = await AskAsync(
                server,
                method,
                path,
                null,
                ("Origin", "https://evil.example")
            );
            if (
                page.StatusCode != HttpStatusCode.Forbidden
                && !path.StartsWith("/health/", StringComparison.Ordinal)
            )
                wrong.Add($"{method} {path} by a page of another site: {(int)page.StatusCode}");
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryRowOfTheTable_IsMapped()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var mapped = server
            .Server.Endpoints.Endpoints.OfType<RouteEndpoint>()
            .Select(static endpoint => endpoint.RoutePattern.RawText)
            .ToHashSet();

        EndpointTable
            .Rows.Select(static row => row.Pattern)
            .Distinct()
            .Where(pattern => !mapped.Contains(pattern))
            .ShouldBeEmpty();
        EndpointTable
            .Rows.GroupBy(static row => (row.Method, row.Pattern))
            .Where(static rows => rows.Count() > 1)
            .ShouldBeEmpty();
    }

    /// <summary>Each mapped address with each of its methods; a mapped one that bears no needs fails here by name.</summary>
    private static List<(string Method, string Path, Permission Needs)> Operations(
        ServerUnderTest server
    )
    {
        var operations = new List<(string, string, Permission)>();
        foreach (var endpoint in server.Server.Endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            var needs = endpoint.Metadata.GetMetadata<EndpointNeeds>();
            needs.ShouldNotBeNull($"{pattern} says nothing of what it needs");
            foreach (var row in needs.Rows)
                operations.Add(
                    (row.Method == "*" ? "GET" : row.Method, PathOf(pattern), row.Needs)
                );
        }
        return operations;
    }

    /// <summary>The pattern with something in its places that is nobody's.</summary>
    private static string PathOf(string pattern) =>
        pattern switch
        {
            // Below these other addresses lie, which say for themselves what they need.
            "/{**path}" => "/nowhere/at/all",
            "/v1beta/{**rest}" => "/v1beta/nothing",
            "/v1beta/models/{**rest}" => "/v1beta/models/no-such-model",
            _ => Places().Replace(pattern, "no-such-thing"),
        };

    private static Task<HttpResponseMessage> AskAsync(
        ServerUnderTest server,
        string method,
        string path,
        SignedIn? who,
        params (string, string)[] headers
    )
    {
        var body = method is "POST" or "PUT" ? "{}" : null;
        return who is null
            ? server.SendAsync(
                new HttpMethod(method),
                path,
                body is null ? null : new StringContent(body, Encoding.UTF8, ServerUnderTest.Json),
                headers
            )
            : who.SendAsync(new HttpMethod(method), path, body, headers);
    }

    [GeneratedRegex(@"\{\*{0,2}\w+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Places();
}
