using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>What an Ollama server says of a model: <c>details</c> of its list, and <c>/api/show</c> (docs.ollama.com/api/show, seen 2026-11).</summary>
internal static class OllamaDescription
{
    /// <summary>License texts are long; what is longer than this is not kept.</summary>
    private const int LongestKept = 512 * 1024;

    /// <summary>The model with what <c>/api/show</c> says of it; null where the body is no such thing.</summary>
    public static ServedModel? Read(ServedModel model, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("error"u8, out _))
                return null;
            if (ModelLists.RunsElsewhere(root))
                model = model with { RunsElsewhere = true };
            if (root.TryGetProperty("details"u8, out var details))
                model = WithDetails(model, details);
            if (root.TryGetProperty("model_info"u8, out var info))
                model = WithInfo(model, info);
            if (
                root.TryGetProperty("capabilities"u8, out var list)
                && list.ValueKind == JsonValueKind.Array
            )
                model = model with { Capabilities = Capabilities(root) };
            return body.Length > LongestKept
                ? model
                : model with
                {
                    Description = new RawJson(body),
                };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static ServedModel WithDetails(ServedModel model, JsonElement details)
    {
        if (details.ValueKind != JsonValueKind.Object)
            return model;
        string[] families =
            details.TryGetProperty("families"u8, out var list)
            && list.ValueKind == JsonValueKind.Array
                ?
                [
                    .. list.EnumerateArray()
                        .Where(static family => family.ValueKind == JsonValueKind.String)
                        .Select(static family => family.GetString()!),
                ]
                : [];
        model = model with
        {
            Format = ModelLists.Text(details, "format"u8),
            Family = ModelLists.Text(details, "family"u8),
            Families = families,
            ParameterSize = ModelLists.Text(details, "parameter_size"u8),
            Quantization = ModelLists.Text(details, "quantization_level"u8),
        };
        return model.Capabilities == ModelCapabilities.Unknown
            ? model with
            {
                Capabilities = Guess(model),
            }
            : model;
    }

    private static ServedModel WithInfo(ServedModel model, JsonElement info)
    {
        if (info.ValueKind != JsonValueKind.Object)
            return model;
        var architecture = ModelLists.Text(info, "general.architecture"u8);
        return model with
        {
            ContextWindow = Of(info, architecture, ".context_length") ?? model.ContextWindow,
            Dimensions = Of(info, architecture, ".embedding_length")
                is { } length
                    and <= int.MaxValue
                ? (int)length
                : model.Dimensions,
        };
    }

    private static long? Of(JsonElement info, string? architecture, string fact)
    {
        foreach (var member in info.EnumerateObject())
        {
            if (
                (
                    architecture is null
                        ? member.Name.EndsWith(fact, StringComparison.Ordinal)
                        : member.NameEquals(architecture + fact)
                )
                && member.Value.ValueKind == JsonValueKind.Number
                && member.Value.TryGetInt64(out var number)
                && number > 0
            )
                return number;
        }
        return null;
    }

    /// <summary>The list is whole: what is not in it, the model cannot do. Any model that completes can be held to a schema.</summary>
    private static ModelCapabilities Capabilities(JsonElement root)
    {
        var completes = ModelLists.Has(root, "capabilities"u8, "completion");
        return new ModelCapabilities
        {
            Tools = ModelLists.Has(root, "capabilities"u8, "tools"),
            Vision = ModelLists.Has(root, "capabilities"u8, "vision"),
            Reasoning = ModelLists.Has(root, "capabilities"u8, "thinking"),
            Embeddings = ModelLists.Has(root, "capabilities"u8, "embedding"),
            Audio = ModelLists.Has(root, "capabilities"u8, "audio"),
            StructuredOutput = completes,
        };
    }

    /// <summary>Until a server was asked, and of servers before 0.6.4, which do not say: families that only embed, and those that see.</summary>
    private static ModelCapabilities Guess(ServedModel model)
    {
        if (model.Family?.EndsWith("bert", StringComparison.Ordinal) == true)
            return new ModelCapabilities
            {
                Embeddings = true,
                Tools = false,
                Vision = false,
                Reasoning = false,
            };
        return model.Families.Any(static family => family is "clip" or "mllama")
            ? new ModelCapabilities { Vision = true }
            : ModelCapabilities.Unknown;
    }
}
