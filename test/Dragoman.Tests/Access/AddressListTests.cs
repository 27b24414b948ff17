using System.Net;
using Dragoman.Access;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.1.2", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("192.168.1.7", "192.168.1.7", true)]
    [InlineData("192.168.1.7", "192.168.1.8", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", true)]
    [InlineData("2001:db8::/32", "2001:db9::5", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.9.9.9", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::1", "127.0.0.1", false)]
    public void Contains_AnAddress_IsAsWritten(string network, string address, bool contains) =>
        AddressList.Of([network]).Contains(IPAddress.Parse(address)).ShouldBe(contains);

    [Fact]
    public void Contains_ItsSecondNetworkOrNobody_IsSo()
    {
        var list = AddressList.Of(["10.0.0.0/8", "192.168.0.0/16"]);

        list.Contains(IPAddress.Parse("192.168.3.4")).ShouldBeTrue();
        list.Contains(null).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a000001")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("10.0.0.0/8 ")]
    public void TryRead_WhatIsNeither_SaysSo(string text) =>
        AddressList.TryRead([text], out _).ShouldNotBeNull().ShouldContain($"'{text}'");
}
