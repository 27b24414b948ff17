using Dragoman.Access.Auditing;
using Dragoman.TestKit;

namespace Dragoman.Tests.Access.Auditing;

public sealed class InMemoryAuditStoreTests : AuditStoreContract
{
    private protected override IAuditStore Store { get; } = new InMemoryAuditStore();
}
