using System.CommandLine;
using System.Globalization;

namespace Dragoman.Cli.Commands;

/// <summary>Options that take a span of time such as <c>30d</c>, <c>12h</c> or <c>90m</c>.</summary>
internal static class SpanOption
{
    private const int MostDays = 3650;

    public static Option<TimeSpan?> Of(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "SPAN",
            CustomParser = given =>
            {
                if (Read(given.Tokens[0].Value) is { } span)
                    return span;
                given.AddError(
                    $"{name} is '{given.Tokens[0].Value}'; it must be a span of time such as 30d, 12h, 90m or 45s"
                );
                return null;
            },
        };

    internal static TimeSpan? Read(string text)
    {
        if (
            text.Length < 2
            || !int.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return null;
        var span = text[^1] switch
        {
            'd' when number <= MostDays => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            's' => TimeSpan.FromSeconds(number),
            _ => (TimeSpan?)null,
        };
        return span > TimeSpan.FromDays(MostDays) ? null : span;
    }
}
