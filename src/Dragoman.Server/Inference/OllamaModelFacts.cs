using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Server.Inference;

/// <summary>What is known of a model in the words of Ollama's <c>/api/tags</c> and <c>/api/show</c>: its server's own where that is an Ollama.</summary>
internal static class OllamaModelFacts
{
    /// <summary>The deployment that a name means first, for chats or else for embeddings; null where it cannot be called.</summary>
    public static Deployment? Find(NameResolver names, string name, ModelAccess? access) =>
        names.Resolve(name, Operation.Chat, Wishes.None, access).Decision?.Chain[0]
        ?? names.Resolve(name, Operation.Embeddings, Wishes.None, access).Decision?.Chain[0];

    /// <summary>The model that a body of <c>/api/show</c> names, by the field's new name or its old one.</summary>
    public static string? AskedFor(ReadOnlyMemory<byte> body, out GatewayError? error)
    {
        error = null;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var name in (string[])["model", "name"])
                {
                    if (
                        json.RootElement.TryGetProperty(name, out var value)
                        && value.ValueKind == JsonValueKind.String
                        && value.GetString() is { Length: > 0 and <= 512 } model
                    )
                        return model;
                }
            }
            error = new GatewayError(GatewayErrorKind.InvalidRequest, "model is required");
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            error = new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "The body is not valid JSON."
            );
        }
        return null;
    }

    /// <summary>Writes an item of <c>/api/tags</c>.</summary>
    public static void WriteListed(Utf8JsonWriter json, ListedModel model, Deployment? deployment)
    {
        var served = deployment?.Served;
        json.WriteStartObject();
        json.WriteString("name"u8, model.Id);
        json.WriteString("model"u8, model.Id);
        json.WriteString("modified_at"u8, served?.ModifiedAt ?? Time(model.Created));
        json.WriteNumber("size"u8, served?.Size ?? 0);
        // Clients compare it: some of them fail where there is none.
        json.WriteString("digest"u8, served?.Digest ?? DigestOf(model.Id));
        WriteDetails(json, deployment);
        json.WriteEndObject();
    }

    /// <summary>Writes the answer of <c>/api/show</c>.</summary>
    public static void WriteShown(Utf8JsonWriter json, string name, Deployment deployment)
    {
        if (deployment.Served is { Description: { IsEmpty: false } own })
        {
            json.WriteRawValue(own.Utf8.Span, skipInputValidation: true);
            return;
        }
        var family = FamilyOf(deployment);
        json.WriteStartObject();
        json.WriteString("license"u8, ""u8);
        json.WriteString("modelfile"u8, ""u8);
        json.WriteString("parameters"u8, ""u8);
        json.WriteString("template"u8, ""u8);
        WriteDetails(json, deployment);
        json.WriteStartObject("model_info"u8);
        json.WriteString("general.architecture"u8, family);
        json.WriteString("general.basename"u8, name);
        if (deployment.ContextWindow is { } window)
            json.WriteNumber(family + ".context_length", window);
        if (deployment.Dimensions is { } dimensions)
            json.WriteNumber(family + ".embedding_length", dimensions);
        json.WriteEndObject();
        WriteCapabilities(json, deployment.Capabilities);
        json.WriteString(
            "modified_at"u8,
            deployment.Served?.ModifiedAt ?? Time(DateTimeOffset.UnixEpoch)
        );
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, Deployment? deployment)
    {
        var served = deployment?.Served;
        var family = deployment is null ? "" : FamilyOf(deployment);
        json.WriteStartObject("details"u8);
        json.WriteString("parent_model"u8, ""u8);
        json.WriteString("format"u8, served?.Format ?? "");
        json.WriteString("family"u8, family);
        json.WriteStartArray("families"u8);
        if (served is { Families: { Count: > 0 } families })
        {
            foreach (var one in families)
                json.WriteStringValue(one);
        }
        else if (family.Length > 0)
            json.WriteStringValue(family);
        json.WriteEndArray();
        json.WriteString("parameter_size"u8, served?.ParameterSize ?? "");
        json.WriteString("quantization_level"u8, served?.Quantization ?? "");
        json.WriteEndObject();
    }

    /// <summary>What is unknown is left out: clients take the list for whole.</summary>
    private static void WriteCapabilities(Utf8JsonWriter json, ModelCapabilities can)
    {
        json.WriteStartArray("capabilities"u8);
        json.WriteStringValue(can.Embeddings is true ? "embedding"u8 : "completion"u8);
        if (can.Tools is true)
            json.WriteStringValue("tools"u8);
        if (can.Vision is true)
            json.WriteStringValue("vision"u8);
        if (can.Reasoning is true)
            json.WriteStringValue("thinking"u8);
        json.WriteEndArray();
    }

    /// <summary>The architecture where it is told, else whose model it is.</summary>
    private static string FamilyOf(Deployment deployment) =>
        deployment.Served?.Family ?? deployment.Provider.Type.Name;

    private static string DigestOf(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static string Time(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            System.Globalization.CultureInfo.InvariantCulture
        );
}
