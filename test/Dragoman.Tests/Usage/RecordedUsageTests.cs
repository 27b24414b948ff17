using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Usage;

/// <summary>
/// Usage of every recorded answer in disjoint buckets, and what it costs: the table was reckoned from the recordings by the vendors'
/// own pages, not by this code. An empty cell is what nobody told.
/// </summary>
public class RecordedUsageTests
{
    /// <summary>US dollars per million tokens, each bucket its own, so that none can stand for another.</summary>
    private static readonly PriceSheet Prices = new()
    {
        Input = 1,
        CacheRead = 0.1m,
        CacheWrite = 1.25m,
        CacheWrite1h = 2,
        AudioInput = 3,
        ImageInput = 5,
        Output = 10,
        Reasoning = 12,
        AudioOutput = 30,
        ImageOutput = 50,
    };

    [Fact]
    public void Usage_OfEveryRecording_IsInDisjointBuckets()
    {
        var rows = Rows();
        var differences = new List<string>();
        var read = 0;
        foreach (var recording in Answers())
        {
            if (!rows.TryGetValue(recording.Id, out var row))
                continue;
            read++;
            var usage = UsageOf(recording);
            var found = string.Join('\t', Cells(usage));
            var expected = string.Join('\t', row[1..12]);
            if (found != expected)
                differences.Add($"{recording.Id}: {expected} became {found}");
        }

        differences.ShouldBeEmpty(string.Join('\n', differences));
        read.ShouldBeGreaterThan(110);
    }

    [Fact]
    public void Cost_OfEveryRecording_IsTheReportedOneOrTheSumOfItsBuckets()
    {
        var rows = Rows();
        var reported = 0;
        foreach (var recording in Answers())
        {
            if (!rows.TryGetValue(recording.Id, out var row))
                continue;
            var usage = UsageOf(recording);
            // Vectors are no tokens, and have no price.
            var prices = usage?.TotalOutput is null ? Prices with { Output = null } : Prices;
            var cost = Cost.Of(usage, prices).ShouldNotBeNull(recording.Id);
            cost.Usd.ShouldBe(decimal.Parse(row[13], CultureInfo.InvariantCulture), recording.Id);
            cost.Basis.ShouldBe(
                row[12] == "reported" ? CostBasis.Reported : CostBasis.Computed,
                recording.Id
            );
            reported += row[12] == "reported" ? 1 : 0;
        }
        reported.ShouldBeGreaterThan(20);
    }

    private static IEnumerable<Recording> Answers() =>
        ((string[])["openai-chat", "embeddings", "anthropic", "gemini", "ollama", "responses"])
            .Where(wire => DialectSlice.Find(NameOf(wire)) is not null)
            .SelectMany(Recording.OfWire)
            .Where(recording => recording.Status == 200);

    private static string NameOf(string wire) =>
        wire switch
        {
            "openai-chat" or "embeddings" => "openai",
            "responses" => "openai-responses",
            _ => wire,
        };

    private static TokenUsage? UsageOf(Recording recording)
    {
        var wire = recording.Id.Split('.')[1];
        var type =
            ProviderTypes.Default.Find(recording.Provider)
            ?? new ProviderType { Name = recording.Provider, Dialect = "openai" };
        if (wire == "embeddings")
        {
            DialectSlice
                .Find("openai")!
                .Embeddings!.TryReadReply(recording.Body, asked: null, out var vectors, out _);
            return vectors?.Usage;
        }
        var dialect = DialectSlice.Find(NameOf(wire))!;
        if (!recording.IsStream)
        {
            dialect.TryReadReply(recording.Body, type, out var reply, out _);
            return reply?.Usage;
        }
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(dialect, type, recording.Body, 5, builder);
        return builder.Build().Usage;
    }

    private static IEnumerable<string> Cells(TokenUsage? usage) =>
        (
            (long?[])
                [
                    usage?.Input,
                    usage?.CacheRead,
                    usage?.CacheWrite,
                    usage?.CacheWrite1h,
                    usage?.AudioInput,
                    usage?.ImageInput,
                    usage?.Output,
                    usage?.Reasoning,
                    usage?.AudioOutput,
                    usage?.ImageOutput,
                    usage?.ReportedTotal,
                ]
        ).Select(count => count?.ToString(CultureInfo.InvariantCulture) ?? "");

    private static Dictionary<string, string[]> Rows() =>
        File.ReadLines(Fixtures.PathOf("usage/recordings.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t'))
            .ToDictionary(row => row[0], StringComparer.Ordinal);
}
