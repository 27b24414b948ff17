using System.Net;
using System.Net.Sockets;
using Dragoman.Guardrails;
using Dragoman.Providers;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Providers;

public sealed class PrivateUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1/a.png")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0/")]
    [InlineData("http://10.1.2.3:8080/x")]
    [InlineData("http://172.31.255.1/")]
    [InlineData("https://192.168.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://100.100.100.200/latest/meta-data/")]
    [InlineData("http://198.18.0.1/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("http://[::7f00:1]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://gpu/")]
    [InlineData("http://example.com@127.0.0.1/")]
    [InlineData("http://example.com\\@127.0.0.1/")]
    [InlineData("http://１２７.0.0.1/")]
    [InlineData(" http://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("ftp://example.com/a")]
    [InlineData("not an address")]
    public void WhyNot_LeadsIntoTheHouse_IsTold(string url) =>
        PrivateUrl.WhyNot(url, out _).ShouldNotBeNull();

    [Theory]
    [InlineData("https://example.com/cat.png?size=10", "example.com")]
    [InlineData("https://bücher.example/", "xn--bcher-kva.example")]
    [InlineData("http://8.8.8.8/", null)]
    [InlineData("https://[2606:4700::1111]/", null)]
    [InlineData("data:image/png;base64,AAAA", null)]
    [InlineData("gs://bucket/file", null)]
    public void WhyNot_LeadsElsewhere_TellsTheNameToLookUp(string url, string? name)
    {
        PrivateUrl.WhyNot(url, out var found).ShouldBeNull();
        found.ShouldBe(name);
    }

    [Theory]
    [InlineData("93.184.216.34", false)]
    [InlineData("10.0.0.7", true)]
    [InlineData("93.184.216.34 ::ffff:127.0.0.1", true)]
    public async Task Hosts_LookedUp_AreJudgedByEveryAddress(string addresses, bool refused)
    {
        var asked = 0;
        var hosts = new FetchedHosts(["cdn.example"]);

        for (var i = 0; i < 2; i++)
            (
                (await hosts.WhyNotAsync(LookUp, TestContext.Current.CancellationToken)) is not null
            ).ShouldBe(refused);

        asked.ShouldBe(1);

        Task<IPAddress[]> LookUp(string name, CancellationToken cancellationToken)
        {
            asked++;
            name.ShouldBe("cdn.example");
            return Task.FromResult(addresses.Split(' ').Select(IPAddress.Parse).ToArray());
        }
    }

    [Fact]
    public async Task Hosts_NobodyKnows_AreLeftToWhoConnects() =>
        (
            await new FetchedHosts(["nowhere.example"]).WhyNotAsync(
                static (_, _) => throw new SocketException((int)SocketError.HostNotFound),
                TestContext.Current.CancellationToken
            )
        ).ShouldBeNull();
}
