using Dragoman.Canonical;
using Dragoman.Exchanges;

namespace Dragoman.Access;

/// <summary>What a key fixes of its calls: workspace, tier and tags. The key wins; a client that says otherwise is refused.</summary>
internal static class FixedWishes
{
    /// <summary>What a client says against its key; null where it says nothing against it.</summary>
    public static GatewayError? WhyNot(Caller? caller, Wishes wishes)
    {
        if (caller is null)
            return null;
        if (Contradicts(wishes.WorkspaceId, caller.Workspace))
            return Fixed("workspace_id", wishes.WorkspaceId!, caller.Workspace!);
        if (Contradicts(wishes.UserTier, caller.Tier))
            return Fixed("user_tier", wishes.UserTier!, caller.Tier!);
        if (caller.Tags is not { } tags)
            return null;
        foreach (var tag in wishes.Tags)
            if (!tags.Contains(tag, StringComparer.Ordinal))
                return Fixed("tags", tag, string.Join(", ", tags));
        return null;
    }

    /// <summary>The wishes with what the key fixes; what the house says beyond it stays.</summary>
    public static Wishes Bind(Caller? caller, Wishes wishes) =>
        caller is null or { Workspace: null, Tier: null, Tags: null }
            ? wishes
            : wishes with
            {
                WorkspaceId = caller.Workspace ?? wishes.WorkspaceId,
                UserTier = caller.Tier ?? wishes.UserTier,
                Tags = caller.Tags is { } tags ? [.. tags.Union(wishes.Tags)] : wishes.Tags,
            };

    private static bool Contradicts(string? said, string? isFixed) =>
        said is not null && isFixed is not null && said != isFixed;

    private static GatewayError Fixed(string field, string said, string isFixed) =>
        new(
            GatewayErrorKind.Permission,
            $"'{field}' is '{said}', but this key's is fixed to '{isFixed}': leave it out."
        )
        {
            Code = "fixed_by_key",
            Param = field,
        };
}
