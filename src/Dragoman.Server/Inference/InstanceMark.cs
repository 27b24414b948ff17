using System.Security.Cryptography;
using Dragoman.Canonical;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Inference;

/// <summary>
/// This process's own mark in the header <c>x-dragoman-instance</c>, sent upstream behind the marks of those before us. A
/// request that carries it was sent by us: a base URL leads back here.
/// </summary>
internal sealed class InstanceMark
{
    public const string Header = "x-dragoman-instance";

    private static readonly GatewayError Loop = new(
        GatewayErrorKind.Loop,
        "The request came back to the server that sent it: a provider's base_url leads back to this server."
    )
    {
        Code = "loop_detected",
    };

    /// <summary>Random for each process, so that chained gateways do not take each other for themselves.</summary>
    public string Value { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The error where the request is our own.</summary>
    public GatewayError? Check(HttpRequest request)
    {
        foreach (var marks in request.Headers[Header])
        {
            if (marks is not null && marks.Contains(Value, StringComparison.OrdinalIgnoreCase))
                return Loop;
        }
        return null;
    }
}
