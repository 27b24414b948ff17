using Dragoman.Access;
using Microsoft.AspNetCore.Http;

namespace Dragoman.Server.Admin;

/// <summary>Who asks for a change and from where, for the audit trail.</summary>
internal static class Origin
{
    private const int LongestAgent = 200;

    /// <summary>What happened, with what the request tells of who did it.</summary>
    public static AuditEvent Audit(
        HttpContext context,
        string action,
        string? subject,
        string? before = null,
        string? after = null
    ) =>
        new()
        {
            Who = context.Features.Get<Caller>(),
            Address = context.Connection.RemoteIpAddress?.ToString(),
            UserAgent = context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent
                ? agent[..Math.Min(agent.Length, LongestAgent)]
                : null,
            Action = action,
            Subject = subject,
            Before = before,
            After = after,
        };
}
