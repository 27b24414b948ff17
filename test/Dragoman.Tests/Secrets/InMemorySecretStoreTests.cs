using Dragoman.Secrets;
using Dragoman.TestKit;

namespace Dragoman.Tests.Secrets;

public sealed class InMemorySecretStoreTests : SecretStoreContract
{
    protected override ISecretStore Store { get; } = new InMemorySecretStore();
}
