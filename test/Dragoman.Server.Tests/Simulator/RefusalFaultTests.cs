using System.Globalization;
using System.Text.Json.Nodes;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Faults that reply something else in place of an answer.</summary>
public sealed class RefusalFaultTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("500", 500, "type", "server_error")]
    [InlineData("503", 503, "type", "server_error")]
    [InlineData("529", 529, "type", "overloaded_error")]
    [InlineData("400", 400, "type", "invalid_request_error")]
    [InlineData("401", 401, "code", "invalid_api_key")]
    [InlineData("402", 402, "type", "insufficient_credits")]
    [InlineData("403", 403, "code", "model_forbidden")]
    [InlineData("404", 404, "code", "model_not_found")]
    [InlineData("429", 429, "code", "rate_limit_exceeded")]
    [InlineData("quota", 429, "code", "insufficient_quota")]
    [InlineData("context", 400, "code", "context_length_exceeded")]
    [InlineData("filter", 400, "code", "content_filter")]
    [InlineData("error-in-200", 200, "type", "server_error")]
    public async Task Refusal_Always_HasStatusAndShape(
        string fault,
        int status,
        string field,
        string value
    )
    {
        foreach (var stream in new[] { "", ",\"stream\":true" })
        {
            // Twice, for it is not a matter of the first time.
            for (var time = 0; time < 2; time++)
            {
                using var response = await _client.ChatAsync("fault-" + fault, more: stream);
                var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;

                ((int)response.StatusCode).ShouldBe(status);
                response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
                error[field]!.GetValue<string>().ShouldBe(value);
                error["message"]!.GetValue<string>().ShouldNotBeEmpty();
            }
        }
    }

    [Theory]
    [InlineData("500-once", 500)]
    [InlineData("408-once", 408)]
    [InlineData("429-once", 429)]
    [InlineData("429-ms", 429)]
    [InlineData("429-silent-once", 429)]
    public async Task Refusal_Once_ThenAnswersTheSamePromptAndFailsForAnother(
        string fault,
        int status
    )
    {
        (await StatusAsync("fault-" + fault, "one")).ShouldBe(status);
        (await StatusAsync("fault-" + fault, "one")).ShouldBe(200);
        (await StatusAsync("fault-" + fault, "one")).ShouldBe(200);
        (await StatusAsync("fault-" + fault, "two")).ShouldBe(status);
        (await StatusAsync("fault-" + fault, "two", ",\"user\":\"k\"")).ShouldBe(status);
        (await StatusAsync("fault-" + fault, "three", ",\"user\":\"k\"")).ShouldBe(200);
    }

    [Theory]
    [InlineData("429", "Retry-After", "1")]
    [InlineData("429-long", "Retry-After", "60")]
    [InlineData("429-ms", "retry-after-ms", "200")]
    public async Task Limit_WithAHeader_SaysWhen(string fault, string header, string value)
    {
        using var response = await _client.ChatAsync("fault-" + fault, "says when");

        ((int)response.StatusCode).ShouldBe(429);
        response.Headers.GetValues(header).ShouldBe([value]);
    }

    [Fact]
    public async Task Limit_Date_LiesAShortTimeAhead()
    {
        var before = DateTimeOffset.UtcNow;
        using var response = await _client.ChatAsync("fault-429-date");
        var until = DateTimeOffset.ParseExact(
            response.Headers.GetValues("Retry-After").Single(),
            "R",
            CultureInfo.InvariantCulture
        );

        until.ShouldBeInRange(before.AddSeconds(1), DateTimeOffset.UtcNow.AddSeconds(2));
    }

    [Fact]
    public async Task Limit_Silent_HasNoHeader()
    {
        using var response = await _client.ChatAsync("fault-429-silent");

        ((int)response.StatusCode).ShouldBe(429);
        response.Headers.ShouldNotContain(header =>
            header.Key.StartsWith("retry-after", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Limit_RetryInfo_IsInTheBody()
    {
        var error = (await _client.AnswerAsync("fault-429-retryinfo"))["error"]!;

        error["details"]![0]!["@type"]!.GetValue<string>().ShouldEndWith("google.rpc.RetryInfo");
        error["details"]![0]!["retryDelay"]!.GetValue<string>().ShouldBe("1s");
    }

    [Fact]
    public async Task RefusesStreamOptions_OnlyWhereTheyAre()
    {
        const string options = ",\"stream_options\":{\"include_usage\":true}";
        using var refused = await _client.StreamAsync(
            "fault-refuses-stream-options",
            more: options
        );
        var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!;

        ((int)refused.StatusCode).ShouldBe(400);
        error["param"]!.GetValue<string>().ShouldBe("stream_options");
        error["message"]!.GetValue<string>().ShouldContain("stream_options");
        (await _client.StreamTextAsync("fault-refuses-stream-options")).ShouldEndWith(
            "data: [DONE]\n\n"
        );
    }

    [Fact]
    public async Task Redirect_LeadsToAnotherHost()
    {
        using var response = await _client.ChatAsync("fault-redirect");

        ((int)response.StatusCode).ShouldBe(302);
        response.Headers.Location!.Host.ShouldNotBe(new Uri(provider.BaseUrl).Host);
        response.Headers.Location.Port.ShouldBe(provider.Host.Port);
    }

    [Fact]
    public async Task NotJson_IsHtmlUnder200()
    {
        using var response = await _client.ChatAsync("fault-not-json");

        ((int)response.StatusCode).ShouldBe(200);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await response.Content.ReadAsStringAsync()).ShouldStartWith("<!doctype html>");
    }

    [Fact]
    public async Task Reset_BeforeTheHeaders_OnceOrAlways()
    {
        await Should.ThrowAsync<HttpRequestException>(() => _client.ChatAsync("fault-reset"));
        await Should.ThrowAsync<HttpRequestException>(() => _client.ChatAsync("fault-reset"));
        var first = await Should.ThrowAsync<HttpRequestException>(() =>
            _client.ChatAsync("fault-reset-once")
        );
        first
            .GetBaseException()
            .ShouldBeOfType<System.Net.Sockets.SocketException>()
            .SocketErrorCode.ShouldBe(System.Net.Sockets.SocketError.ConnectionReset);
        (await StatusAsync("fault-reset-once", "Tell me about cats")).ShouldBe(200);
    }

    [Fact]
    public async Task Refusal_OfEmbeddings_IsTheSame()
    {
        provider.Host.SetFault("embed", "503");
        using var response = await _client.PostAsync(
            "/embeddings",
            """{"model":"embed","input":"x"}"""
        );
        provider.Host.SetFault("embed", null);

        ((int)response.StatusCode).ShouldBe(503);
    }

    [Fact]
    public void Table_EachFault_HasANameADescriptionAndAModel()
    {
        Faults.All.Select(fault => fault.Name).ShouldBeUnique();
        Faults.All.ShouldAllBe(fault => fault.Description.Length > 10);
        Should.Throw<ArgumentException>(() => Faults.Named("no-such-fault"));
    }

    private async Task<int> StatusAsync(string model, string prompt, string more = "")
    {
        using var response = await _client.ChatAsync(model, prompt, more);
        return (int)response.StatusCode;
    }
}
