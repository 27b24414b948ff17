using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Dragoman.Canonical;

/// <summary>A secret that cannot print itself: it shows as <c>***</c> in logs, debuggers and serializers.</summary>
[DebuggerDisplay("***")]
public sealed class SecretText : IEquatable<SecretText>
{
    private readonly string _value;

    /// <param name="value">The secret; must not be empty.</param>
    public SecretText(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>The secret itself. Call it only where it goes on the wire.</summary>
    public string Reveal() => _value;

    public bool Equals(SecretText? other) =>
        other is not null
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(_value),
            Encoding.UTF8.GetBytes(other._value)
        );

    public override bool Equals(object? obj) => Equals(obj as SecretText);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "***";
}
