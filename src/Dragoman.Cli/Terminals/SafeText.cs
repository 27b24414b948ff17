namespace Dragoman.Cli.Terminals;

/// <summary>
/// Text of models, providers and files before it is shown: control characters in it could move the cursor, rename the window or
/// hide what was written. What is piped stays as it is.
/// </summary>
internal static class SafeText
{
    public static string Of(string text, bool isShown)
    {
        if (!isShown || !text.AsSpan().ContainsAnyInRange('\0', '\u009f') || !text.Any(IsUnsafe))
            return text;
        return string.Concat(text.Where(static letter => !IsUnsafe(letter)));
    }

    private static bool IsUnsafe(char letter) =>
        char.IsControl(letter) && letter is not '\n' and not '\t';
}
