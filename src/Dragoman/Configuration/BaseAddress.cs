namespace Dragoman.Configuration;

/// <summary>Reads a base URL as people write it.</summary>
internal static class BaseAddress
{
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
