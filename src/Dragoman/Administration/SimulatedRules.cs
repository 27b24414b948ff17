using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.Native;
using Dragoman.Routing;
using Dragoman.Routing.Rules;

namespace Dragoman.Administration;

/// <summary>Reads the rules of a simulation as those of <c>dragoman.yaml</c> are read: the same mistakes are told in the same words.</summary>
internal static class SimulatedRules
{
    private const string Changes = "changes.";

    /// <param name="text">A list of rules as YAML or JSON.</param>
    /// <param name="names">What names mean now.</param>
    /// <exception cref="GatewayException">Something is wrong with them: the first mistake, by its field.</exception>
    public static RuleBook Read(string text, NameResolver names)
    {
        var mistakes = new ConfigMistakes("rules");
        var config = ConfigReader.Read(
            "rules:\n" + Indented(text),
            ProviderTypes.Default,
            // What a body says does not reach the server's environment.
            static _ =>
                null,
            mistakes
        );
        var rules = config.Rules.Select(static one => (one.Path, RoutingBuilder.RuleOf(one)));
        var book = new RuleBook(rules.Select(static one => one.Item2));
        if (mistakes.All.FirstOrDefault(static mistake => !mistake.IsWarning) is { } mistake)
            throw Wrong(
                mistake.Path.Length == 0 ? "rules" : mistake.Path,
                mistake.Message,
                mistake.Suggestion
            );
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, rule) in rules)
        {
            if (!known.Add(rule.Name))
                throw Wrong(path + ".name", "There is already a rule of this name.");
            CheckNames(path, rule, names);
        }
        return book;
    }

    private static void CheckNames(string path, RoutingRule rule, NameResolver names)
    {
        if (rule.Target is { } target)
            switch (names.Book.Find(target))
            {
                case NameMeaning.AnAgent:
                    throw Wrong(path + ".target", "An agent cannot be a rule's target.");
                case NameMeaning.Nothing nothing:
                    throw Wrong(
                        path + ".target",
                        nothing.Error.Message,
                        names.Book.Nearest(target).FirstOrDefault()
                    );
            }
        if (
            rule.Chain is { } chain
            && names.Book.FindChain(chain) is NameMeaning.Nothing { Error: var error }
        )
            throw Wrong(path + ".chain", error.Message);
        if (rule.Strategy is { } strategy && names.Table.Strategies.Find(strategy) is null)
            throw Wrong(
                path + ".strategy",
                $"Must be one of: {string.Join(", ", names.Table.Strategies.Names)}, not '{ConfigSection.Shown(strategy)}'.",
                NearestName.Of(strategy, names.Table.Strategies.Names)
            );
    }

    private static string Indented(string text) =>
        "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private static GatewayException Wrong(string path, string message, string? meant = null) =>
        new(
            new GatewayError(
                GatewayErrorKind.InvalidRequest,
                $"'{Changes}{path}': {message}{(meant is null ? "" : $" Did you mean '{meant}'?")}"
            )
            {
                Code = "invalid_request",
                Param = Changes + path,
            }
        );
}
