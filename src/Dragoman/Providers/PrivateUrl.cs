using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dragoman.Providers;

/// <summary>
/// Addresses that lead to where only the house should reach: loopback, private and link-local networks, and the metadata services
/// of clouds that answer there. Who fetches one for a stranger shows the stranger what stands there.
/// </summary>
public static class PrivateUrl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Why a base URL that somebody entered may not be taken, its name looked up; null where it may, and where the name cannot be
    /// found, which whoever connects will tell. A provider of a file needs no leave, one that is entered does unless it says <c>allow_private: true</c>.
    /// </summary>
    public static async ValueTask<string?> WhyNotAsync(
        Uri address,
        CancellationToken cancellationToken = default
    ) =>
        WhyNot(address.OriginalString, out var name)
        ?? (
            name is null
                ? null
                : await WhyNotNameAsync(name, Dns.GetHostAddressesAsync, cancellationToken)
        );

    /// <summary>Why an address leads into the house, as far as it says so itself; null where it does not.</summary>
    /// <param name="url">The address, in whatever spelling: decimal, octal and hexadecimal numbers are numbers too.</param>
    /// <param name="name">The name that a look-up alone could tell more of; null where there is none.</param>
    internal static string? WhyNot(string url, out string? name)
    {
        name = null;
        // Readers of addresses do not agree on these: what we take for the host, another may not.
        foreach (var unit in url)
            if (unit is '\\' or <= ' ' or '\u007F')
                return "it holds a character that no address holds";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            return "it is no address";
        switch (address.Scheme)
        {
            // Read in place, or from the provider's own storage.
            case "data" or "gs" or "s3":
                return null;
            case "http" or "https" when address.IdnHost.Length > 0:
                break;
            default:
                return $"its scheme '{Shown(address.Scheme)}' is none that is fetched: http, https, data";
        }
        var host = string.Concat(address.Host.Select(Plain)).TrimEnd('.');
        if (IPAddress.TryParse(host, out var ip))
            return IsPrivate(ip) ? "it leads to a private address" : null;
        if (HouseAddress.IsPrivateName(host))
            return "it names a machine of the house";
        name = host == address.Host.TrimEnd('.') ? address.IdnHost.TrimEnd('.') : host;
        return null;
    }

    /// <summary>Why a name leads into the house; null where it does not, or is not found in two seconds.</summary>
    internal static async ValueTask<string?> WhyNotNameAsync(
        string name,
        Func<string, CancellationToken, Task<IPAddress[]>> lookUp,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var found = await lookUp(name, cancellationToken)
                .WaitAsync(Patience, cancellationToken);
            return Array.Exists(found, IsPrivate) ? "its name leads to a private address" : null;
        }
        catch (Exception unknown)
            when (unknown is SocketException or TimeoutException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Anything but an address of the public internet (IANA's special-purpose registries), also one that is wrapped in an IPv6 address.</summary>
    internal static bool IsPrivate(IPAddress ip)
    {
        if (ip.AddressFamily is AddressFamily.InterNetworkV6)
        {
            var six = ip.GetAddressBytes();
            if (Wrapped(six) is { } four)
                return IsPrivate(four);
            return HouseAddress.IsInHouse(ip) || ip.IsIPv6Multicast || ip.IsIPv6SiteLocal;
        }
        var bytes = ip.GetAddressBytes();
        return HouseAddress.IsInHouse(ip)
            || bytes[0] is 0 or >= 224
            // Carriers' own (RFC 6598), with the metadata service of one cloud in it.
            || bytes is [100, >= 64 and <= 127, ..]
            || bytes is [192, 0, 0, ..] or [198, 18 or 19, ..];
    }

    /// <summary>The IPv4 address in a mapped, compatible, NAT64 or 6to4 one; null in any other.</summary>
    private static IPAddress? Wrapped(byte[] six)
    {
        if (six.AsSpan(0, 10).IndexOfAnyExcept((byte)0) < 0)
        {
            if (six[10] == 0xFF && six[11] == 0xFF)
                return new IPAddress(six.AsSpan(12));
            // ::1 and :: are IPv6's own.
            return six[10] == 0 && six[11] == 0 && six[12] != 0
                ? new IPAddress(six.AsSpan(12))
                : null;
        }
        if (
            six.AsSpan(0, 12)
                .SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])
        )
            return new IPAddress(six.AsSpan(12));
        return six[0] == 0x20 && six[1] == 0x02 ? new IPAddress(six.AsSpan(2, 4)) : null;
    }

    /// <summary>Digits, letters and dots of other scripts and widths are plain ones to some (UTS 46), whatever this process knows of cultures.</summary>
    private static char Plain(char unit) =>
        unit is '\u3002' or '\uFF61' ? '.'
        : unit is >= '\uFF01' and <= '\uFF5E' ? (char)(unit - 0xFEE0)
        : CharUnicodeInfo.GetDigitValue(unit) is >= 0 and var digit ? (char)('0' + digit)
        : unit;

    private static string Shown(string scheme) => scheme.Length <= 16 ? scheme : scheme[..16] + "…";
}
