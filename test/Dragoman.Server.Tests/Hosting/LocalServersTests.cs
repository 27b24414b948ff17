using System.Net;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

/// <summary>Servers in the house come and go, and their models with them, while ours runs.</summary>
public sealed class LocalServersTests
{
    [Theory]
    [InlineData("OLLAMA_BASE_URL", "ollama", "http://{0}")]
    [InlineData("OLLAMA_HOST", "ollama", "{0}")]
    [InlineData("LMSTUDIO_BASE_URL", "lmstudio", "http://{0}/v1")]
    public async Task Models_OfAServerThatComesAndGoes_ComeAndGo(
        string variable,
        string provider,
        string form
    )
    {
        var authority = $"127.0.0.1:{FreePort.Take()}";
        var time = new ManualTime();
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
            options with
            {
                LookForLocalServers = true,
                Time = time,
                Environment = name =>
                    name == variable
                        ? string.Format(
                            System.Globalization.CultureInfo.InvariantCulture,
                            form,
                            authority
                        )
                        : options.Environment(name),
            }
        );
        await server.Server.LocalServersLookedFor;
        Models().ShouldBeEmpty();

        // Started later.
        await using (var house = await StartAsync("llama3:8b", "qwen3:4b"))
        {
            await UntilAsync(() => Models().Length == 2);
            Models().ShouldBe([$"{provider}/llama3:8b", $"{provider}/qwen3:4b"]);

            // One is removed, another is pulled.
            house.Models = [Item("qwen3:4b"), Item("phi4:14b")];
            await UntilAsync(() => Models().Contains($"{provider}/phi4:14b"));
            Models().ShouldBe([$"{provider}/qwen3:4b", $"{provider}/phi4:14b"], ignoreOrder: true);
        }

        // Stopped, and started again.
        await UntilAsync(() => Models().Length == 0);
        (await AskAsync()).ShouldBe(HttpStatusCode.NotFound);
        await using var again = await StartAsync("llama3:8b");
        await UntilAsync(() => Models().Length == 1);
        Models().ShouldBe([$"{provider}/llama3:8b"]);

        string[] Models() =>
            [
                .. server
                    .Server.Models.Select(static model => model.Id)
                    .Where(id => id.StartsWith(provider + "/", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ];

        async Task UntilAsync(Func<bool> condition)
        {
            // Half a minute, as the server counts it, is enough.
            await Eventually.TrueAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            });
        }

        async Task<HttpStatusCode> AskAsync()
        {
            using var answer = await server.PostAsync(
                "/v1/chat/completions",
                """{"model":"llama3:8b","messages":[{"role":"user","content":"Hi"}]}"""
            );
            return answer.StatusCode;
        }

        string Item(string name) =>
            provider == "ollama" ? HouseServer.OllamaItem(name) : $$"""{"id":"{{name}}"}""";

        Task<HouseServer> StartAsync(params string[] names) =>
            provider == "ollama"
                ? HouseServer.OllamaAtAsync("http://" + authority, names)
                : HouseServer.LMStudioAtAsync("http://" + authority, [.. names.Select(Item)]);
    }
}
