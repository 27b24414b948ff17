using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dragoman.Tests.Forwarding;

/// <summary>A provider that answers every call with the same bytes, as an event stream whose end is the connection's.</summary>
internal sealed class ScriptedUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;

    public ScriptedUpstream(
        string body,
        string head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    )
    {
        _answer = Encoding.UTF8.GetBytes(head + body);
        _listener.Start();
        _ = ServeAsync();
    }

    public string BaseUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1";

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                await ReadRequestAsync(stream);
                await stream.WriteAsync(_answer);
                client.Client.Shutdown(SocketShutdown.Send);
                // The client closes when it has read to the end; closing first could reset what is on its way.
                while (await stream.ReadAsync(new byte[1024]) > 0)
                    continue;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private static async Task ReadRequestAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (
            !Encoding.ASCII.GetString(head.ToArray()).EndsWith("\r\n\r\n", StringComparison.Ordinal)
        )
        {
            await stream.ReadExactlyAsync(one);
            head.Add(one[0]);
        }
        var length = Encoding
            .ASCII.GetString(head.ToArray())
            .Split("\r\n")
            .First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        await stream.ReadExactlyAsync(
            new byte[int.Parse(length[15..], System.Globalization.CultureInfo.InvariantCulture)]
        );
    }
}
