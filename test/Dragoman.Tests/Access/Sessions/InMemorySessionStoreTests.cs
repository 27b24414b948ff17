using Dragoman.Access.Sessions;
using Dragoman.TestKit;

namespace Dragoman.Tests.Access.Sessions;

public sealed class InMemorySessionStoreTests : SessionStoreContract
{
    private protected override ISessionStore Store { get; } = new InMemorySessionStore();
}
