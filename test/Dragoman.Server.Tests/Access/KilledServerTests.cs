using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dragoman.Server.Tests.Cli;
using Dragoman.Server.Tests.Hosting;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Access;

/// <summary>What was answered is kept, also where the process is killed in the next instant.</summary>
public sealed class KilledServerTests
{
    private const string Keys = "/api/admin/keys";

    [Fact]
    public async Task Server_KilledRightAfterItsKeysChanged_KnowsThemWhenItIsBack()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Take();
        using var http = new HttpClient
        {
            BaseAddress = new Uri(
                $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"
            ),
        };
        string admin,
            revoked;
        using (var first = await StartAsync(http, folder, port))
        {
            (_, admin) = await MakeAsync(http, null, """{"name":"root","role":"admin"}""");
            (var id, revoked) = await MakeAsync(http, admin, """{"name":"leaked"}""");
            using var gone = await SendAsync(
                http,
                HttpMethod.Post,
                $"{Keys}/{id}/revoke",
                admin,
                "{}"
            );
            gone.IsSuccessStatusCode.ShouldBeTrue();
            first.Kill();
            await first.WaitForExitAsync();
        }

        using var again = await StartAsync(http, folder, port);
        using var right = await SendAsync(http, HttpMethod.Get, "/v1/models", admin);
        using var wrong = await SendAsync(http, HttpMethod.Get, "/v1/models", revoked);
        using var none = await SendAsync(http, HttpMethod.Get, "/v1/models", null);

        ((int)right.StatusCode).ShouldBe(200);
        (await wrong.ErrorCodeAsync()).ShouldBe("key_revoked");
        ((int)none.StatusCode).ShouldBe(401);
        again.Kill();
        await again.WaitForExitAsync();
    }

    private static async Task<Process> StartAsync(HttpClient http, TemporaryFolder folder, int port)
    {
        var process = CliProcess.Start(
            new Dictionary<string, string>
            {
                ["DRAGOMAN_DATA"] = folder.Path,
                ["DRAGOMAN_ADMIN_KEY"] = "",
                ["DRAGOMAN_LOG_LEVEL"] = "None",
                ["OLLAMA_BASE_URL"] = CommandLine.Nowhere.ToString(),
                ["LMSTUDIO_BASE_URL"] = CommandLine.Nowhere.ToString(),
            },
            "serve",
            "--port",
            port.ToString(CultureInfo.InvariantCulture)
        );
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using var live = await http.GetAsync("/health/live");
                return live.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return process;
    }

    private static async Task<(string Id, string Secret)> MakeAsync(
        HttpClient http,
        string? secret,
        string body
    )
    {
        using var made = await SendAsync(http, HttpMethod.Post, Keys, secret, body);
        ((int)made.StatusCode).ShouldBe(201);
        var key = await made.JsonAsync();
        return (key.GetProperty("id").GetString()!, key.GetProperty("secret").GetString()!);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient http,
        HttpMethod method,
        string path,
        string? secret,
        string? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (secret is not null)
            request.Headers.Authorization = new("Bearer", secret);
        return await http.SendAsync(request);
    }
}
