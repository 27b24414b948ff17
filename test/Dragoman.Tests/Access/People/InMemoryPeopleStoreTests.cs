using Dragoman.Access.People;
using Dragoman.TestKit;

namespace Dragoman.Tests.Access.People;

public sealed class InMemoryPeopleStoreTests : PeopleStoreContract
{
    private protected override IPeopleStore Store { get; } = new InMemoryPeopleStore();
}
