using System.Net;
using System.Net.Sockets;

namespace Dragoman.Access;

/// <summary>Addresses from which a key may be used: single ones and networks (<c>10.0.0.0/8</c>), of IPv4 and IPv6.</summary>
internal sealed class AddressList
{
    /// <summary>IPv4 addresses as IPv6 writes them (::ffff:0:0/96) are meant as the IPv4 ones they are.</summary>
    private const int MappedBits = 96;

    private readonly IPNetwork[] _networks;

    private AddressList(IReadOnlyList<string> texts, IPNetwork[] networks) =>
        (Texts, _networks) = (texts, networks);

    /// <summary>As they were written.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Null where all are understood; else what is wrong with the first that is not.</summary>
    public static string? TryRead(IReadOnlyList<string> texts, out AddressList? list)
    {
        list = null;
        var networks = new IPNetwork[texts.Count];
        for (var i = 0; i < networks.Length; i++)
        {
            if (Read(texts[i]) is not { } network)
                return $"'{texts[i]}' is neither an IP address nor a network such as 10.0.0.0/8 or 2001:db8::/32 (whose bits behind the prefix must be zero)";
            networks[i] = network;
        }
        list = new AddressList(texts, networks);
        return null;
    }

    /// <summary>As they were stored: what is stored was read before.</summary>
    public static AddressList Of(IReadOnlyList<string> texts) =>
        TryRead(texts, out var list) is { } wrong ? throw new FormatException(wrong) : list!;

    /// <summary>Whether an address is among them; where nobody knows the address, it is not.</summary>
    public bool Contains(IPAddress? address)
    {
        if (address is null)
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var network in _networks)
            if (network.Contains(address))
                return true;
        return false;
    }

    private static IPNetwork? Read(string text)
    {
        if (!text.Contains('/', StringComparison.Ordinal))
        {
            // Short forms such as 10.1 or 0x0a are addresses to the parser, and traps to people.
            if (!IPAddress.TryParse(text, out var single) || !IsPlain(text, single))
                return null;
            if (single.IsIPv4MappedToIPv6)
                single = single.MapToIPv4();
            return new IPNetwork(
                single,
                single.AddressFamily == AddressFamily.InterNetwork ? 32 : 128
            );
        }
        if (
            !IPNetwork.TryParse(text, out var network)
            || !IsPlain(text[..text.IndexOf('/', StringComparison.Ordinal)], network.BaseAddress)
        )
            return null;
        return network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
            : network;
    }

    private static bool IsPlain(string text, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? !text.Contains('%', StringComparison.Ordinal)
                && !text.Contains('[', StringComparison.Ordinal)
            : address.ToString() == text;
}
