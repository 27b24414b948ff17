using System.Net;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Server.Tests.Hosting;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Inference;

/// <summary>Every recorded answer, through the server, to a client of OpenAI's chat: its facts are what the client gets.</summary>
public sealed class RecordingsTests
{
    /// <summary>Three answers of an agent's loop in one file, which no provider sends as one stream; its facts mix them.</summary>
    private const string ThreeAnswers = "anthropic.anthropic.stream.tools-parallel.4";

    private static readonly ProviderType Plain = new() { Name = "us", Dialect = "openai" };

    /// <summary>The dialect a wire of the recordings is in.</summary>
    private static readonly (string Wire, string Dialect)[] Wires =
    [
        ("openai-chat", "openai"),
        ("anthropic", "anthropic"),
        ("gemini", "gemini"),
        ("ollama", "ollama"),
        ("responses", "openai-responses"),
    ];

    public static TheoryData<string, string> Spoken()
    {
        var data = new TheoryData<string, string>();
        foreach (var (wire, dialect) in Wires)
            if (DialectSlice.Find(dialect) is not null)
                data.Add(wire, dialect);
        return data;
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public async Task Ask_EachRecordedAnswer_TellsItsFacts(string wire, string dialect)
    {
        var recordings = Recording
            .OfWire(wire)
            .Where(static recording => recording.Id != ThreeAnswers)
            .ToList();
        await using var upstream = await RecordingUpstream.StartAsync(recordings, pieces: 5);
        await using var server = await ServerUnderTest.StartAsync(
            config: Config(dialect, recordings, upstream.Address)
        );
        var wrong = new List<string>();
        foreach (var recording in recordings)
        {
            try
            {
                await CheckAsync(server, recording);
            }
            catch (Exception failure) when (failure is ShouldAssertException or FormatException)
            {
                wrong.Add($"{recording.Id}: {failure.Message}");
            }
        }
        wrong.ShouldBeEmpty();
    }

    private static async Task CheckAsync(ServerUnderTest server, Recording recording)
    {
        using var answer = await server.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{recording.Provider}}-rec/{{recording.Id}}","stream":{{(recording.IsStream ? "true" : "false")}},"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"x"}]}"""
        );
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (recording.Status != 200)
        {
            CheckError(recording, answer.StatusCode, System.Text.Encoding.UTF8.GetString(body));
            return;
        }
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(body));
        RecordingFacts.Check(
            recording,
            recording.IsStream ? Gather(body) : Read(body),
            System.Text.Encoding.UTF8.GetString(body)
        );
    }

    /// <summary>What the provider said reaches the client, unless it is about the gateway's own key.</summary>
    private static void CheckError(Recording recording, HttpStatusCode status, string body)
    {
        if (
            recording.Status == 401
            || body.Contains("upstream_authentication", StringComparison.Ordinal)
        )
        {
            status.ShouldBe(HttpStatusCode.BadGateway, body);
            return;
        }
        ((int)status).ShouldBe(recording.Status, body);
        var error = recording.Expected["error"]!;
        var said = (
            error is System.Text.Json.Nodes.JsonObject ? error["message"] : error
        )!.ToString();
        body.ShouldContain(said[..Math.Min(said.Length, 40)]);
    }

    private static ChatReply Read(byte[] body)
    {
        DialectSlice
            .Find("openai")!
            .TryReadReply(body, Plain, out var reply, out _)
            .ShouldBeTrue(System.Text.Encoding.UTF8.GetString(body));
        return reply!;
    }

    private static ChatReply Gather(byte[] body)
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(DialectSlice.Find("openai")!, Plain, body, 4096, builder);
        builder.Error.ShouldBeNull();
        builder.IsComplete.ShouldBeTrue(System.Text.Encoding.UTF8.GetString(body));
        return builder.Build();
    }

    /// <summary>Each vendor by its own type where that speaks the dialect, so that its quirks hold; else by the dialect alone.</summary>
    private static string Config(string dialect, IEnumerable<Recording> recordings, Uri address) =>
        "providers:\n"
        + string.Concat(
            recordings
                .Select(static recording => recording.Provider)
                .Distinct()
                .Select(provider =>
                    $"  {provider}-rec: {{ {(ProviderTypes.Default.Find(provider)?.Dialect == dialect && provider is not ("azure" or "vertex" or "ollama") ? "type: " + provider : "dialect: " + dialect)}, base_url: \"{address}{(dialect == "ollama" ? "" : "v1")}\" }}\n"
                )
        );
}
