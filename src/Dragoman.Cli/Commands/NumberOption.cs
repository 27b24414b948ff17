using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dragoman.Cli.Commands;

/// <summary>Options that take a number, and say which when they get something else.</summary>
internal static class NumberOption
{
    public static Option<long?> Whole(string name, string description, long least, long most) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = given =>
                long.TryParse(
                    Text(given),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                && number >= least
                && number <= most
                    ? number
                    : Refuse<long>(
                        given,
                        most == long.MaxValue
                            ? $"a whole number, {least} or more"
                            : $"a whole number from {least} to {most}"
                    ),
        };

    public static Option<double?> Real(
        string name,
        string description,
        double least,
        double most
    ) =>
        new(name)
        {
            Description = description,
            HelpName = "X",
            CustomParser = given =>
                double.TryParse(
                    Text(given),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                && number >= least
                && number <= most
                    ? number
                    : Refuse<double>(given, $"a number from {least} to {most}"),
        };

    /// <summary>US dollars; a leading <c>$</c> is taken.</summary>
    public static Option<decimal?> Dollars(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "USD",
            CustomParser = given =>
                decimal.TryParse(
                    Text(given).TrimStart('$'),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                    ? number
                    : Refuse<decimal>(given, "a number of US dollars such as 0.05"),
        };

    private static string Text(ArgumentResult given) => given.Tokens[0].Value;

    private static T? Refuse<T>(ArgumentResult given, string allowed)
        where T : struct
    {
        var name = given.Parent is OptionResult option ? option.Option.Name : given.Argument.Name;
        given.AddError($"{name} is '{Text(given)}'; it must be {allowed}");
        return null;
    }
}
