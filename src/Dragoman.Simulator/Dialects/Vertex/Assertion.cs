using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Dragoman.Simulator.Dialects.Vertex;

/// <summary>Judges the signed assertion of a service account.</summary>
internal static class Assertion
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    // Google lets a clock be a few minutes ahead.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with it; null where nothing is. The signature is looked at where there is a key, in PEM.</summary>
    public static string? Mistake(string assertion, string? key, DateTimeOffset now)
    {
        var parts = assertion.Split('.');
        if (parts.Length != 3 || parts[2].Length == 0)
            return "The assertion is not a signed JWT.";
        try
        {
            using var header = JsonDocument.Parse(WebEncoders.Base64UrlDecode(parts[0]));
            using var claims = JsonDocument.Parse(WebEncoders.Base64UrlDecode(parts[1]));
            if (header.RootElement.Text("alg") != "RS256")
                return "Invalid JWT: the algorithm must be RS256.";
            if (Claims(claims.RootElement, now) is { } mistake)
                return mistake;
            return key is null || IsSigned(parts, key) ? null : "Invalid JWT Signature.";
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return "The assertion cannot be read.";
        }
    }

    private static string? Claims(JsonElement claims, DateTimeOffset now)
    {
        foreach (var name in new[] { "iss", "scope", "aud" })
        {
            if (string.IsNullOrEmpty(claims.Text(name)))
                return $"Invalid JWT: '{name}' is missing.";
        }
        if (claims.Number("iat") is not { } issued || claims.Number("exp") is not { } ends)
            return "Invalid JWT: 'iat' or 'exp' is missing.";
        var seconds = now.ToUnixTimeSeconds();
        return
            ends <= seconds
            || issued > seconds + Ahead.TotalSeconds
            || ends - issued > LongestLife.TotalSeconds
            ? "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."
            : null;
    }

    private static bool IsSigned(string[] parts, string key)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key);
        return rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            WebEncoders.Base64UrlDecode(parts[2]),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
    }
}
