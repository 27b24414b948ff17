using System.Buffers;
using Dragoman.Canonical;
using Dragoman.Dialects;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Dialects;

/// <summary>Every fixture of every dialect, through every other one and back to the canonical shape: what differs is listed in <see cref="KnownLosses"/>.</summary>
public sealed class RoundTripTests
{
    private static readonly ReplyFallback Fallback = new(JsonText.Of("1"), JsonText.Of("m"), 1);

    /// <summary>The folder of each dialect's fixtures.</summary>
    private static string FolderOf(string dialect) => dialect == "openai" ? "openai-chat" : dialect;

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var from in DialectSlice.All)
        foreach (var to in DialectSlice.All)
            pairs.Add(from.Name, to.Name);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Request_ThroughAnotherDialect_SaysTheSame(string from, string to)
    {
        var unexplained = new List<string>();
        foreach (var (name, body) in Fixtures.Of(FolderOf(from), "request.json"))
        {
            var request = ReadRequest(from, body);
            var losses = new Losses();
            var output = new ArrayBufferWriter<byte>();
            DialectSlice.Find(to)!.WriteRequest(output, request, Targets.Of(to), losses);
            // What cannot be served is refused before anybody is asked.
            if (losses.Refusal is not null)
                continue;
            var back = ReadRequest(to, output.WrittenSpan.ToArray());
            var thinks = !losses.Any(static path =>
                path.Contains("reasoning)", StringComparison.Ordinal)
            );
            var keeps = !losses.Any(static path =>
                path.StartsWith("messages[", StringComparison.Ordinal) && path.EndsWith(')')
            );
            Compare(
                CanonicalFacts.Of(request, thinks, keeps),
                CanonicalFacts.Of(back, thinks, keeps),
                difference => Named(losses, difference) ?? KnownLosses.Why(from, to, difference),
                name,
                unexplained
            );
        }
        unexplained.ShouldBeEmpty($"{from} through {to}");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Reply_ThroughAnotherDialect_SaysTheSame(string from, string to)
    {
        var unexplained = new List<string>();
        foreach (var (name, body) in Fixtures.Of(FolderOf(from), "reply.json"))
        {
            var reply = ReadReply(from, body);
            var output = new ArrayBufferWriter<byte>();
            DialectSlice.Find(to)!.WriteReply(output, reply, Fallback);
            Compare(
                CanonicalFacts.Of(reply, withRaw: from == to),
                CanonicalFacts.Of(ReadReply(to, output.WrittenSpan.ToArray()), withRaw: from == to),
                difference => KnownLosses.Why(from, to, difference),
                name,
                unexplained
            );
        }
        unexplained.ShouldBeEmpty($"{from} through {to}");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Stream_ThroughAnotherDialect_SaysTheSame(string from, string to)
    {
        var unexplained = new List<string>();
        var (source, target) = (DialectSlice.Find(from)!, DialectSlice.Find(to)!);
        foreach (var (name, body) in Fixtures.Of(FolderOf(from), StreamFile(source)))
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = target.CreateStreamWriter(
                output,
                new StreamWriting(Fallback) { IncludeUsage = true }
            );
            StreamFeed.Feed(source, Targets.Of(from).Provider.Type, body, 64, writer);
            Compare(
                CanonicalFacts.Of(Gather(source, body), withRaw: from == to),
                CanonicalFacts.Of(
                    Gather(target, output.WrittenSpan.ToArray()),
                    withRaw: from == to
                ),
                difference => KnownLosses.Why(from, to, difference),
                name,
                unexplained
            );
        }
        unexplained.ShouldBeEmpty($"{from} through {to}");
    }

    private static string StreamFile(IDialect dialect) =>
        dialect.Framing == StreamFraming.Sse ? "stream.sse" : "stream.ndjson";

    private static ChatRequest ReadRequest(string dialect, byte[] body)
    {
        var read = DialectSlice.Find(dialect)!;
        read.TryReadRequest(
            body,
            new RequestEnvelope { Model = "m" },
            out var request,
            out var error
        );
        return request.ShouldNotBeNull($"{dialect}: {error?.Message}");
    }

    private static ChatReply ReadReply(string dialect, byte[] body)
    {
        DialectSlice
            .Find(dialect)!
            .TryReadReply(body, Targets.Of(dialect).Provider.Type, out var reply, out var error)
            .ShouldBeTrue($"{dialect}: {error?.Message}");
        return reply!;
    }

    private static ChatReply Gather(IDialect dialect, byte[] body)
    {
        var builder = new ChatReplyBuilder();
        StreamFeed.Feed(dialect, Targets.Of(dialect.Name).Provider.Type, body, 64, builder);
        builder.Error.ShouldBeNull(dialect.Name);
        builder.IsComplete.ShouldBeTrue(dialect.Name);
        return builder.Build();
    }

    private static void Compare(
        IReadOnlyList<string> before,
        IReadOnlyList<string> after,
        Func<string, string?> explain,
        string name,
        List<string> unexplained
    )
    {
        foreach (
            var difference in before
                .Except(after)
                .Select(static fact => "-" + fact)
                .Concat(after.Except(before).Select(static fact => "+" + fact))
        )
        {
            if (explain(difference) is null)
                unexplained.Add($"{name}: {difference}");
        }
    }

    /// <summary>The writer said so itself: by the parameter's name, or by the message or tool it stood in.</summary>
    private static string? Named(Losses losses, string difference)
    {
        var fact = difference[1..].Split(' ')[0];
        return losses.Changes.FirstOrDefault(change =>
            change.Contains(fact, StringComparison.Ordinal)
            || (Has(change, "is_error") && Has(difference, "result #"))
            || (Has(change, "(") && Has(difference, " raw "))
            || (Has(change, "tools[") && Has(difference, "raw tool"))
            || (Has(change, "response_format") && Has(difference, "tool_choice"))
            || (Has(change, "logprobs") && Has(difference, "logprobs"))
            || (Has(change, "max_output_tokens") && Has(difference, "max_tokens"))
            || (Has(change, "thinking") && Has(difference, "reasoning_"))
        );
    }

    private static bool Has(string text, string part) =>
        text.Contains(part, StringComparison.Ordinal);
}
