using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration.Stored;

/// <summary>One thing that is configured, wherever that was said.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">What it is called.</param>
/// <param name="Value">What is said of it; secrets are references or masked.</param>
/// <param name="Stored">How it is stored; null where it was said elsewhere.</param>
/// <param name="DeclaredIn"><c>api</c>, <c>file</c>, <c>environment</c>, <c>machine</c>, <c>process</c> or <c>demo</c>.</param>
/// <param name="Trouble">Why it is not in use; null where it is.</param>
internal sealed record ConfigThing(
    ConfigKind Kind,
    string Id,
    ConfigNode Value,
    StoredEntry? Stored,
    string DeclaredIn,
    string? Trouble = null
)
{
    public const string Api = "api";
    public const string File = "file";

    /// <summary>Another one wherever it is another.</summary>
    public string Mark =>
        Stored is { } stored
            ? string.Create(CultureInfo.InvariantCulture, $"v{stored.Version}")
            : Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(JsonNodes.ToJson(Value)))
            )[..16];
}
