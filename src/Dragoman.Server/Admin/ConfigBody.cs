using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Configuration;
using Dragoman.Configuration.Stored;
using Dragoman.Configuration.Yaml;
using Dragoman.Dialects;

namespace Dragoman.Server.Admin;

/// <summary>An entry as it is posted or put: its id, and what <c>dragoman.yaml</c> would say of it.</summary>
/// <param name="Id">Null where the body says none.</param>
/// <param name="Json">Without what only answers have.</param>
internal sealed record ConfigBody(string? Id, string Json)
{
    private const int LongestId = 100;
    private const string NameField = "name";

    /// <summary>Members that answers have and nobody sets: what was read can be sent back.</summary>
    private static readonly string[] OfAnswers =
    [
        "id",
        "createdAt",
        "updatedAt",
        "declaredIn",
        "secrets",
        "trouble",
    ];

    public static bool TryRead(
        ConfigKind kind,
        ReadOnlyMemory<byte> body,
        out ConfigBody? read,
        out GatewayError? error
    )
    {
        read = null;
        try
        {
            using var document = JsonDocument.Parse(
                body,
                new JsonDocumentOptions
                {
                    MaxDepth = JsonCursor.MaxDepth,
                    AllowDuplicateProperties = false,
                }
            );
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = Wrong("The body must be an object.", null);
                return false;
            }
            var map = (ConfigMap)JsonNodes.Of(document.RootElement);
            (read, error) = Read(kind, map);
            return error is null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            error = new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "The body is not valid JSON, or says a member twice."
            )
            {
                Code = "invalid_json",
            };
            return false;
        }
    }

    /// <summary>The entry of that id; of one that bears its id as a name, with it.</summary>
    public string JsonOf(ConfigKind kind, string id)
    {
        if (kind.Shape != ConfigShape.List)
            return Json;
        var fields = ((ConfigMap)JsonNodes.Parse(Json)).Entries.Where(static field =>
            field.Key != NameField
        );
        return JsonNodes.ToJson(
            JsonNodes.Map([
                new ConfigEntry(NameField, 0, new ConfigScalar(0, id, IsPlain: false)),
                .. fields,
            ])
        );
    }

    /// <summary>What the file writes as one text has one field here, and the readers see nothing of any other.</summary>
    private static GatewayError? WhyNoText(ConfigKind kind, IReadOnlyList<ConfigEntry> fields)
    {
        foreach (var field in fields)
            if (field.Key != ConfigKind.TextField)
                return Wrong(
                    $"'{ConfigSection.Shown(field.Key)}' is not known of an {kind.Noun}: it has 'id' and '{ConfigKind.TextField}'.",
                    field.Key
                );
        return fields is [{ Value: ConfigScalar { IsNull: false, Text.Length: > 0 } }]
            ? null
            : Wrong(
                $"'{ConfigKind.TextField}' must be the name that the {kind.Noun} stands for.",
                ConfigKind.TextField
            );
    }

    private static (ConfigBody?, GatewayError?) Read(ConfigKind kind, ConfigMap map)
    {
        var id = IdIn(map, "id", out var error);
        if (kind.Shape == ConfigShape.List && error is null)
        {
            var name = IdIn(map, NameField, out error);
            if (id is not null && name is not null && id != name)
                error ??= Wrong(
                    "'name' is the id here, and 'id' says another: say one of them.",
                    "id"
                );
            id ??= name;
        }
        if (error is not null)
            return (null, error);
        var fields = map.Entries.Where(static field => Array.IndexOf(OfAnswers, field.Key) < 0);
        if (kind.Shape == ConfigShape.Texts && WhyNoText(kind, [.. fields]) is { } wrong)
            return (null, wrong);
        return (new ConfigBody(id, JsonNodes.ToJson(JsonNodes.Map([.. fields]))), null);
    }

    private static string? IdIn(ConfigMap map, string member, out GatewayError? error)
    {
        error = null;
        if (map.Find(member)?.Value is not { } value || value is ConfigScalar { IsNull: true })
            return null;
        if (value is ConfigScalar { IsPlain: false } scalar && IsId(scalar.Text))
            return scalar.Text;
        error = Wrong(
            $"'{member}' must be a text of 1 to {LongestId} characters, without % and control characters.",
            member
        );
        return null;
    }

    private static bool IsId(string text) =>
        text.Length is > 0 and <= LongestId
        && text.Trim().Length == text.Length
        && !text.Any(static letter => char.IsControl(letter) || letter == '%');

    private static GatewayError Wrong(string message, string? param) =>
        new(GatewayErrorKind.InvalidRequest, message) { Code = "invalid_request", Param = param };
}
