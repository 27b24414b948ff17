using System.CommandLine;
using Dragoman.Canonical;

namespace Dragoman.Cli.Commands;

/// <summary>Options that take one of some words, and say which when they get another.</summary>
internal static class ChoiceOption
{
    public static Option<string?> Of(
        string name,
        string description,
        string helpName,
        params IReadOnlyList<string> words
    )
    {
        var option = new Option<string?>(name) { Description = description, HelpName = helpName };
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(given =>
        {
            if (
                given.Tokens is not [{ Value: var word }]
                || words.Contains(word, StringComparer.Ordinal)
            )
                return;
            var near = NearestName.Of(word, words);
            given.AddError(
                $"{name} is '{word}'; it must be one of {string.Join(", ", words)}"
                    + (near is null ? "" : $". Did you mean {near}?")
            );
        });
        return option;
    }
}
