using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>The client's headers that may go upstream: a short list, and never one that carries a credential or says who the client is.</summary>
internal static class ForwardedHeaders
{
    private static readonly string[] Allowed =
    [
        "OpenAI-Beta",
        "HTTP-Referer",
        "X-Title",
        "Idempotency-Key",
        "X-Client-Request-Id",
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> Of(HttpRequest request)
    {
        List<KeyValuePair<string, string>>? found = null;
        foreach (var name in Allowed)
        {
            if (request.Headers.TryGetValue(name, out var values) && values is [{ } value])
                (found ??= []).Add(new(name, value));
        }
        return found ?? (IReadOnlyList<KeyValuePair<string, string>>)[];
    }
}
