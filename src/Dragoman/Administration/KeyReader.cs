using System.Globalization;
using System.Text.Json;
using Dragoman.Access;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Administration;

/// <summary>Reads what somebody wants a key to be. What is not said is as in a new key: unrestricted, unbound, of the role inference.</summary>
internal static class KeyReader
{
    private const int LongestText = 200;
    private const int LongestPattern = 300;
    private const int MostItems = 200;
    private const int MostPairs = 50;
    private const int LongestValue = 1_000;

    private const string Example = "{\"name\": \"backend\", \"models\": [\"openai/*\"]}";

    private static readonly string[] Writable =
    [
        "name",
        "role",
        "user_id",
        "team_id",
        "workspace_id",
        "user_tier",
        "tags",
        "models",
        "providers",
        "routes",
        "allowed_ips",
        "metadata",
        "expires_at",
        "enabled",
    ];

    /// <summary>What a GET tells beside them: given back in a PUT, it changes nothing.</summary>
    private static readonly string[] Told =
    [
        .. Writable,
        "id",
        "last_four",
        "status",
        "revoked_at",
        "former_secret_until",
        "last_used_at",
        "created_by",
        "createdAt",
        "updatedAt",
        "declaredIn",
    ];

    private static readonly string[] Roles = [.. Enum.GetValues<Role>().Select(KeyInfo.WordOf)];

    /// <summary>A key that is to be made; id, secret and times are given to it later.</summary>
    public static bool TryReadNew(
        ReadOnlyMemory<byte> body,
        DateTimeOffset now,
        out VirtualKey? key,
        out GatewayError? error
    )
    {
        var isRead = BodyMembers.TryRead(body, Example, Writable, Read, out key, out error);
        if (isRead && key!.ExpiresAt <= now)
        {
            error = new GatewayError(
                GatewayErrorKind.InvalidRequest,
                "'expires_at' must be in the future."
            )
            {
                Code = "invalid_request",
                Param = "expires_at",
            };
            return false;
        }
        return isRead;
    }

    /// <summary>What a key is to be from now on; <see cref="Onto"/> puts it on the one there is.</summary>
    public static bool TryReadChanged(
        ReadOnlyMemory<byte> body,
        out VirtualKey? key,
        out GatewayError? error
    ) => BodyMembers.TryRead(body, Example, Told, Read, out key, out error);

    /// <summary>A key with the values of another that was read, and everything else its own.</summary>
    public static VirtualKey Onto(VirtualKey key, VirtualKey read) =>
        read with
        {
            Id = key.Id,
            Hash = key.Hash,
            LastFour = key.LastFour,
            FormerHash = key.FormerHash,
            FormerUntil = key.FormerUntil,
            RevokedAt = key.RevokedAt,
            CreatedAt = key.CreatedAt,
            UpdatedAt = key.UpdatedAt,
            CreatedBy = key.CreatedBy,
            Version = key.Version,
        };

    private static VirtualKey? Read(BodyMembers body)
    {
        var name = Name(body, "name");
        if (name is null)
            body.Fail("'name' must be said: what people call the key.", "name");
        var role = body.Text("role") ?? KeyInfo.WordOf(Role.Inference);
        if (!Roles.Contains(role, StringComparer.Ordinal))
            body.Fail($"'role' must be one of {string.Join(", ", Roles)}.", "role");
        AddressList? addresses = null;
        if (
            Names(body, "allowed_ips", LongestText) is { } texts
            && AddressList.TryRead(texts, out addresses) is { } wrong
        )
            body.Fail($"'allowed_ips': {wrong}.", "allowed_ips");
        var key = new VirtualKey
        {
            Id = "",
            Name = name ?? "",
            Hash = default,
            LastFour = "",
            Role = Roles.Contains(role, StringComparer.Ordinal)
                ? Enum.Parse<Role>(role, ignoreCase: true)
                : Role.Inference,
            User = Name(body, "user_id"),
            Team = Name(body, "team_id"),
            Workspace = Name(body, "workspace_id"),
            Tier = Name(body, "user_tier"),
            Tags = Names(body, "tags", LongestText),
            Access = ModelAccess.Of(
                Names(body, "models", LongestPattern),
                Names(body, "providers", LongestPattern),
                Names(body, "routes", LongestPattern)
            ),
            Addresses = addresses,
            Metadata = Pairs(body),
            ExpiresAt = Time(body, "expires_at"),
            Enabled = body.Flag("enabled") ?? true,
            CreatedAt = default,
            UpdatedAt = default,
        };
        return body.Error is null ? key : null;
    }

    private static string? Name(BodyMembers body, string member)
    {
        var text = body.Text(member);
        if (text is not null && !IsName(text, LongestText))
            body.Fail(
                $"'{member}' must be a text of 1 to {LongestText} characters, without control characters or spaces around it.",
                member
            );
        return text;
    }

    private static IReadOnlyList<string>? Names(BodyMembers body, string member, int longest)
    {
        if (body.Texts(member) is not { } texts)
            return null;
        if (texts.Count is > 0 and <= MostItems && texts.All(text => IsName(text, longest)))
            return [.. texts.Distinct(StringComparer.Ordinal)];
        body.Fail(
            $"'{member}' must be a list of 1 to {MostItems} texts of 1 to {longest} characters; leave it out, or say null, where nothing is restricted.",
            member
        );
        return null;
    }

    private static IReadOnlyDictionary<string, string> Pairs(BodyMembers body)
    {
        if (body.Find("metadata") is not { } value)
            return VirtualKey.NoMetadata;
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var pair in value.EnumerateObject())
                if (
                    pair.Value.ValueKind != JsonValueKind.String
                    || !IsName(pair.Name, LongestText)
                    || pair.Value.GetString()!.Length > LongestValue
                    || !pairs.TryAdd(pair.Name, pair.Value.GetString()!)
                )
                    pairs[""] = "";
        }
        if (
            value.ValueKind == JsonValueKind.Object
            && !pairs.ContainsKey("")
            && pairs.Count <= MostPairs
        )
            return pairs;
        body.Fail(
            $"'metadata' must be an object of at most {MostPairs} texts of {LongestValue} characters at most, each name once.",
            "metadata"
        );
        return VirtualKey.NoMetadata;
    }

    private static DateTimeOffset? Time(BodyMembers body, string member)
    {
        if (body.Text(member) is not { } text)
            return null;
        if (
            text.Length >= 20
            && DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
            return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
        body.Fail($"'{member}' must be a time such as 2027-01-31T00:00:00Z.", member);
        return null;
    }

    private static bool IsName(string text, int longest) =>
        text.Length > 0
        && text.Length <= longest
        && !char.IsWhiteSpace(text[0])
        && !char.IsWhiteSpace(text[^1])
        && !text.Any(char.IsControl);
}
