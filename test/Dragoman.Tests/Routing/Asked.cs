using System.Text.Json;
using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Dialects.OpenAIChat;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Dragoman.TestKit;
using Dragoman.Tests.Configuration;

namespace Dragoman.Tests.Routing;

/// <summary>Requests as routing sees them, and houses to route them in.</summary>
internal static class Asked
{
    /// <summary>A house with the simulated models of <c>--demo</c> beside what <paramref name="text"/> says.</summary>
    public static NameResolver Demo(string text = "")
    {
        using var sources = new TestSources();
        sources.Write(text);
        using var snapshots = sources.Snapshots(static s =>
            s with
            {
                Demo = new DemoProvider(
                    new Uri("http://127.0.0.1:9/v1"),
                    ["swift", "sage", "coder", "embed", "fault-cut"]
                ),
            }
        );
        var report = snapshots.Reload();
        return report.IsApplied
            ? snapshots.Current.Names
            : throw new InvalidOperationException(string.Join('\n', report.Mistakes));
    }

    /// <summary>A request of four tokens of text and three of framing.</summary>
    public static Exchange Exchange(
        string model,
        Wishes? wishes = null,
        int? maxTokens = null,
        string prompt = "What is a dragoman?",
        Operation operation = Operation.Chat
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["model"] = model,
                ["messages"] = new[] { new { role = "user", content = prompt } },
                ["max_tokens"] = maxTokens,
            }
        );
        if (!RequestEnvelope.TryRead(body, out var envelope, out var error))
            throw new InvalidOperationException(error!.Message);
        return new Exchange
        {
            Id = new RequestId(1),
            Dialect = new OpenAIChatDialect(),
            Operation = operation,
            Body = body,
            Envelope = envelope!,
            Snapshot = new SnapshotParts(),
            Reply = new MemoryReply(),
            Wishes = wishes ?? Wishes.None,
            StartTimestamp = 0,
            StartedAt = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero),
            ClientGone = CancellationToken.None,
        };
    }

    public static string Chain(RoutingDecision decision) =>
        string.Join(' ', decision.Chain.Select(static deployment => deployment.PublicName));
}
