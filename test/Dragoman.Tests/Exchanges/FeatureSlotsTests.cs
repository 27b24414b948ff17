using Dragoman.Exchanges;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Exchanges;

public sealed class FeatureSlotsTests
{
    [Fact]
    public void Get_NothingSet_IsNull() => new FeatureSlots().Get<A>().ShouldBeNull();

    [Fact]
    public void Set_MoreThanTheSlots_AllAreFoundAndReplaced()
    {
        var slots = new FeatureSlots();
        slots.Set(new A());
        slots.Set(new B());
        slots.Set(new C());
        slots.Set(new D());
        slots.Set(new E());
        slots.Set(new F());
        var (first, last) = (new A(), new F());

        slots.Set(first);
        slots.Set(last);

        slots.Get<A>().ShouldBeSameAs(first);
        slots.Get<B>().ShouldNotBeNull();
        slots.Get<D>().ShouldNotBeNull();
        slots.Get<E>().ShouldNotBeNull();
        slots.Get<F>().ShouldBeSameAs(last);
    }

    private sealed class A;

    private sealed class B;

    private sealed class C;

    private sealed class D;

    private sealed class E;

    private sealed class F;
}
