using System.Net;
using Dragoman.Providers;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Providers;

public sealed class HouseDoorTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.9.8.7", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.1.1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd12::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2001:4860:4860::8888", false)]
    [InlineData("100.64.0.1", false)]
    public void IsInHouse_AnAddress_IsWhatItIs(string address, bool expected) =>
        HouseAddress.IsInHouse(IPAddress.Parse(address)).ShouldBe(expected);

    [Theory]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://ollama:11434", true)]
    [InlineData("http://host.docker.internal:11434", true)]
    [InlineData("http://nas.local", true)]
    [InlineData("http://gpu.example.com", true)] // named by configuration
    [InlineData("https://api.openai.com/v1", false)]
    [InlineData("https://localhost.evil.example", false)]
    [InlineData("http://internal.example.com", false)]
    [InlineData("http://8.8.8.8", false)]
    [InlineData("http://[fd00::1]:80", true)]
    public void WhyNot_AShutDoor_LetsNoAddressOut(string address, bool isLet)
    {
        var door = new HouseDoor();
        door.WhyNot(new Uri(address)).ShouldBeNull();
        door.Shut(["GPU.example.com"]);

        var reason = door.WhyNot(new Uri(address));

        (reason is null).ShouldBe(isLet);
        reason?.ShouldStartWith("offline mode: ");
        door.Open();
        door.WhyNot(new Uri(address)).ShouldBeNull();
    }

    [Fact]
    public async Task Connect_AHouseNameThatLeadsOutside_IsRefused()
    {
        // Everything counts as outside.
        var door = new HouseDoor(static _ => false);
        door.Shut([]);

        var refused = await Should.ThrowAsync<OfflineException>(async () =>
            await door.ConnectAsync(new DnsEndPoint("localhost", 9), CancellationToken.None)
        );

        refused.Message.ShouldContain("localhost is outside the house");
    }

    [Fact]
    public async Task Send_OverAConnectionFromBeforeItWasShut_IsRefused()
    {
        // 127.0.0.2 stands for a host outside.
        await using var cloud = await HouseServer.OllamaAtAsync("http://127.0.0.2:0");
        await using var own = await HouseServer.OllamaAsync();
        var outside = new Uri(cloud.Address + "/api/tags");
        var inside = new Uri(own.Address + "/api/tags");
        var door = new HouseDoor(static address => !Is127002(address));
        using var client = new HttpClient(
            new HouseDoorHandler(door, static () => new SocketsHttpHandler())
        );
        (await client.GetAsync(outside)).EnsureSuccessStatusCode();
        var asked = cloud.Asked.Count;

        door.Shut([]);

        var refused = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(outside));
        OfflineException.In(refused).ShouldNotBeNull();
        cloud.Asked.Count.ShouldBe(asked);
        (await client.GetAsync(inside)).EnsureSuccessStatusCode();
        client.Send(new HttpRequestMessage(HttpMethod.Get, inside)).EnsureSuccessStatusCode();
        Should.Throw<HttpRequestException>(() =>
            client.Send(new HttpRequestMessage(HttpMethod.Get, outside))
        );

        door.Open();
        (await client.GetAsync(outside)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Send_ThroughAProxyInTheHouse_IsNotASideDoor()
    {
        await using var proxy = await HouseServer.OpenAIAsync("m");
        var door = new HouseDoor();
        using var client = new HttpClient(
            new HouseDoorHandler(
                door,
                () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }
            )
        );
        await client.GetAsync(new Uri("http://cloud.example/v1/models"));
        var asked = proxy.Asked.Count;
        asked.ShouldBe(1);

        door.Shut([]);

        await Should.ThrowAsync<HttpRequestException>(() =>
            client.GetAsync(new Uri("http://cloud.example/v1/models"))
        );
        proxy.Asked.Count.ShouldBe(asked);
    }

    private static bool Is127002(IPAddress address) =>
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).Equals(
            IPAddress.Parse("127.0.0.2")
        );
}
