using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.Simulator;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Forwarding;

/// <summary>Each misbehaviour of a provider: how the attempts are named, whether there are more, and what the client gets.</summary>
public sealed class FaultTableTests
{
    /// <summary>
    /// What one provider alone makes of it: the outcome words of its attempts and the client's status, for plain and streamed
    /// calls, or one of the words below.
    /// </summary>
    private sealed record Row(
        string Fault,
        string Plain,
        int PlainStatus,
        string Streamed,
        int Status
    )
    {
        public Row(string fault, string words, int status)
            : this(fault, words, status, words, status) { }
    }

    /// <summary>The client's stream began and broke.</summary>
    private const int Broken = 0;

    /// <summary>The client's stream began, had no content, and the failure was told in it.</summary>
    private const int ToldInStream = 1;

    private static readonly Row[] Rows =
    [
        new("none", "success", 200),
        // One retry for failures of the provider's own.
        new("500", "server_error server_error", 500),
        new("500-once", "server_error success", 200),
        new("503", "server_error server_error", 503),
        new("529", "server_error server_error", 503),
        new("408-once", "server_error success", 200),
        new("reset", "reset reset", 502),
        new("reset-once", "reset success", 200),
        // A rate limit that says nothing, once, or says 200 ms.
        new("429-silent", "rate_limited rate_limited", 429),
        new("429-silent-once", "rate_limited success", 200),
        new("429-ms", "rate_limited success", 200),
        new("429-long", "rate_limited", 429),
        // Refusals are not retried.
        new("400", "invalid_request", 400),
        new("401", "unauthorized", 502),
        new("402", "payment_required", 502),
        new("403", "forbidden", 502),
        new("404", "not_found", 404),
        new("quota", "quota", 429),
        new("context", "context_length", 400),
        new("filter", "content_filter", 400),
        new("redirect", "redirected", 502),
        new("refuses-stream-options", "success", 200, "refuses_stream_options success", 200),
        // No answer under a 200.
        new("error-in-200", "error_in_answer error_in_answer", 502),
        new("not-json", "malformed malformed", 502),
        new("empty-stream", "malformed malformed", 502, "empty empty", 502),
        new("error-first-event", "success", 200, "error_in_answer error_in_answer", 502),
        new("done-only", "success", 200, "empty empty", 502),
        new("role-only", "success", 200, "empty empty", ToldInStream),
        new("cut-plain", "malformed malformed", 502, "success", 200),
        new("truncated-json", "malformed malformed", 502, "stream_cut", Broken),
        new("cut", "reset reset", 502, "stream_cut", Broken),
        // Silence is not retried.
        new("silent", "attempt_timeout", 504, "first_content_timeout", 504),
        new("headers-only", "attempt_timeout", 504, "first_content_timeout", 504),
        new("slow-first", "attempt_timeout", 504, "first_content_timeout", 504),
        new("stall", "attempt_timeout", 504, "idle_timeout", Broken),
        // After content.
        new("error-mid-stream", "success", 200, "stream_error", Broken),
        new("error-event", "success", 200, "stream_error", Broken),
        new("error-after-finish", "success", 200, "stream_error", Broken),
        new("cut-clean", "success", 200, "stream_cut", Broken),
        new("huge-line", "success", 200, "stream_error", Broken),
        // Odd, but sound.
        .. new[]
        {
            "malformed-chunk",
            "no-done",
            "crlf",
            "no-space",
            "comments",
            "split-utf8",
            "half-surrogates",
            "big-chunk",
            "eos",
            "content-filter-finish",
            "no-usage",
            "usage-with-choices",
            "usage-every-chunk",
            "groq-usage",
            "reasoning-outside",
            "reported-cost",
            "reported-ticks",
            "reported-cost-object",
        }.Select(fault => new Row(fault, "success", 200)),
    ];

    /// <summary>Faults that take longer, and have tests of their own.</summary>
    private static readonly string[] Elsewhere =
    [
        "429",
        "429-once",
        "429-date",
        "429-retryinfo",
        "slow-plain",
    ];

    /// <summary>What ends the chain: the request is at fault, or another model would have to break a rule.</summary>
    private static readonly string[] Stops =
    [
        "invalid_request",
        "context_length",
        "content_filter",
    ];

    public static TheoryData<string, bool> Cases()
    {
        var cases = new TheoryData<string, bool>();
        foreach (var row in Rows)
        {
            cases.Add(row.Fault, false);
            cases.Add(row.Fault, true);
        }
        return cases;
    }

