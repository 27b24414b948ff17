using Dragoman.Access;
using Dragoman.TestKit;

namespace Dragoman.Tests.Access;

public sealed class InMemoryKeyStoreTests : KeyStoreContract
{
    private protected override IKeyStore Store { get; } = new InMemoryKeyStore();
}
