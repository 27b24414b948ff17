using System.Text.Json;
using System.Text.Json.Serialization;
using Dragoman.Access;

namespace Dragoman.Administration;

/// <summary>A key that a client holds, as <c>/api/admin/keys</c> shows it; never its secret.</summary>
public record KeyInfo
{
    /// <summary>What usage records name as the caller, e.g. <c>key_01jdk3v5mq8r2t4w</c>.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The end of its secret.</summary>
    public required string LastFour { get; init; }

    /// <summary><c>active</c>, <c>disabled</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public required string Status { get; init; }

    /// <summary><c>inference</c>, <c>viewer</c>, <c>member</c>, <c>manager</c> or <c>admin</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The user it belongs to; null where it is nobody's.</summary>
    public string? UserId { get; init; }

    /// <summary>The team it belongs to; null where it is no team's.</summary>
    public string? TeamId { get; init; }

    /// <summary>The workspace all its calls are of; null leaves that to the client.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>The tier all its calls are of; null leaves that to the client.</summary>
    public string? UserTier { get; init; }

    /// <summary>The tags all its calls bear; null leaves that to the client.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>What it may call: <c>provider/model</c> or a deployment's name, or a model's id whoever serves it; <c>*</c> stands for any letters. Null is everything.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>The providers it may use; null is all.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>The names it may ask for beside its models: routes, aliases, <c>chain:…</c>, <c>agent:…</c>, <c>auto</c>; null is all.</summary>
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>Addresses and networks it may be used from; null is anywhere.</summary>
    public IReadOnlyList<string>? AllowedIps { get; init; }

    /// <summary>What its owner wants kept with it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>From then on it is refused; null is never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>False refuses it until it is true again.</summary>
    public required bool Enabled { get; init; }

    /// <summary>When it was revoked; null where it is not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Until when the secret before the last rotation counts; null where it does not.</summary>
    public DateTimeOffset? FormerSecretUntil { get; init; }

    /// <summary>Exact to a minute; null where it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The caller that made it; null where it was made while no key was needed.</summary>
    public string? CreatedBy { get; init; }

    [JsonPropertyName("createdAt")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updatedAt")]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Always <c>api</c>: the file declares no keys.</summary>
    [JsonPropertyName("declaredIn")]
    public string DeclaredIn { get; init; } = "api";

    internal static KeyInfo Of(VirtualKey key, DateTimeOffset? lastUsed, DateTimeOffset now) =>
        Fill(
            lastUsed,
            now,
            key,
            static (key, status) =>
                new KeyInfo
                {
                    Id = key.Id,
                    Name = key.Name,
                    LastFour = key.LastFour,
                    Status = status,
                    Role = WordOf(key.Role),
                    Enabled = key.Enabled,
                    CreatedAt = key.CreatedAt,
                    UpdatedAt = key.UpdatedAt,
                }
        );

    internal static string WordOf(Role role) => role.ToString().ToLowerInvariant();

    internal static string StatusOf(VirtualKey key, DateTimeOffset now) =>
        key.WhyNot(now)?.Code switch
        {
            null => "active",
            "key_disabled" => "disabled",
            "key_expired" => "expired",
            _ => "revoked",
        };

    private protected static T Fill<T>(
        DateTimeOffset? lastUsed,
        DateTimeOffset now,
        VirtualKey key,
        Func<VirtualKey, string, T> make
    )
        where T : KeyInfo
    {
        var info = make(key, StatusOf(key, now));
        return info with
        {
            UserId = key.User,
            TeamId = key.Team,
            WorkspaceId = key.Workspace,
            UserTier = key.Tier,
            Tags = key.Tags,
            Models = Texts(key.Access?.Models),
            Providers = Texts(key.Access?.Providers),
            Routes = Texts(key.Access?.Routes),
            AllowedIps = key.Addresses?.Texts,
            Metadata = key.Metadata,
            ExpiresAt = key.ExpiresAt,
            RevokedAt = key.RevokedAt,
            FormerSecretUntil = key.FormerUntil > now ? key.FormerUntil : null,
            LastUsedAt = lastUsed,
            CreatedBy = key.CreatedBy,
        };
    }

    private static string[]? Texts(IReadOnlyList<NamePattern>? patterns) =>
        patterns?.Select(static pattern => pattern.Text).ToArray();
}

/// <summary>A key that was just made or rotated, with its secret: the only time that is told.</summary>
public sealed record NewKeyInfo : KeyInfo
{
    /// <summary>What the client sends, e.g. as <c>Authorization: Bearer</c>. It is kept nowhere.</summary>
    [JsonPropertyOrder(1)]
    public required string Secret { get; init; }

    internal static NewKeyInfo Of(
        VirtualKey key,
        string secret,
        DateTimeOffset? lastUsed,
        DateTimeOffset now
    ) =>
        Fill(
            lastUsed,
            now,
            key,
            (key, status) =>
                new NewKeyInfo
                {
                    Id = key.Id,
                    Name = key.Name,
                    LastFour = key.LastFour,
                    Status = status,
                    Role = WordOf(key.Role),
                    Enabled = key.Enabled,
                    CreatedAt = key.CreatedAt,
                    UpdatedAt = key.UpdatedAt,
                    Secret = secret,
                }
        );
}

/// <summary>A page of keys, in the order in which they were made.</summary>
public sealed record KeyPage
{
    public required IReadOnlyList<KeyInfo> Data { get; init; }

    /// <summary>What to say as <c>after</c> for the next page; null where there is none.</summary>
    public string? NextAfter { get; init; }
}

/// <summary>How keys look as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(KeyInfo))]
[JsonSerializable(typeof(NewKeyInfo))]
[JsonSerializable(typeof(KeyPage))]
internal sealed partial class KeysJson : JsonSerializerContext
{
    /// <summary>Text as it is, rather than with every letter beyond ASCII escaped.</summary>
    public static KeysJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
