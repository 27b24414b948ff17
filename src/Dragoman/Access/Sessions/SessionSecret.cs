using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dragoman.Access.Sessions;

/// <summary>The secret in a cookie: 256 drawn bits, and what is made of them.</summary>
internal static class SessionSecret
{
    /// <summary>43 letters of base64url.</summary>
    public const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of it.</summary>
    public static string HashOf(string secret) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>
    /// The token that its changes must bring along. A page of another site cannot read it, nor make it without the cookie's secret, and
    /// that of another session does not do.
    /// </summary>
    public static string CsrfTokenOf(string secret) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "dragoman csrf"u8)
        );

    public static bool IsCsrfTokenOf(string secret, string token) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(CsrfTokenOf(secret)),
            Encoding.UTF8.GetBytes(token)
        );

    /// <summary>An id of 80 drawn bits, e.g. <c>ses_4gk0…</c>.</summary>
    public static string NewId(string prefix)
    {
        const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
        return prefix + RandomNumberGenerator.GetString(Letters, 16);
    }
}
