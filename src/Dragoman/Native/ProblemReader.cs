using System.Text.Json;
using Dragoman.Canonical;

namespace Dragoman.Native;

/// <summary>Reads the problem documents of the native API back into the failures they tell.</summary>
internal static class ProblemReader
{
    /// <param name="body">What the server sent; need not be a problem document at all.</param>
    /// <param name="status">Its HTTP status; 0 for an event of a stream, whose document tells it.</param>
    /// <param name="retryAfter">What the headers say of when to try again.</param>
    public static GatewayException Read(
        ReadOnlyMemory<byte> body,
        int status,
        TimeSpan? retryAfter = null
    )
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return Read(json.RootElement, status, retryAfter);
        }
        catch (JsonException)
        {
            // Some other server's page: its status says all there is.
        }
        return Of(null, status, $"The server answered {status} and did not say why.", retryAfter);
    }

    private static GatewayException Read(JsonElement problem, int status, TimeSpan? retryAfter)
    {
        if (status == 0)
            status = Number(problem, "status") is { } said ? (int)said : 500;
        var wait = Number(problem, "retry_after_s");
        return Of(
            Text(problem, "kind"),
            status,
            Text(problem, "detail") ?? Text(problem, "title") ?? $"The server answered {status}.",
            wait is { } seconds ? TimeSpan.FromSeconds(seconds) : retryAfter,
            Text(problem, "code"),
            Text(problem, "param"),
            Text(problem, "request_id"),
            problem.TryGetProperty("attempts", out var attempts)
                ? attempts.Deserialize(CompletionJson.Readable.IReadOnlyListAttemptInfo)
                : null
        );
    }

    private static GatewayException Of(
        string? kind,
        int status,
        string message,
        TimeSpan? retryAfter,
        string? code = null,
        string? param = null,
        string? requestId = null,
        IReadOnlyList<AttemptInfo>? attempts = null
    )
    {
        var failure = GatewayFailures.Find(kind) ?? GatewayFailures.OfStatus(status);
        return new GatewayException(
            new GatewayError(GatewayFailures.ErrorKindOf(failure), message)
            {
                StatusOverride = status,
                Code = code,
                Param = param,
                RetryAfter = retryAfter,
            },
            failure,
            requestId,
            attempts
        );
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static double? Number(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;
}
