using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Dialects;

namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>providers</c>.</summary>
internal static class ProviderReader
{
    private static readonly string[] Dialects =
    [
        .. DialectSlice.All.Select(static dialect => dialect.Name),
    ];

    /// <summary>Settings of some kinds of provider, which mean nothing to others.</summary>
    private static readonly string[] IdleSettings =
    [
        "api_version",
        "credentials",
        "location",
        "project",
    ];

    /// <summary>Null where it speaks no known dialect: its other fields are then of no interest.</summary>
    public static ProviderConfig? Read(string name, ConfigSection section, ProviderTypes types)
    {
        var typeName = section.Text("type");
        var dialect = section.Text("dialect");
        var type = types.Find(typeName ?? name);
        if (typeName is not null && type is null)
            section.Mistakes.Add(
                section.Path + ".type",
                $"Unknown type of provider. Known are: {string.Join(", ", types.All.Select(static t => t.Name))}.",
                NearestName.Of(typeName, types.All.SelectMany(static t => t.Aliases.Append(t.Name)))
            );
        if (dialect is not null && !Dialects.Contains(dialect, StringComparer.Ordinal))
        {
            section.Word("dialect", Dialects);
            return null;
        }

        var keys = section.Texts("api_keys") ?? [];
        var key =
            section.Text("api_key") ?? (type?.KeySetting is { } word ? section.Text(word) : null);
        var config = new ProviderConfig
        {
            Name = name,
            Type = typeName,
            Dialect = dialect,
            BaseUrl = section.Text("base_url"),
            ApiKeys =
            [
                .. (key is null ? keys : [key, .. keys]).Select(static k => new SecretText(k)),
            ],
            ApiKeyEnv = section.Text("api_key_env"),
            Local = section.Flag("local"),
            AllowPrivate = section.Flag("allow_private"),
            Region = section.Text("region"),
            OnlyListed = section.Flag("only_listed"),
            Settings =
            [
                .. SettingsOf(type)
                    .Select(setting => KeyValuePair.Create(setting, section.Text(setting)))
                    .Where(static setting => setting.Value is not null)
                    .Select(static setting => KeyValuePair.Create(setting.Key, setting.Value!)),
            ],
        };
        section.WithoutEffect([
            .. IdleSettings.Except(SettingsOf(type)).Where(word => word != type?.KeySetting),
        ]);
        section.Done();
        return config;
    }

    private static IEnumerable<string> SettingsOf(ProviderType? type) =>
        type is null
            ? []
            : type
                .Headers.Select(static header => header.Setting)
                .Concat(type.Settings.Select(static setting => setting.Name));
}
