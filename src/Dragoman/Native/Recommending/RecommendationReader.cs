using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Native.Recommending;

/// <summary>A description of what models are wanted for, and what they must keep to.</summary>
internal sealed record RecommendationQuery(
    string Description,
    RecommendationConstraints Constraints
);

/// <summary>Reads a body of <c>POST /api/llm/recommend</c>.</summary>
internal static class RecommendationReader
{
    public const int MostModels = 50;
    private const int LargestContext = 100_000_000;

    private const string Example =
        "{\"task_description\": \"fast answers for chat under $1 per million\"}";

    private static readonly string[] Members =
    [
        "task_description",
        "constraints",
        "include_unavailable",
        "limit",
    ];

    private static readonly string[] Constraints =
    [
        "max_cost_per_1k",
        "max_cost_usd",
        "min_context",
        "capabilities",
        "local",
        "max_latency_ms",
        "provider",
        "limit",
        "include_unavailable",
    ];

    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out RecommendationQuery? query,
        out GatewayError? error
    ) => BodyMembers.TryRead(body, Example, Members, Read, out query, out error);

    private static RecommendationQuery? Read(BodyMembers body)
    {
        var description = body.Text("task_description");
        if (WhyNot(description) is { } wrong)
            body.Fail(wrong, "task_description");
        var constraints = body.Inner("constraints", Constraints) is { } said
            ? ConstraintsOf(said)
            : new RecommendationConstraints();
        // Both are as well said beside the description: they are no constraints of a model.
        constraints = constraints with
        {
            Limit = (int?)Limit(body) ?? constraints.Limit,
            IncludeUnavailable = body.Flag("include_unavailable") ?? constraints.IncludeUnavailable,
        };
        return body.Error is null ? new RecommendationQuery(description!, constraints) : null;
    }

    /// <summary>Why a description is none; null where it is one.</summary>
    public static string? WhyNot(string? description) =>
        string.IsNullOrWhiteSpace(description)
            ? "'task_description' must be a text such as \"cheap, with tools, 200k context\"."
        : description.Length > DescriptionReader.Longest
            ? $"'task_description' may have {DescriptionReader.Longest} characters at most."
        : null;

    private static RecommendationConstraints ConstraintsOf(BodyMembers said)
    {
        var capabilities = said.Texts("capabilities") ?? [];
        foreach (var word in capabilities)
            if (Capabilities.Find(word) is null)
                said.Fail(
                    $"'{word}' is not a known capability. Known are: {string.Join(", ", Capabilities.Words)}.",
                    "capabilities"
                );
        return new RecommendationConstraints
        {
            MaxCostPer1k = said.Amount("max_cost_per_1k"),
            MaxCostUsd = said.Amount("max_cost_usd"),
            MinContext = said.Number(
                "min_context",
                0,
                LargestContext,
                "a whole number of tokens, 0 or more"
            ),
            Capabilities = [.. capabilities.Select(static word => Capabilities.Find(word) ?? word)],
            Local = said.Flag("local"),
            MaxLatencyMs = said.Number(
                "max_latency_ms",
                1,
                int.MaxValue,
                "a whole number of milliseconds, 1 or more"
            ),
            Provider = said.Text("provider"),
            Limit = (int?)Limit(said),
            IncludeUnavailable = said.Flag("include_unavailable"),
        };
    }

    private static long? Limit(BodyMembers said) =>
        said.Number("limit", 1, MostModels, $"a whole number from 1 to {MostModels}");
}
