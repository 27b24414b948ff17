using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>Reads a base URL as people write it.</summary>
internal static class BaseAddress
{
    private const int OllamaPort = 11434;

    /// <summary>The address of a provider of <paramref name="type"/>; null where it is no usable one, with the reason.</summary>
    public static Uri? Read(string text, ProviderType type, out string? whyNot)
    {
        if (type.Dialect != "ollama")
            return Read(text, type.DefaultPath, out whyNot);
        var address = Read(WithScheme(text.Trim()), type.DefaultPath, out whyNot);
        if (address is null)
            return null;
        // Its API is known by the root; people write the route of the one they know.
        var path = address.AbsolutePath.TrimEnd('/');
        foreach (var route in (string[])["/v1", "/api"])
        {
            if (path.EndsWith(route, StringComparison.Ordinal))
                return new Uri(address.GetLeftPart(UriPartial.Authority) + path[..^route.Length]);
        }
        return address;
    }

    /// <summary>
    /// OLLAMA_HOST is written without a scheme, also as the address that the server itself listens on (github.com/ollama/ollama
    /// docs/faq, seen 2026-11).
    /// </summary>
    private static string WithScheme(string text)
    {
        if (text.Length == 0 || text.Contains("://", StringComparison.Ordinal))
            return text;
        if (text[0] == ':')
            text = "127.0.0.1" + text;
        if (!Uri.TryCreate("http://" + text, UriKind.Absolute, out var address))
            return text;
        var host = address.Host == "0.0.0.0" ? "127.0.0.1" : address.Host;
        var port = address.IsDefaultPort ? OllamaPort : address.Port;
        return new UriBuilder(address) { Host = host, Port = port }
            .Uri
            .AbsoluteUri;
    }

    /// <summary>The address, with <paramref name="defaultPath"/> where it has none; null where it is no usable one, with the reason.</summary>
    public static Uri? Read(string text, string defaultPath, out string? whyNot)
    {
        whyNot = null;
        if (
            !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || address.Host.Length == 0
        )
            whyNot = "must be an address such as https://api.example.com/v1";
        else if (address.UserInfo.Length > 0)
            whyNot = "must not hold a name or password: say api_keys or api_key_env";
        else if (address.Query.Length > 0 || address.Fragment.Length > 0)
            whyNot = "must not have a query or fragment";
        if (whyNot is not null)
            return null;
        var path = address!.AbsolutePath.TrimEnd('/');
        return new Uri(
            address.GetLeftPart(UriPartial.Authority) + (path.Length == 0 ? defaultPath : path)
        );
    }
}
