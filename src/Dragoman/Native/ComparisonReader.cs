using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>A prompt and the models that are to answer it.</summary>
internal sealed record Comparison(Query Query, IReadOnlyList<string> Models);

/// <summary>Reads a body of <c>POST /api/llm/compare</c>: that of a query, with <c>models</c> for the name of one.</summary>
internal static class ComparisonReader
{
    public const int Fewest = 2;
    public const int Most = 10;

    private const string Example =
        "{\"prompt\": \"Hello\", \"models\": [\"openai/gpt-4o\", \"anthropic/claude-haiku-4-5\"]}";

    /// <summary>Each named model answers itself, whole, or nobody does in its place.</summary>
    private static readonly string[] Without =
    [
        "model",
        "model_id",
        "provider",
        "force_model",
        "auto_select",
        "stream",
        "async",
        "input",
        "dimensions",
        "enable_fallback",
        "fallback",
        "chain",
    ];

    private static readonly IReadOnlyList<string> Members =
    [
        "models",
        .. QueryReader.Members.Except(Without, StringComparer.Ordinal),
    ];

    /// <inheritdoc cref="QueryReader.TryRead"/>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        out Comparison? comparison,
        out GatewayError? error
    ) =>
        BodyMembers.TryRead(
            body,
            Example,
            Members,
            members =>
            {
                var models = members.Texts("models") ?? [];
                if (WhyNot(models) is { } wrong)
                    members.Fail(wrong, "models");
                return members.Error is null && QueryReader.Read(members, headers) is { } query
                    ? new Comparison(query, models)
                    : null;
            },
            out comparison,
            out error
        );

    /// <summary>Why these cannot be compared; null where they can.</summary>
    public static string? WhyNot(IReadOnlyList<string> models) =>
        models.Count is < Fewest or > Most
            ? $"'models' must be a list of {Fewest} to {Most} names of models."
        : models.Any(string.IsNullOrWhiteSpace) ? "'models' has a name without letters."
        : models.Distinct(StringComparer.Ordinal).Count() < models.Count
            ? "'models' names one of them twice."
        : null;
}
