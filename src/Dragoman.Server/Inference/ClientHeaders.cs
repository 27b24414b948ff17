using Dragoman.Exchanges;
using Dragoman.Providers;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>What is taken from a client's headers: its wishes, and the few that go upstream. The rest stays here, credentials above all.</summary>
internal static class ClientHeaders
{
    private static readonly (string Name, string? Dialect)[] Forwardable =
    [
        ("OpenAI-Beta", "openai"),
        ("OpenAI-Beta", "openai-responses"),
        ("anthropic-version", "anthropic"),
        ("anthropic-beta", "anthropic"),
        ("HTTP-Referer", null),
        ("X-Title", null),
        ("Idempotency-Key", null),
        ("X-Client-Request-Id", null),
        // Who sent it before us; our own id is added when it is sent on.
        (HttpProvider.InstanceHeader, null),
    ];

    /// <summary>Those that may go to a provider of <paramref name="dialect"/>; null is those that mean the same in every dialect.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Forwarded(
        HttpRequest request,
        string? dialect
    )
    {
        List<KeyValuePair<string, string>>? found = null;
        foreach (var (name, only) in Forwardable)
        {
            if (
                (only is null || only == dialect)
                && request.Headers.TryGetValue(name, out var values)
                && values.Count > 0
            )
                (found ??= []).Add(new(name, values.ToString()));
        }
        return found ?? (IReadOnlyList<KeyValuePair<string, string>>)[];
    }

    /// <summary>The headers that carry wishes, in the order they came.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Wishes(HttpRequest request)
    {
        List<KeyValuePair<string, string>>? found = null;
        foreach (var (name, values) in request.Headers)
        {
            if (
                name.StartsWith(WishesReader.HeaderPrefix, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(HttpProvider.InstanceHeader, StringComparison.OrdinalIgnoreCase)
            )
                (found ??= []).Add(new(name, values.ToString()));
        }
        return found ?? (IReadOnlyList<KeyValuePair<string, string>>)[];
    }
}
