using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dragoman.Providers.Vertex;

/// <summary>
/// What a Google credentials file says: a service account, which signs its own assertions, or a user's leave, which is renewed
/// (developers.google.com/identity/protocols/oauth2/service-account, seen 2026-11). It shows none of its secrets.
/// </summary>
internal sealed class GoogleCredential
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const string UsualTokenAddress = "https://oauth2.googleapis.com/token";

    /// <summary>The longest an assertion may live.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly Dictionary<string, string> _fields;

    private GoogleCredential(Dictionary<string, string> fields) => _fields = fields;

    /// <summary>Where tokens are asked for.</summary>
    public Uri TokenAddress { get; private init; } = new(UsualTokenAddress);

    /// <summary>The project it belongs to; null where it does not say.</summary>
    public string? Project =>
        _fields.GetValueOrDefault("project_id") ?? _fields.GetValueOrDefault("quota_project_id");

    /// <summary>Reads the JSON itself, or the file of that name.</summary>
    /// <exception cref="UnusableCredentialException">It cannot be read, or is of a kind that is not supported.</exception>
    public static GoogleCredential Read(string jsonOrPath)
    {
        var fields = Fields(
            jsonOrPath.AsSpan().TrimStart().StartsWith("{") ? jsonOrPath : FileText(jsonOrPath)
        );
        var type = fields.GetValueOrDefault("type");
        string[] wanted = type switch
        {
            "service_account" => ["client_email", "private_key"],
            "authorized_user" => ["client_id", "client_secret", "refresh_token"],
            _ => throw new UnusableCredentialException(
                "The credentials are neither of a service account nor of an authorized user."
            ),
        };
        foreach (var name in wanted)
        {
            if (!fields.ContainsKey(name))
                throw new UnusableCredentialException($"The credentials lack {name}.");
        }
        return new GoogleCredential(fields) { TokenAddress = AddressOf(fields) };
    }

    /// <summary>The form that asks for a token.</summary>
    public FormUrlEncodedContent Ask(DateTimeOffset now) =>
        _fields["type"] == "service_account"
            ? new FormUrlEncodedContent([
                new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                new("assertion", Assertion(now)),
            ])
            : new FormUrlEncodedContent([
                new("grant_type", "refresh_token"),
                new("client_id", _fields["client_id"]),
                new("client_secret", _fields["client_secret"]),
                new("refresh_token", _fields["refresh_token"]),
            ]);

    private string Assertion(DateTimeOffset now)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = _fields["client_email"],
            ["scope"] = Scope,
            ["aud"] = TokenAddress.AbsoluteUri,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
        };
        var header = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["alg"] = "RS256",
            ["typ"] = "JWT",
        };
        if (_fields.TryGetValue("private_key_id", out var id))
            header["kid"] = id;
        var signed = Encoded(header) + "." + Encoded(claims);
        return signed + "." + Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(signed)));
    }

    private byte[] Sign(byte[] text)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(_fields["private_key"]);
            return key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new UnusableCredentialException("The credentials' private_key is no key.", e);
        }
    }

    private static string Encoded(Dictionary<string, object> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (value is long number)
                    json.WriteNumber(name, number);
                else
                    json.WriteString(name, (string)value);
            }
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.ToArray());
    }

    private static string FileText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or ArgumentException
                        or NotSupportedException
            )
        {
            // Not named: it may be a key that stands where a file should.
            throw new UnusableCredentialException("The credentials file cannot be read.", e);
        }
    }

    private static Dictionary<string, string> Fields(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
            {
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    if (member.Value.ValueKind is JsonValueKind.String)
                        fields[member.Name] = member.Value.GetString()!;
                }
            }
            return fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UnusableCredentialException("The credentials are not valid JSON.");
        }
    }

    private static Uri AddressOf(Dictionary<string, string> fields)
    {
        if (!fields.TryGetValue("token_uri", out var text))
            return new Uri(UsualTokenAddress);
        // Whoever stands there gets what opens the account.
        return
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
            ? address
            : throw new UnusableCredentialException(
                "The credentials' token_uri is no https address."
            );
    }
}
