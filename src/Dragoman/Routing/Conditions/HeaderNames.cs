namespace Dragoman.Routing.Conditions;

/// <summary>Which of a client's headers a condition may look at: none that holds a secret.</summary>
internal static class HeaderNames
{
    private static readonly string[] Secret =
    [
        "authorization",
        "proxy-authorization",
        "cookie",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
    ];

    /// <summary>Why not; null where it may.</summary>
    public static string? WhyNot(string name) =>
        name.Length == 0
        || !name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? $"'{name}' is no header's name"
        : Secret.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $"'{name}' holds a secret, and no condition may look at it"
        : null;
}
