using System.Globalization;
using System.Net;
using Dragoman.Canonical;
using Dragoman.Providers.ChatClients;
using Microsoft.Extensions.Logging;

namespace Dragoman.Server;

/// <summary>How this process serves: its address, key and limits. What it serves is the configuration file's.</summary>
public sealed record ServerOptions
{
    public const int DefaultPort = 8007;

    /// <summary><c>localhost</c> (both loopback addresses), an IP address, or <c>*</c> for all of them.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>0 takes a free one on 127.0.0.1.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Adds the simulated provider <c>demo</c>.</summary>
    public bool Demo { get; init; }

    /// <summary>The configuration file; null looks in the working directory.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Where the configuration file is looked for.</summary>
    public string WorkingDirectory { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Looks for Ollama and LM Studio on this machine.</summary>
    public bool LookForLocalServers { get; init; } = true;

    /// <summary>How often these are asked again what they have.</summary>
    public TimeSpan AskLocalServersEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Asks each provider for its models at the start, and once a minute while it is in use, to see whether it is there.</summary>
    public bool ProbeProviders { get; init; } = true;

    /// <summary>Tells the time to all that is served.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What counts as an address in the house; null is loopback, private and link-local.</summary>
    internal Func<IPAddress, bool>? IsInHouse { get; init; }

    /// <summary>Clients in this process that are to be providers.</summary>
    public IReadOnlyList<ChatClientProvider> ChatClients { get; init; } = [];

    /// <summary>A key that administers the server, whatever others exist; where there is none at all, the server is open to this machine.</summary>
    public SecretText? AdminKey { get; init; }

    /// <summary>The largest request body, in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>How long running answers may take to end when the server is told to stop.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One log line per exchange; never its content.</summary>
    public bool LogRequests { get; init; }

    /// <summary>The least that is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Log lines as JSON instead of plain text.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Where further settings come from: the process's environment, or a test's own.</summary>
    public Func<string, string?> Environment { get; init; } =
        System.Environment.GetEnvironmentVariable;

    /// <summary>What the environment says; a value that makes no sense is an error, not a default.</summary>
    /// <exception cref="ServerStartException">A variable holds something unusable.</exception>
    public static ServerOptions FromEnvironment(Func<string, string?> environment)
    {
        var defaults = new ServerOptions { Environment = environment };
        return defaults with
        {
            Port = (int)Number("PORT", defaults.Port, 0, 65_535),
            AdminKey =
                environment("DRAGOMAN_ADMIN_KEY") is { } key && !string.IsNullOrWhiteSpace(key)
                    ? new SecretText(key.Trim())
                    : null,
            MaxBodyBytes =
                Number("DRAGOMAN_MAX_BODY_MB", defaults.MaxBodyBytes >> 20, 1, 1024) << 20,
            DrainTime = TimeSpan.FromSeconds(
                Number("DRAGOMAN_DRAIN_SECONDS", (long)defaults.DrainTime.TotalSeconds, 0, 3600)
            ),
            LogRequests = Switch("DRAGOMAN_LOG_REQUESTS"),
            LogLevel = Level("DRAGOMAN_LOG_LEVEL", defaults.LogLevel),
            JsonLog = string.Equals(
                environment("DRAGOMAN_LOG_FORMAT"),
                "json",
                StringComparison.OrdinalIgnoreCase
            ),
        };

        long Number(string name, long fallback, long least, long most)
        {
            if (environment(name) is not { Length: > 0 } text)
                return fallback;
            return
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least
                && number <= most
                ? number
                : throw new ServerStartException(
                    $"{name} is '{text}'; it must be a whole number from {least} to {most}"
                );
        }

        LogLevel Level(string name, LogLevel fallback) =>
            environment(name) is not { Length: > 0 } text ? fallback
            : Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) ? level
            : throw new ServerStartException(
                $"{name} is '{text}'; it must be one of: {string.Join(", ", Enum.GetNames<LogLevel>())}"
            );

        bool Switch(string name) =>
            environment(name)?.Trim().ToLowerInvariant() is "1" or "true" or "yes" or "on";
    }

    /// <summary>The address to listen on; null is <c>localhost</c>, which is two.</summary>
    /// <exception cref="ServerStartException">It is no address.</exception>
    internal IPAddress? ListenAddress()
    {
        IPAddress? address = null;
        var isLocalhost = Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        if (!isLocalhost && !IPAddress.TryParse(Host, out address))
        {
            address = Host is "*" or "+"
                ? IPAddress.IPv6Any
                : throw new ServerStartException(
                    $"--host {Host}: not an IP address; give one, 'localhost', or '*' for every address of this machine"
                );
        }
        return isLocalhost && Port == 0 ? IPAddress.Loopback : address;
    }

    /// <summary>Other machines reach it.</summary>
    internal bool IsExposed => ListenAddress() is { } address && !IPAddress.IsLoopback(address);

    /// <summary>Why it does not start: others reach it, and no key protects it.</summary>
    internal ServerStartException Unprotected() =>
        new(
            $"--host {Host} is reachable from other machines, and no key protects this server: make one "
                + "(dragoman keys create NAME --role admin) or set DRAGOMAN_ADMIN_KEY, or leave --host away to serve this machine only"
        );
}

/// <summary>Why the server cannot start, in words for the one who started it.</summary>
public sealed class ServerStartException(string message, Exception? inner = null)
    : Exception(message, inner);
