using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Hosting;

public sealed class ServerOptionsTests
{
    [Fact]
    public void Environment_Empty_GivesTheDefaults()
    {
        var options = ServerOptions.FromEnvironment(static _ => null);

        options.Port.ShouldBe(8007);
        options.AdminKey.ShouldBeNull();
        options.MaxBodyBytes.ShouldBe(32 * 1024 * 1024);
        options.DrainTime.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("PORT", "eighty")]
    [InlineData("PORT", "70000")]
    [InlineData("DRAGOMAN_MAX_BODY_MB", "-1")]
    [InlineData("DRAGOMAN_DRAIN_SECONDS", "1.5")]
    public void Environment_Nonsense_IsAnErrorThatNamesTheVariable(string name, string value)
    {
        var error = Should.Throw<ServerStartException>(() =>
            ServerOptions.FromEnvironment(asked => asked == name ? value : null)
        );

        error.Message.ShouldContain(name);
        error.Message.ShouldContain(value);
    }

    [Fact]
    public void Environment_BlankKey_IsNoKey()
    {
        var options = ServerOptions.FromEnvironment(static name =>
            name == "DRAGOMAN_ADMIN_KEY" ? "  " : null
        );

        options.AdminKey.ShouldBeNull();
    }

    [Fact]
    public void Options_Printed_DoNotShowTheKey()
    {
        var options = ServerOptions.FromEnvironment(static name =>
            name == "DRAGOMAN_ADMIN_KEY" ? "dk-hidden" : null
        );

        options.ToString().ShouldNotContain("dk-hidden");
    }
}
