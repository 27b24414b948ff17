using System.Net;
using System.Net.Sockets;

namespace Dragoman.Providers;

/// <summary>What an address tells about where it leads: into the house, or back to ourselves.</summary>
internal static class HouseAddress
{
    /// <summary>
    /// Endings that public DNS does not have: RFC 6761 (localhost), 6762 (local), 8375 (home.arpa), and <c>internal</c>, which
    /// ICANN reserved for private use in 2024 and Docker uses (host.docker.internal); routers' own <c>lan</c>.
    /// </summary>
    private static readonly string[] PrivateEndings =
    [
        ".localhost",
        ".local",
        ".home.arpa",
        ".internal",
        ".lan",
    ];

    /// <summary>
    /// Loopback and private addresses, and names without a dot, which a container or a machine of the house has: what is sent
    /// there does not leave the house.
    /// </summary>
    public static bool IsLocal(Uri address) =>
        IPAddress.TryParse(address.IdnHost, out var ip)
            ? IsInHouse(ip)
            : IsThisMachine(address) || !address.IdnHost.Contains('.');

    /// <summary>Loopback, private and link-local.</summary>
    public static bool IsInHouse(IPAddress ip)
    {
        if (ip.IsIPv4MappedToIPv6)
            ip = ip.MapToIPv4();
        if (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            return true;
        if (ip.AddressFamily is AddressFamily.InterNetworkV6)
            return ip.IsIPv6UniqueLocal || ip.IsIPv6LinkLocal;
        var bytes = ip.GetAddressBytes();
        return bytes[0] is 10
            || bytes is [172, >= 16 and <= 31, ..]
            || bytes is [192, 168, ..]
            || bytes is [169, 254, ..];
    }

    /// <summary>A name that no server outside can have: one without a dot, or with an ending that is not public.</summary>
    public static bool IsPrivateName(string host) =>
        host.Length > 0
        && (
            !host.Contains('.')
            || Array.Exists(
                PrivateEndings,
                ending => host.EndsWith(ending, StringComparison.OrdinalIgnoreCase)
            )
        );

    /// <summary>True where a call to it would come back to this server.</summary>
    public static bool LeadsBack(Uri address, IReadOnlyCollection<int> ownPorts) =>
        ownPorts.Contains(address.Port) && IsThisMachine(address);

    private static bool IsThisMachine(Uri address)
    {
        var host = address.IdnHost;
        if (
            host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        )
            return true;
        return IPAddress.TryParse(host, out var ip)
            && (
                IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)
                || ip.Equals(IPAddress.Any)
                || ip.Equals(IPAddress.IPv6Any)
            );
    }
}
