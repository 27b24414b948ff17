using System.Net;
using System.Net.Sockets;

namespace Dragoman.Server.Tests.Hosting;

/// <summary>A port that was free a moment ago, for tests that must know it before the server starts.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
