using System.Globalization;
using System.Text.Json;

namespace Dragoman.Cli.Links;

/// <summary>What a key is to be, as the command line says it; null and empty are not said.</summary>
internal sealed record KeyWish
{
    public required string Name { get; init; }
    public string? Role { get; init; }
    public string? User { get; init; }
    public string? Team { get; init; }
    public string? Workspace { get; init; }
    public string? Tier { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> Models { get; init; } = [];
    public IReadOnlyList<string> Providers { get; init; } = [];
    public IReadOnlyList<string> Routes { get; init; } = [];
    public IReadOnlyList<string> Addresses { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>As <c>POST /api/admin/keys</c> takes it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Text("name", Name);
        Text("role", Role);
        Text("user_id", User);
        Text("team_id", Team);
        Text("workspace_id", Workspace);
        Text("user_tier", Tier);
        List("tags", Tags);
        List("models", Models);
        List("providers", Providers);
        List("routes", Routes);
        List("allowed_ips", Addresses);
        Text("expires_at", ExpiresAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        if (Metadata.Count > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (name, value) in Metadata)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();

        void Text(string name, string? value)
        {
            if (value is not null)
                json.WriteString(name, value);
        }

        void List(string name, IReadOnlyList<string> values)
        {
            if (values.Count == 0)
                return;
            json.WriteStartArray(name);
            foreach (var value in values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }
    }
}
