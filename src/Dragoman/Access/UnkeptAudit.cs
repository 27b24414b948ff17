namespace Dragoman.Access;

/// <summary>Keeps nothing: for gateways that have nobody to answer to.</summary>
internal sealed class UnkeptAudit : IAuditTrail
{
    public ValueTask AppendAsync(
        AuditEvent happened,
        CancellationToken cancellationToken = default
    ) => ValueTask.CompletedTask;
}
