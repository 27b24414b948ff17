using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dragoman.Tests.Providers.Vertex;

/// <summary>Google's token endpoint and Vertex AI in memory: what was asked is kept, and what is answered is set.</summary>
internal sealed class FakeGoogle : HttpMessageHandler
{
    private static readonly RSA Key = RSA.Create(2048);
    private int _tokens;

    public ConcurrentQueue<Dictionary<string, string>> Forms { get; } = new();
    public ConcurrentQueue<(
        Uri Address,
        AuthenticationHeaderValue? Credential,
        string Body
    )> Calls { get; } = new();

    /// <summary>What the token endpoint answers in place of a token; null hands one out.</summary>
    public (HttpStatusCode Status, string Body)? Refusal { get; set; }

    /// <summary>Tokens that Vertex does not take.</summary>
    public HashSet<string> Revoked { get; } = [];

    /// <summary>The token endpoint answers when this is done.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int LifeSeconds { get; set; } = 3600;

    /// <summary>The credentials file of a service account whose key was made for this run.</summary>
    public static string ServiceAccount(string tokenUri = "https://token.example/token") =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["type"] = "service_account",
                ["project_id"] = "p-1",
                ["private_key_id"] = "kid-1",
                ["private_key"] = Key.ExportPkcs8PrivateKeyPem(),
                ["client_email"] = "robot@p-1.iam.gserviceaccount.com",
                ["token_uri"] = tokenUri,
            }
        );

    public static bool IsSigned(string assertion)
    {
        var parts = assertion.Split('.');
        return Key.VerifyData(
            Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]),
            System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
    }

    public static JsonElement Part(string assertion, int index) =>
        JsonDocument
            .Parse(System.Buffers.Text.Base64Url.DecodeFromChars(assertion.Split('.')[index]))
            .RootElement;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        if (request.RequestUri!.Host.Contains("token", StringComparison.Ordinal))
            return await HandOutAsync(body, cancellationToken);
        Calls.Enqueue((request.RequestUri, request.Headers.Authorization, body));
        return Revoked.Contains(request.Headers.Authorization?.Parameter ?? "")
            ? Answer(
                HttpStatusCode.Unauthorized,
                """{"error":{"code":401,"message":"Invalid credential","status":"UNAUTHENTICATED"}}"""
            )
            : Answer(
                HttpStatusCode.OK,
                """{"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"finishReason":"STOP"}]}"""
            );
    }

    private async Task<HttpResponseMessage> HandOutAsync(
        string body,
        CancellationToken cancellationToken
    )
    {
        Forms.Enqueue(
            body.Split('&')
                .Select(static pair => pair.Split('=', 2))
                .ToDictionary(
                    static pair => Uri.UnescapeDataString(pair[0]),
                    static pair => Uri.UnescapeDataString(pair[1])
                )
        );
        await Gate.WaitAsync(cancellationToken);
        return Refusal is var (status, text)
            ? Answer(status, text)
            : Answer(
                HttpStatusCode.OK,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"access_token":"t{{Interlocked.Increment(ref _tokens)}}","expires_in":{{LifeSeconds}},"token_type":"Bearer"}"""
                )
            );
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
