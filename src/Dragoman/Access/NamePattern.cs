using System.IO.Enumeration;

namespace Dragoman.Access;

/// <summary>A name, or a pattern of names in which <c>*</c> stands for any letters, e.g. <c>openai/*</c>. Case counts.</summary>
public sealed class NamePattern(string text) : IEquatable<NamePattern>
{
    private readonly bool _isAny = text == "*";
    private readonly bool _isExact = !text.Contains('*', StringComparison.Ordinal);

    // To the library's matcher '?' is a wildcard too, and a backslash an escape.
    private readonly string _expression = text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("?", "\\?", StringComparison.Ordinal);

    /// <summary>As it was written.</summary>
    public string Text => text;

    /// <summary>It names one thing.</summary>
    public bool IsExact => _isExact;

    public bool Matches(string name) =>
        _isAny
        || (
            _isExact
                ? string.Equals(text, name, StringComparison.Ordinal)
                : FileSystemName.MatchesSimpleExpression(_expression, name, ignoreCase: false)
        );

    public bool Equals(NamePattern? other) => other is not null && other.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as NamePattern);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
