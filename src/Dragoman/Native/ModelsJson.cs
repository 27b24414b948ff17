using System.Text.Json.Serialization;

namespace Dragoman.Native;

/// <summary>The shapes of <c>/api/llm/models</c> as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelDetails))]
internal sealed partial class ModelsJson : JsonSerializerContext;
