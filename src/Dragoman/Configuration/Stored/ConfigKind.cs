namespace Dragoman.Configuration.Stored;

/// <summary>A kind of thing that the file can declare and the API can store: the one table of them.</summary>
/// <param name="Name">The resource of the admin API.</param>
/// <param name="Section">The section of <c>dragoman.yaml</c>.</param>
/// <param name="Noun">What one of them is called.</param>
/// <param name="Shape">How the section holds them.</param>
internal sealed record ConfigKind(string Name, string Section, string Noun, ConfigShape Shape)
{
    /// <summary>The field that holds the text of an entry that is one.</summary>
    public const string TextField = "target";

    public static readonly ConfigKind Providers = Map("providers", "provider") with
    {
        IgnoresCase = true,
        IsSecret = static field => field is "api_key" or "api_keys" or "credentials",
    };

    /// <summary>In the order in which an export names them: what is referred to stands first.</summary>
    public static readonly IReadOnlyList<ConfigKind> All =
    [
        new("settings", "defaults", "settings", ConfigShape.One),
        Providers,
        new("models", "models", "deployment", ConfigShape.List),
        new("aliases", "aliases", "alias", ConfigShape.Texts),
        Map("chains", "chain"),
        Map("agents", "agent"),
        new("rules", "rules", "rule", ConfigShape.List) { HasOrder = true },
        Map("routes", "route"),
        Map("limits", "limit") with
        {
            IsSpending = true,
        },
        Map("budgets", "budget") with
        {
            IsSpending = true,
        },
        new("alerts", "alerts", "alerts", ConfigShape.One)
        {
            IsSecret = static field => field is "webhook.secret",
        },
        Map("guardrails", "guardrail"),
    ];

    /// <summary>Id of what there is only one of: the section's name.</summary>
    public string OnlyId => Section;

    /// <summary>Fields whose texts are secrets, by their path in the entry.</summary>
    public Func<string, bool> IsSecret { get; init; } = static _ => false;

    /// <summary>It bounds what may be spent: managers look after those of their teams.</summary>
    public bool IsSpending { get; init; }

    /// <summary>Ids that differ in case only are the same.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>Listed by priority rather than by id.</summary>
    public bool HasOrder { get; init; }

    public StringComparer Ids =>
        IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public static ConfigKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    public static ConfigKind? OfSection(string section) =>
        All.FirstOrDefault(kind => kind.Section == section);

    public override string ToString() => Name;

    private static ConfigKind Map(string name, string noun) =>
        new(name, name, noun, ConfigShape.Map);
}
