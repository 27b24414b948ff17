using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Native;

namespace Dragoman.Administration;

/// <summary>A version of what is stored: what one change made of it.</summary>
public sealed record ConfigurationVersion
{
    /// <summary>Counts up by one from 1.</summary>
    public required long Number { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Id of who changed it; null is somebody at this machine, of a server without keys.</summary>
    public required string? By { get; init; }

    /// <summary>What was done, in a line.</summary>
    public required string What { get; init; }

    /// <summary>All that was stored then, in the shape of <c>dragoman.yaml</c>, secrets as references; null in lists.</summary>
    public JsonElement? Document { get; init; }
}

/// <summary>What is different of one entry.</summary>
public sealed record ConfigurationDifference
{
    /// <summary>The resource, e.g. <c>providers</c>.</summary>
    public required string Kind { get; init; }
    public required string Id { get; init; }

    /// <summary><c>added</c>, <c>changed</c> or <c>removed</c>.</summary>
    public required string Change { get; init; }

    /// <summary>The fields that differ.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>The entry before; null where there was none.</summary>
    public required JsonElement? Before { get; init; }

    /// <summary>The entry after; null where there is none.</summary>
    public required JsonElement? After { get; init; }
}

/// <summary>What is different between two versions.</summary>
/// <param name="From">The one compared with; 0 is before the first.</param>
/// <param name="To">The one that was asked for.</param>
/// <param name="Differences">By kind and id.</param>
public sealed record ConfigurationComparison(
    long From,
    long To,
    IReadOnlyList<ConfigurationDifference> Differences
);

/// <summary>Something wrong with what is to be stored.</summary>
public sealed record ConfigurationMistake
{
    /// <summary>The file as it was named, <c>body</c>, <c>environment</c> or <c>stored configuration</c>.</summary>
    public required string File { get; init; }

    /// <summary>Counted from 1; null where there is none.</summary>
    public required int? Line { get; init; }

    /// <summary>The field, e.g. <c>routes.fast.models[1]</c>.</summary>
    public required string Path { get; init; }
    public required string Message { get; init; }
    public required string? Suggestion { get; init; }

    /// <summary>No reason to refuse it.</summary>
    public required bool Warning { get; init; }
}

/// <summary>What came of a change of the whole: an import, or going back to a version.</summary>
public sealed record ConfigurationChanged
{
    /// <summary>The number of the newest version.</summary>
    public required long Version { get; init; }

    /// <summary>Nothing was done: this is what would be.</summary>
    public required bool DryRun { get; init; }
    public required IReadOnlyList<ConfigurationDifference> Differences { get; init; }

    /// <summary>Warnings; of a dry run also what would keep it from being done.</summary>
    public required IReadOnlyList<ConfigurationMistake> Mistakes { get; init; }
}

/// <summary>What a provider answered to a call that costs nothing.</summary>
public sealed record ProviderTest
{
    public required string Provider { get; init; }

    /// <summary>It can be called; null where nobody can tell.</summary>
    public required bool? Available { get; init; }
    public required double? LatencyMs { get; init; }
    public required DateTimeOffset? CheckedAt { get; init; }

    /// <summary>What is wrong and what to do about it; null where nothing is.</summary>
    public required HealthErrorInfo? Error { get; init; }

    /// <summary>Why it was not asked; null where it was.</summary>
    public required string? NotProbed { get; init; }
    public required IReadOnlyList<KeyHealthInfo> Keys { get; init; }
}

/// <summary>What a provider says it has.</summary>
public sealed record ProviderDiscovery
{
    public required string Provider { get; init; }

    /// <summary>False where its list goes on past the page that was read.</summary>
    public required bool Complete { get; init; }
    public required IReadOnlyList<DiscoveredModel> Models { get; init; }
}

/// <summary>A model that a provider says it has. Null is unknown.</summary>
public sealed record DiscoveredModel
{
    /// <summary>The id that goes upstream.</summary>
    public required string Model { get; init; }

    /// <summary>Names of the deployments of it that are configured; none where it is only callable as <c>provider/model</c>.</summary>
    public required IReadOnlyList<string> Deployments { get; init; }

    /// <summary>What is known of it; null where nobody knows this model.</summary>
    public required ModelInfo? Known { get; init; }
}

/// <summary>Which of a provider's models to take as deployments.</summary>
/// <param name="Models">Their ids, as the provider has them.</param>
public sealed record ModelsToTake(IReadOnlyList<string> Models);

/// <summary>What to begin a deployment with.</summary>
/// <param name="Provider">The kind of provider.</param>
/// <param name="Model">The newest model of its line.</param>
/// <param name="Configured">There is a provider of that kind.</param>
/// <param name="Known">What is known of it.</param>
/// <param name="Entry">What to post to <c>models</c>.</param>
public sealed record ModelTemplate(
    string Provider,
    string Model,
    bool Configured,
    ModelInfo Known,
    JsonElement Entry
);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(AdminList<JsonElement>))]
[JsonSerializable(typeof(AdminList<ConfigurationVersion>))]
[JsonSerializable(typeof(AdminList<ModelTemplate>))]
[JsonSerializable(typeof(ConfigurationVersion))]
[JsonSerializable(typeof(ConfigurationComparison))]
[JsonSerializable(typeof(ConfigurationChanged))]
[JsonSerializable(typeof(ProviderTest))]
[JsonSerializable(typeof(ProviderDiscovery))]
[JsonSerializable(typeof(ModelsToTake))]
internal sealed partial class ConfigurationJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static ConfigurationJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
