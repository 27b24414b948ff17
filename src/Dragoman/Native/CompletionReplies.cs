using Dragoman.Canonical;
using Dragoman.Routing;
using Dragoman.Usage;

namespace Dragoman.Native;

/// <summary>Puts an answer and its record together as callers are told them.</summary>
internal static class CompletionReplies
{
    private const decimal NanosPerUsd = 1_000_000_000m;

    public static CompletionReply Of(ChatReply reply, UsageRecord record, RoutingDecision? decision)
    {
        var choice = reply.Choices is [var first, ..] ? first : null;
        var parts = choice?.Message.Parts ?? [];
        var (provider, model) = Split(record.Deployment);
        return new CompletionReply
        {
            Id = record.Id.ToString(null, null),
            Content = TextOf(parts, static part => (part as TextPart)?.Text) ?? "",
            Model = model,
            Provider = provider,
            FinishReason = choice?.Stop is { } stop and not StopReason.Unknown ? stop : null,
            Reasoning = TextOf(
                parts,
                static part => part is ReasoningPart { IsRedacted: false } it ? it.Text : null
            ),
            Refusal = TextOf(parts, static part => (part as RefusalPart)?.Text),
            ToolCalls =
            [
                .. parts
                    .OfType<ToolCallPart>()
                    .Select(static call => new ToolCall(
                        call.Id?.ToString(),
                        call.Name.ToString(),
                        call.Arguments.AsText().ToString()
                    )),
            ],
            Citations =
            [
                .. reply.Citations.Select(static citation => new Source(
                    citation.Url.ToString(),
                    citation.Title?.ToString()
                )),
            ],
            Task = record.Task is { } task
                ? new TaskInfo(task, record.Profile?.Confidence ?? 1)
                : null,
            Usage = record.Usage,
            Cost = Usd(record.CostNanoUsd),
            CostBasis = record.CostNanoUsd is null ? null : record.CostBasis,
            Latency = record.Total,
            FirstContent = record.FirstContent,
            Attempts = AttemptsOf(record),
            Routing = new RoutingInfo(decision?.Strategy, record.Reason ?? ""),
            Changes = record.Changes,
            Canonical = reply,
        };
    }

    public static IReadOnlyList<AttemptInfo> AttemptsOf(UsageRecord record) =>
        [
            .. record.Attempts.Select(static attempt => new AttemptInfo
            {
                Model = attempt.Deployment,
                Outcome = attempt.Outcome,
                Status = attempt.Status,
                Latency = attempt.Duration,
                Error = attempt.Error,
                Cost = Usd(attempt.CostNanoUsd),
            }),
        ];

    /// <summary>Provider and model of <c>provider/model</c>, whose model may hold slashes.</summary>
    public static (string Provider, string Model) Split(string? deployment)
    {
        var slash = deployment?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash < 0
            ? ("", deployment ?? "")
            : (deployment![..slash], deployment[(slash + 1)..]);
    }

    public static decimal? Usd(long? nanoUsd) => nanoUsd / NanosPerUsd;

    private static string? TextOf(IReadOnlyList<Part> parts, Func<Part, JsonText?> textOf)
    {
        string? all = null;
        foreach (var part in parts)
            if (textOf(part) is { } text)
                all = all is null ? text.ToString() : all + text;
        return all;
    }
}
