using System.CommandLine;
using Dragoman.Administration;
using Dragoman.Cli.Terminals;

namespace Dragoman.Cli.Links;

/// <summary><c>--url</c> and <c>--api-key</c> of a command, and the way to whom it asks.</summary>
internal sealed class Connection
{
    private readonly Terminal _terminal;

    private readonly Option<string?> _url = new("--url")
    {
        Description = "The server (default: DRAGOMAN_URL, or http://localhost:8007)",
        HelpName = "URL",
    };

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = "The key for it (default: DRAGOMAN_API_KEY)",
        HelpName = "KEY",
    };

    public Connection(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_url);
        command.Add(_apiKey);
    }

    /// <summary>The server; where none was named and none answers at the usual place, a gateway in this process.</summary>
    public async Task<IGatewayLink> OpenAsync(
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        var address = Address(parsed);
        if (address.IsNamed || await address.LookAsync(cancellationToken) is Presence.Dragoman)
            return new ServerLink(address);
        _terminal.Remark($"No server at {Shown(address.Url)}: asking from this process.");
        return ProcessLink.Open(_terminal.Environment);
    }

    /// <summary>The server: what is asked of it is known nowhere else.</summary>
    public async Task<ServerLink> ToServerAsync(
        ParseResult parsed,
        CancellationToken cancellationToken
    ) => new(await ServerAsync(parsed, cancellationToken));

    /// <summary>The server's administration.</summary>
    public async Task<AdminClient> ToAdminAsync(
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        var address = await ServerAsync(parsed, cancellationToken);
        return new AdminClient(address.Url, address.ApiKey?.Reveal());
    }

    private async Task<ServerAddress> ServerAsync(
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        var address = Address(parsed);
        if (!address.IsNamed && await address.LookAsync(cancellationToken) is not Presence.Dragoman)
            throw new CommandFailure(
                $"no server answers at {Shown(address.Url)}, and only a server keeps these",
                "Start one (dragoman serve), or name one with --url or DRAGOMAN_URL.",
                ExitCodes.Unreachable
            );
        return address;
    }

    /// <summary>The server's keys; where none was named and none answers at the usual place, those in the database of this machine.</summary>
    public async Task<IKeysLink> ToKeysAsync(
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        var address = Address(parsed);
        if (address.IsNamed || await address.LookAsync(cancellationToken) is Presence.Dragoman)
            return new KeysLink(address);
        var local = await LocalKeys.OpenAsync(_terminal.Environment, cancellationToken);
        _terminal.Remark($"No server at {Shown(address.Url)}: using {local.Path} itself.");
        return local;
    }

    /// <summary>Where the server is said to be.</summary>
    public ServerAddress Address(ParseResult parsed) =>
        ServerAddress.Of(
            parsed.GetValue(_url),
            parsed.GetValue(_apiKey),
            _terminal.Environment,
            _terminal.UsualServer
        );

    private static string Shown(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
