using System.Globalization;
using Dragoman.Cli.Terminals;
using Dragoman.Native;

namespace Dragoman.Cli.Commands;

/// <summary>Writes down the record of one request.</summary>
internal static class RequestFacts
{
    public static Cell Outcome(string outcome) =>
        new(
            outcome,
            outcome switch
            {
                "succeeded" => Tone.Good,
                "cancelled" => Tone.Doubtful,
                _ => Tone.Bad,
            }
        );

    public static void Write(Terminal terminal, RequestInfo request)
    {
        terminal.Line(request.Id, Tone.Strong);
        terminal.Fact(
            "At",
            request
                .StartedAt.ToLocalTime()
                .ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
        );
        terminal.Fact(
            "Asked for",
            request.Route + (request.Chain is { } chain ? $" (chain {chain})" : "")
        );
        terminal.Fact("Answered by", request.Model ?? "nobody");
        terminal.Fact("Because", request.Reason);
        terminal.Fact(
            "Outcome",
            request.Outcome
                + $" ({request.Status})"
                + (request.ErrorCode is { } code ? $", {code}" : "")
        );
        terminal.Fact("In", request.Dialect + (request.Streamed ? ", streamed" : ""));
        terminal.Fact("Task", request.Task);
        terminal.Fact("Tokens", request.Usage is { } usage ? Figures.Tokens(usage) : null);
        terminal.Fact(
            "Cost",
            request.Cost is null
                ? null
                : $"{Figures.Dollars(request.Cost)} ({request.CostBasis?.ToString().ToLowerInvariant()})"
        );
        terminal.Fact(
            "Took",
            Figures.Time(request.Latency)
                + (
                    request.FirstContent is { } first
                        ? $", first content after {Figures.Time(first)}"
                        : ""
                )
                + (request.Overhead is { } own ? $", of it {Figures.Time(own)} in the gateway" : "")
        );
        terminal.Fact("Workspace", request.WorkspaceId);
        terminal.Fact("Execution", request.ExecutionId);
        terminal.Fact("Tags", string.Join(", ", request.Tags));
        terminal.Fact("Changed", string.Join(", ", request.Changes));
        terminal.Fact(
            "Feedback",
            request.Feedback is { } said
                ? said.Score.ToString("0.##", CultureInfo.InvariantCulture)
                    + (said.Comment is { } comment ? $": {comment}" : "")
                : null
        );
        foreach (var attempt in request.Attempts)
            terminal.Fact(
                "Tried",
                $"{attempt.Model}: {attempt.Outcome}"
                    + (attempt.Status is { } status ? $" ({status})" : "")
                    + $", {Figures.Time(attempt.Latency)}"
                    + (attempt.Cost is { } cost ? $", {Figures.Dollars(cost)}" : "")
                    + (attempt.Error is { } error ? $": {error}" : "")
            );
        foreach (var skipped in request.Skipped)
            terminal.Fact("Passed over", $"{skipped.Model}: {skipped.Reason}");
    }
}
