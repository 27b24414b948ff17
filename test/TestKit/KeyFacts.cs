using Dragoman.Access;

namespace Dragoman.TestKit;

/// <summary>Keys to test with.</summary>
internal static class KeyFacts
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What a desk is asked to make: unrestricted, without id and secret.</summary>
    public static VirtualKey Of(string name, Role role = Role.Inference) =>
        new()
        {
            Id = "",
            Name = name,
            Hash = default,
            LastFour = "",
            Role = role,
            CreatedAt = default,
            UpdatedAt = default,
        };

    /// <summary>As it is kept, with nothing in it that may be absent.</summary>
    public static VirtualKey Bare(int number, string? secret = null) =>
        Of("key " + number) with
        {
            Id = $"{KeyId.Prefix}{number:00000000}",
            Hash = KeyHash.Of(secret ?? KeySecret.Make()),
            LastFour = "abcd",
            CreatedAt = Noon,
            UpdatedAt = Noon,
        };

    /// <summary>As it is kept, with everything in it.</summary>
    public static VirtualKey Full(int number) =>
        Bare(number) with
        {
            Name = "Über „alles“ 🙂",
            FormerHash = KeyHash.Of(KeySecret.Make()),
            FormerUntil = Noon.AddMicroseconds(7),
            Role = Role.Manager,
            User = "user-1",
            Team = "team-1",
            Workspace = "legal",
            Tier = "gold",
            Tags = ["a", "b,c"],
            Access = ModelAccess.Of(["openai/*", "gpt-4o"], ["openai"], ["fast", "chain:*"]),
            Addresses = AddressList.Of(["10.0.0.0/8", "2001:db8::1"]),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["cost centre"] = "4711",
                ["empty"] = "",
            },
            ExpiresAt = Noon.AddDays(30),
            Enabled = false,
            RevokedAt = Noon.AddHours(1),
            CreatedBy = "admin",
            Version = 5,
        };
}
