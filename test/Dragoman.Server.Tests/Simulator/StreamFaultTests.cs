using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Simulator;

/// <summary>Faults of a stream's course.</summary>
public sealed class StreamFaultTests(SimulatedProvider provider)
    : IClassFixture<SimulatedProvider>,
        IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SimulatorClient _client = new(provider.Host);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task ErrorFirstEvent_IsAllThereIs()
    {
        var chunk = SimulatorClient
            .Chunks(await _client.StreamTextAsync("fault-error-first-event"))
            .ShouldHaveSingleItem();

        chunk["error"]!["message"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("error-mid-stream", "\n\ndata: {\"error\"")]
    [InlineData("error-event", "\n\nevent: error\ndata: {\"error\"")]
    public async Task ErrorAmid_FollowsContentAndEndsIt(string fault, string framing)
    {
        var stream = await _client.StreamTextAsync("fault-" + fault);

        stream.ShouldContain("simulated");
        stream.ShouldContain(framing);
        stream.ShouldNotContain("[DONE]");
        stream.ShouldNotContain("\"finish_reason\":\"stop\"");
    }

    [Fact]
    public async Task ErrorAfterFinish_HasErrorAndChoices()
    {
        var chunks = SimulatorClient.Chunks(
            await _client.StreamTextAsync("fault-error-after-finish")
        );

        chunks[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>().ShouldBe("stop");
        chunks[^1]["error"]!["message"]!.GetValue<string>().ShouldNotBeEmpty();
        chunks[^1]["choices"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task EmptyStream_IsEmptyUnder200()
    {
        using var response = await _client.StreamAsync("fault-empty-stream");

        ((int)response.StatusCode).ShouldBe(200);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
        (
            await (await _client.ChatAsync("fault-empty-stream")).Content.ReadAsStringAsync()
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task DoneOnly_IsNothingElse() =>
        (await _client.StreamTextAsync("fault-done-only")).ShouldBe("data: [DONE]\n\n");

    [Fact]
    public async Task RoleOnly_HasTheRoleAndNoContent()
    {
        var delta = SimulatorClient
            .Chunks(await _client.StreamTextAsync("fault-role-only"))
            .ShouldHaveSingleItem()["choices"]![0]!["delta"]!;

        delta["role"]!.GetValue<string>().ShouldBe("assistant");
        delta["content"]!.GetValue<string>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Cut_AfterContent_BreaksTheConnection()
    {
        var (text, error) = await ReadToTheBreakAsync("fault-cut");

        text.ShouldContain("simulated");
        text.ShouldNotContain("\"finish_reason\":\"stop\"");
        error.ShouldNotBeNull();
        var sound = SimulatorClient.Joined(
            SimulatorClient.Chunks(await _client.StreamTextAsync("swift"))
        );
        sound.ShouldStartWith(SimulatorClient.Joined(SimulatorClient.Chunks(text)));
    }

    [Fact]
    public async Task CutClean_EndsWithoutFinishAndDone()
    {
        var (text, error) = await ReadToTheBreakAsync("fault-cut-clean");

        error.ShouldBeNull();
        text.ShouldContain("simulated");
        text.ShouldNotContain("\"finish_reason\":\"stop\"");
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task TruncatedJson_EndsInsideAChunk()
    {
        var stream = await _client.StreamTextAsync("fault-truncated-json");
        var last = stream[(stream.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..];

        stream.ShouldContain("simulated");
        Should.Throw<JsonException>(() => JsonNode.Parse(last));
    }

    [Fact]
    public async Task MalformedChunk_IsOneAmidASoundStream()
    {
        var stream = await _client.StreamTextAsync("fault-malformed-chunk");
        var broken = stream
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(item =>
                !item.EndsWith("[DONE]", StringComparison.Ordinal)
                && !IsJson(item["data: ".Length..])
            )
            .ShouldHaveSingleItem();
        var sound = SimulatorClient.Chunks(
            stream.Replace(broken + "\n\n", "", StringComparison.Ordinal)
        );

        SimulatorClient.Joined(sound).ShouldBe(await SoundAsync());
        stream.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task NoDone_IsSoundButForIt()
    {
        var stream = await _client.StreamTextAsync("fault-no-done");

        stream.ShouldNotContain("[DONE]");
        SimulatorClient.Joined(SimulatorClient.Chunks(stream)).ShouldBe(await SoundAsync());
    }

    [Fact]
    public async Task Framing_Odd_CarriesTheSame()
    {
        var crlf = await _client.StreamTextAsync("fault-crlf");
        var tight = await _client.StreamTextAsync("fault-no-space");
        var comments = await _client.StreamTextAsync("fault-comments");

        crlf.ShouldEndWith("data: [DONE]\r\n\r\n");
        crlf.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain("\n");
        tight.ShouldNotContain("data: ");
        comments.Split(": simulated comment\n\n").Length.ShouldBe(comments.Split("data: ").Length);
        foreach (var stream in new[] { crlf, tight, comments })
            SimulatorClient.Joined(SimulatorClient.Chunks(stream)).ShouldBe(await SoundAsync());
    }

    [Fact]
    public async Task SplitUtf8_WritesEndInsideSequences()
    {
        using var response = await _client.StreamAsync("fault-split-utf8");
        await using var body = await response.Content.ReadAsStreamAsync();
        var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer)) > 0; )
            whole.Write(buffer, 0, read);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(whole.ToArray());

        SimulatorClient.Joined(SimulatorClient.Chunks(text)).ShouldContain("🙂🎈");
        text.ShouldContain("Größe");
    }

    [Fact]
    public async Task HalfSurrogates_AreEscapedApart()
    {
        var stream = await _client.StreamTextAsync("fault-half-surrogates");

        stream.ShouldContain("\\ud83d\"}");
        stream.ShouldContain("\"content\":\"\\ude42");
        stream.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task BigChunk_IsAMegabyte() =>
        LongestLine(await _client.StreamTextAsync("fault-big-chunk"))
            .ShouldBeInRange(1 << 20, 2 << 20);

    [Fact]
    public async Task HugeLine_IsLongerThan16Megabytes() =>
        LongestLine(await _client.StreamTextAsync("fault-huge-line")).ShouldBeGreaterThan(16 << 20);

    [Theory]
    [InlineData("eos", "eos")]
    [InlineData("content-filter-finish", "content_filter")]
    public async Task Finish_Odd_PlainAndStreamed(string fault, string finish)
    {
        (await _client.AnswerAsync("fault-" + fault))["choices"]![0]!["finish_reason"]!
            .GetValue<string>()
            .ShouldBe(finish);
        SimulatorClient.Chunks(await _client.StreamTextAsync("fault-" + fault))[^1]["choices"]![0]![
            "finish_reason"
        ]!
            .GetValue<string>()
            .ShouldBe(finish);
    }

    [Theory]
    [InlineData("fault-silent", false)]
    [InlineData("fault-headers-only", true)]
    [InlineData("fault-slow-first", true)]
    [InlineData("fault-stall", true)]
    public async Task Endless_Streams_NeverEndAndNoticeTheClientLeaving(string model, bool headers)
    {
        provider.Host.Reset();
        using var leaving = new CancellationTokenSource();
        var reading = ReadForeverAsync(model, leaving.Token);
        await provider.Host.Requests.UntilAsync(journal => journal.CountOf(model) == 1, Patience);
        reading.IsCompleted.ShouldBeFalse();
        if (headers)
            await reading.HeadersSeen.Task.WaitAsync(Patience);
        await leaving.CancelAsync();
        await provider.Host.Requests.UntilAsync(journal => journal.Aborted == 1, Patience);

        var request = provider.Host.Requests.Of(model).ShouldHaveSingleItem();
        request.AbortedAt.ShouldNotBeNull();
        request.EndedAt.ShouldBeNull();
        provider.Host.Aborted.ShouldBe(1);
        provider.Host.Requests.Open.ShouldBe(0);
        await reading.Task;
        switch (model)
        {
            case "fault-stall":
                reading.Text.ShouldContain("simulated");
                break;
            case "fault-slow-first":
                reading.Text.ShouldNotContain("data:");
                break;
            default:
                reading.Text.ShouldBeEmpty();
                break;
        }
    }

    private async Task<string> SoundAsync() =>
        SimulatorClient.Joined(SimulatorClient.Chunks(await _client.StreamTextAsync("swift")));

    private async Task<(string Text, Exception? Error)> ReadToTheBreakAsync(string model)
    {
        using var response = await _client.StreamAsync(model);
        await using var body = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(body);
        var text = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                text.Append(line).Append('\n');
            return (text.ToString(), null);
        }
        catch (IOException e)
        {
            return (text.ToString(), e);
        }
    }

    private Reading ReadForeverAsync(string model, CancellationToken cancel)
    {
        var reading = new Reading();
        reading.Task = ReadAsync();
        return reading;

        async Task ReadAsync()
        {
            try
            {
                using var response = await _client.StreamAsync(model, cancel: cancel);
                await using var body = await response.Content.ReadAsStreamAsync(cancel);
                using var reader = new StreamReader(body);
                // The headers of these come alone or with the first bytes; what was read before leaving is looked at after it.
                if (model is not ("fault-stall" or "fault-slow-first"))
                    reading.HeadersSeen.TrySetResult();
                while (await reader.ReadLineAsync(cancel) is { } line)
                {
                    reading.Text += line + "\n";
                    if (
                        model == "fault-slow-first"
                        || line.Contains("simulated", StringComparison.Ordinal)
                    )
                        reading.HeadersSeen.TrySetResult();
                }
            }
            catch (OperationCanceledException) { }
        }
    }

    private static int LongestLine(string text) => text.Split('\n').Max(line => line.Length);

    private static bool IsJson(string text)
    {
        try
        {
            JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Reading
    {
        public TaskCompletionSource HeadersSeen { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        public Task Task { get; set; } = Task.CompletedTask;
        public string Text { get; set; } = "";
        public bool IsCompleted => Task.IsCompleted;
    }
}
