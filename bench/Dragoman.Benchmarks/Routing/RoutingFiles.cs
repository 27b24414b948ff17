using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.TestKit;

namespace Dragoman.Benchmarks.Routing;

/// <summary>Where the commands read and write: prompts of our own in the repository, labelled prompts in the shared data.</summary>
internal static class RoutingFiles
{
    public static string Weights(string name) =>
        SolutionFolder.Of("src/Dragoman/Routing/Classification/" + name);

    public static string Own(string name) =>
        SolutionFolder.Of("bench/Dragoman.Benchmarks/Routing/" + name);

    public static string Shared(string name)
    {
        var root = Environment.GetEnvironmentVariable("DRAGOMAN_SHARED") is { Length: > 0 } named
            ? named
            : SolutionFolder.Of("../shared");
        var path = Path.Combine(root, "data/routing", name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"needs the labelled prompts: {path} (set DRAGOMAN_SHARED)"
            );
    }

    public static IEnumerable<T> Lines<T>(string path) =>
        File.ReadLines(path)
            .Where(line => line.Length > 0)
            .Select(line => JsonSerializer.Deserialize<T>(line, Json)!);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };
}

internal sealed record LabelledPrompt(string Id, string Source, string Prompt, string Task);

internal sealed record RoutedPrompt(
    string Id,
    string Source,
    string Domain,
    string Prompt,
    bool WeakCorrect,
    bool StrongCorrect,
    [property: JsonPropertyName("weak_cost")] double? WeakCost,
    [property: JsonPropertyName("strong_cost")] double? StrongCost
);

internal sealed record ScoredPrompt(
    string Id,
    string Source,
    string Prompt,
    Dictionary<string, double> Scores
);
