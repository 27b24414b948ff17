using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Catalog;

namespace Dragoman.Dialects.OpenAIChat;

/// <summary>Whom a request is written for: what the provider and its model take of it, and where the losses go.</summary>
internal sealed class OpenAITarget(Deployment deployment, Losses losses)
{
    public Deployment Deployment => deployment;

    public ChatHabits Habits { get; } = deployment.Provider.Type.Chat;

    public Losses Losses => losses;

    /// <summary>The catalog says that the model reasons.</summary>
    public bool Reasons => deployment.Capabilities.Reasoning is true;

    /// <summary>Knows the role developer; others are sent system.</summary>
    public bool KnowsDeveloper => deployment.Provider.Type.DeveloperRole;

    /// <summary>What a member is called there; null where it is refused.</summary>
    public string? NameOf(string member)
    {
        var name = Habits.Names.GetValueOrDefault(member, member);
        if (Habits.Refuses.Contains(name, StringComparer.Ordinal))
            return null;
        if (Reasons && Habits.ReasoningRefuses.Contains(name, StringComparer.Ordinal))
            // Efforts that the catalog lists for the model are taken.
            return name == "reasoning_effort" && deployment.ReasoningEfforts is { Count: > 0 }
                ? name
                : null;
        return deployment.Capabilities.Temperature is false && member is ("temperature" or "top_p")
            ? null
            : name;
    }

    public bool Refuses(string word) => Habits.Refuses.Contains(word, StringComparer.Ordinal);

    public bool RefusesPart(string kind) =>
        Habits.RefusesParts.Contains(kind, StringComparer.Ordinal);

    /// <summary>A message's name in losses.</summary>
    public static string Where(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"messages[{index}]");

    /// <summary>Names the fields of other dialects, but for those that this target takes.</summary>
    public void NameLosses(Part part, string where)
    {
        foreach (var field in part.Raw)
        {
            if (!Keeps(field))
                DialectJson.NameLosses([field], OpenAIChatDialect.DialectName, where, losses);
        }
    }

    /// <summary>Whether a field of another dialect is understood here all the same.</summary>
    public bool Keeps(in RawField field) =>
        Habits.CacheControl && field.Parent is null && field.Name.Is("cache_control"u8);
}
