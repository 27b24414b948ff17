using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;

namespace Dragoman.Server.Tests.Hosting;

/// <summary>Sees every connection that this process begins, and every name that it looks up.</summary>
internal sealed class SocketWatch : EventListener
{
    private readonly ConcurrentQueue<IPAddress> _connects = new();
    private readonly ConcurrentQueue<string> _names = new();

    /// <summary>Addresses that were connected to, whether or not they took the connection.</summary>
    public IReadOnlyCollection<IPAddress> Connects => _connects;

    /// <summary>Names that were looked up.</summary>
    public IReadOnlyCollection<string> Names => _names;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name is "System.Net.Sockets" or "System.Net.NameResolution")
            EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var text = eventData.Payload is [string said, ..] ? said : null;
        if (text is null)
            return;
        switch (eventData.EventName)
        {
            case "ConnectStart":
                _connects.Enqueue(Address(text));
                break;
            case "ResolutionStart":
                _names.Enqueue(text);
                break;
        }
    }

    /// <summary>A socket address as the runtime writes it: <c>InterNetwork:16:{port,port,a,b,c,d,…}</c>.</summary>
    private static IPAddress Address(string text)
    {
        var bytes = text[(text.IndexOf('{', StringComparison.Ordinal) + 1)..^1]
            .Split(',')
            .Select(static part => byte.Parse(part, CultureInfo.InvariantCulture))
            .ToArray();
        var address = text.StartsWith("InterNetworkV6", StringComparison.Ordinal)
            ? new IPAddress(bytes[6..22])
            : new IPAddress(bytes[2..6]);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}

/// <summary>Tests that look at what the whole process does: alone.</summary>
[Xunit.CollectionDefinition(Name, DisableParallelization = true)]
public static class WholeProcess
{
    public const string Name = "whole process";
}
