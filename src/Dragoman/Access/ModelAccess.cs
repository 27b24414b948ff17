using Dragoman.Catalog;

namespace Dragoman.Access;

/// <summary>
/// What somebody may call: models, providers, and the names asked for. What is null is not restricted; where a call is bound by
/// several, it must keep to all of them. Two that allow the same are equal, so that what is decided for one holds for the other.
/// </summary>
internal sealed class ModelAccess : IEquatable<ModelAccess>
{
    private readonly string _text;
    private readonly string? _notThisModel;
    private readonly string? _notThisProvider;

    private ModelAccess(
        IReadOnlyList<NamePattern>? models,
        IReadOnlyList<NamePattern>? providers,
        IReadOnlyList<NamePattern>? routes
    )
    {
        (Models, Providers, Routes) = (models, providers, routes);
        // A line break is in no name: different lists have different texts.
        _text = $"{Joined(models, "\n")}\n\n{Joined(providers, "\n")}\n\n{Joined(routes, "\n")}";
        _notThisModel = models is null
            ? null
            : $"this key may call {Joined(models, ", ", "no model")} only";
        _notThisProvider = providers is null
            ? null
            : $"this key may use {Joined(providers, ", ", "no provider")} only";
    }

    /// <summary><c>provider/model</c> or a deployment's name; without a slash a model's id, whoever serves it. Null is all.</summary>
    public IReadOnlyList<NamePattern>? Models { get; }

    /// <summary>Names of providers; null is all.</summary>
    public IReadOnlyList<NamePattern>? Providers { get; }

    /// <summary>Names that may be asked for: routes, aliases, <c>chain:…</c>, <c>agent:…</c>, <c>auto</c>; beside them the models that <see cref="Models"/> names. Null is all.</summary>
    public IReadOnlyList<NamePattern>? Routes { get; }

    /// <summary>Null where nothing is restricted.</summary>
    public static ModelAccess? Of(
        IReadOnlyList<string>? models,
        IReadOnlyList<string>? providers,
        IReadOnlyList<string>? routes
    ) =>
        models is null && providers is null && routes is null
            ? null
            : new ModelAccess(Patterns(models), Patterns(providers), Patterns(routes));

    /// <summary>Why a deployment may not be asked; null where it may.</summary>
    public string? WhyNot(Deployment deployment)
    {
        if (Providers is not null && !Any(Providers, deployment.Provider.Name))
            return _notThisProvider;
        if (Models is null)
            return null;
        foreach (var pattern in Models)
            if (IsOf(pattern, deployment))
                return null;
        return _notThisModel;
    }

    /// <summary>Whether a name may be asked for as it is, whatever it means.</summary>
    public bool MayAskFor(string name) => Routes is null || Any(Routes, name);

    /// <summary>Whether a name that means just these deployments may be asked for because one of them is named among the models.</summary>
    public bool NamesOneOf(IReadOnlyList<Deployment> deployments)
    {
        if (Models is null)
            return false;
        foreach (var deployment in deployments)
            if (WhyNot(deployment) is null)
                return true;
        return false;
    }

    /// <summary>What is allowed, in words for who asked for something else.</summary>
    public string Told()
    {
        var parts = new List<string>(3);
        if (Models is not null)
            parts.Add($"the models {Joined(Models, ", ", "(none)")}");
        if (Providers is not null)
            parts.Add($"the providers {Joined(Providers, ", ", "(none)")}");
        if (Routes is not null)
            parts.Add($"the names {Joined(Routes, ", ", "(none)")}");
        return string.Join("; ", parts);
    }

    public bool Equals(ModelAccess? other) =>
        ReferenceEquals(this, other) || (other is not null && _text == other._text);

    public override bool Equals(object? obj) => Equals(obj as ModelAccess);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The same restrictions have the same text.</summary>
    public override string ToString() => _text;

    /// <summary>With a slash it means a provider's model, so that <c>openai/*</c> is not met by a model of that name that another serves.</summary>
    private static bool IsOf(NamePattern pattern, Deployment deployment)
    {
        if (pattern.Text == "*")
            return true;
        var hasSlash = HasSlash(pattern.Text);
        return pattern.Matches(hasSlash ? deployment.PublicName : deployment.Model)
            || (HasSlash(deployment.Name) == hasSlash && pattern.Matches(deployment.Name));
    }

    private static bool HasSlash(string text) => text.Contains('/', StringComparison.Ordinal);

    private static bool Any(IReadOnlyList<NamePattern> patterns, string name)
    {
        foreach (var pattern in patterns)
            if (pattern.Matches(name))
                return true;
        return false;
    }

    private static NamePattern[]? Patterns(IReadOnlyList<string>? texts) =>
        texts?.Select(static text => new NamePattern(text)).ToArray();

    private static string Joined(
        IReadOnlyList<NamePattern>? patterns,
        string between,
        string none = "-"
    ) =>
        patterns is null ? "\0"
        : patterns.Count == 0 ? none
        : string.Join(between, patterns.Select(static pattern => pattern.Text));
}
