using Dragoman.Configuration.Stored;
using Dragoman.TestKit;

namespace Dragoman.Tests.Configuration.Stored;

public sealed class InMemoryConfigurationStoreTests : ConfigurationStoreContract
{
    protected override IConfigurationStore Store { get; } = new InMemoryConfigurationStore();
}
