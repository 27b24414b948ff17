using Dragoman.Canonical;
using Dragoman.Configuration.Yaml;

namespace Dragoman.Configuration.Stored;

/// <summary>The fields of an entry that hold secrets: these leave the entry for the vault, and a reference stands in their place.</summary>
internal static class SecretFields
{
    /// <summary>How a reference begins, between <c>${</c> and <c>}</c>.</summary>
    public const string Prefix = "secret:";

    public static string Reference(string id) => "${" + Prefix + id + "}";

    /// <summary>The entry with every secret in it handed to <paramref name="keep"/>, which gives the id to put there.</summary>
    public static ConfigNode Taken(
        ConfigKind kind,
        ConfigNode entry,
        Func<SecretText, string> keep
    ) => Replaced(kind, entry, text => Reference(keep(new SecretText(text))));

    /// <summary>The entry as it may be shown: of what stands in it as it is, the last four characters.</summary>
    public static ConfigNode Masked(ConfigKind kind, ConfigNode entry) =>
        Replaced(kind, entry, static text => text.Length < 12 ? "…" : "…" + text[^4..]);

    /// <summary>The entry with <paramref name="instead"/> in the place of what stands in it as it is.</summary>
    public static ConfigNode Left(ConfigKind kind, ConfigNode entry, string instead) =>
        Replaced(kind, entry, _ => instead);

    /// <summary>Ids of the secrets that a text refers to.</summary>
    public static IEnumerable<string> IdsIn(string text)
    {
        const string Open = "${" + Prefix;
        for (var at = 0; (at = text.IndexOf(Open, at, StringComparison.Ordinal)) >= 0; )
        {
            at += Open.Length;
            var end = text.IndexOf('}', at);
            if (end < 0)
                yield break;
            yield return text[at..end];
        }
    }

    /// <summary>Nothing but one reference, to the environment or the vault.</summary>
    public static bool IsReference(string text) =>
        text.StartsWith("${", StringComparison.Ordinal)
        && text.IndexOf('}', StringComparison.Ordinal) == text.Length - 1;

    private static ConfigNode Replaced(
        ConfigKind kind,
        ConfigNode entry,
        Func<string, string> secret,
        string path = ""
    ) =>
        entry is ConfigMap map
            ? JsonNodes.Map([
                .. map.Entries.Select(field =>
                    field with
                    {
                        Value = kind.IsSecret(path + field.Key)
                            ? Replaced(field.Value, secret)
                            : Replaced(kind, field.Value, secret, $"{path}{field.Key}."),
                    }
                ),
            ])
            : entry;

    private static ConfigNode Replaced(ConfigNode node, Func<string, string> secret) =>
        node switch
        {
            ConfigList list => list with
            {
                Items = [.. list.Items.Select(item => Replaced(item, secret))],
            },
            ConfigScalar { IsNull: false, Text.Length: > 0 } scalar
                when !IsReference(scalar.Text) => new ConfigScalar(
                scalar.Line,
                secret(scalar.Text),
                IsPlain: false
            ),
            _ => node,
        };
}