    [Fact]
    public void Table_EveryFaultOfTheSimulator_IsInIt() =>
        Rows.Select(row => row.Fault)
            .Concat(Elsewhere)
            .ShouldBe(
                Faults.Of(SimulatedDialect.OpenAIChat).Select(fault => fault.Name),
                ignoreOrder: true
            );

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Forward_OneFaultyDeployment_TriesAndTellsAsTheTableSays(
        string fault,
        bool stream
    )
    {
        var (words, status) = Expected(fault, stream);

        var (finished, requests) = await RunAsync(words, stream, "fault-" + fault);

        finished.Words.ShouldBe(words);
        requests.ShouldBe(words.Length);
        finished.Log.Skipped.ShouldBeEmpty();
        Check(finished, status, stream);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Forward_ASoundDeploymentBehind_AnswersWhereItMay(string fault, bool stream)
    {
        var (words, status) = Expected(fault, stream);

        var (finished, requests) = await RunAsync(words, stream, "fault-" + fault, "swift");

        var movesOn = status is not (200 or Broken) && !Stops.Contains(words[^1]);
        finished.Words.ShouldBe(movesOn ? [.. words, "success"] : words);
        requests.ShouldBe(words.Length + (movesOn ? 1 : 0));
        Check(finished, movesOn ? 200 : status, stream);
        if (status != Broken)
            finished.Log.AnsweredBy.ShouldBe(
                movesOn ? "demo/swift"
                : status == 200 ? "demo/fault-" + fault
                : null
            );
    }

    private static async Task<(FinishedExchange Finished, int Requests)> RunAsync(
        string[] words,
        bool stream,
        params string[] models
    )
    {
        // Only the deadline that is to pass is short.
        var settings = new ForwardingSettings
        {
            FirstContent = Limit("first_content_timeout"),
            Idle = Limit("idle_timeout"),
            Attempt = Limit("attempt_timeout"),
        };
        if (!stream)
        {
            await using var bench = await ForwardingBench.StartAsync();
            var chain = models.Select(model => bench.Deployment(model)).ToArray();
            var finished = await bench.AskAsync(Ask.Plain, ForwardingBench.Chain(settings, chain));
            return (finished, bench.Upstream.Requests.Count);
        }
        await using var paced = await PacedBench.StartAsync();
        var deployments = models.Select(paced.Deployment).ToArray();
        var streamed = await paced.AskAsync(
            Ask.Streamed,
            ForwardingBench.Chain(settings, deployments)
        );
        return (streamed, paced.Upstream.Requests.Count);

        TimeSpan Limit(string word) => TimeSpan.FromSeconds(words.Contains(word) ? 0.6 : 60);
    }

    private static (string[] Words, int Status) Expected(string fault, bool stream)
    {
        var row = Rows.Single(row => row.Fault == fault);
        return stream
            ? (row.Streamed.Split(' '), row.Status)
            : (row.Plain.Split(' '), row.PlainStatus);
    }

    private static void Check(FinishedExchange finished, int status, bool stream)
    {
        finished.Log.Outcome.ShouldBe(
            status switch
            {
                200 => ExchangeOutcome.Succeeded,
                Broken => ExchangeOutcome.Broken,
                _ => ExchangeOutcome.Failed,
            }
        );
        finished.Status.ShouldBe(status is Broken or ToldInStream ? 200 : status);
        finished.Log.Status.ShouldBe(finished.Status);
        finished.Reply.Aborted.ShouldBe(status is Broken or ToldInStream);
        finished.Header("x-dragoman-request-id").ShouldBe("req_0000000000001");
        finished.Header("x-dragoman-route").ShouldBe("a-route");
        if (status == 200)
        {
            finished.Log.Error.ShouldBeNull();
            if (stream)
                finished.Text.TrimEnd().ShouldEndWith("[DONE]");
            return;
        }
        finished.Log.Error.ShouldNotBeNull();
        finished.Error().GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        finished.Text.ShouldNotContain("[DONE]");
        if (status is not (Broken or ToldInStream))
        {
            finished.Reply.ContentType.ShouldBe("application/json");
            finished
                .Header("x-dragoman-attempts")
                .ShouldBe(
                    finished.Log.Attempts.Count.ToString(
                        System.Globalization.CultureInfo.InvariantCulture
                    )
                );
        }
    }
}
