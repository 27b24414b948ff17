using Dragoman.Configuration;
using Dragoman.Server;

namespace Dragoman.Cli.Commands;

/// <summary>What someone who started the server wants to see first: where it is, what it found, and one line to try.</summary>
internal static class ServeBanner
{
    public static async Task WriteAsync(
        TextWriter output,
        GatewayServer server,
        ServerOptions options
    )
    {
        await server.LocalServersLookedFor;
        var address = server.Address.GetLeftPart(UriPartial.Authority);
        var access =
            server.IsOpen ? "for this machine only, as there is no key (dragoman keys create)"
            : options.AdminKey is null ? "for whoever holds one of its keys"
            : "for whoever holds one of its keys or the one in DRAGOMAN_ADMIN_KEY";
        await output.WriteLineAsync($"\nDragoman serves {address}, {access}.");
        await output.WriteLineAsync(
            $"Configuration: {server.Configuration.File ?? "no file; the environment's"}\n"
        );
        foreach (var finding in server.Configuration.Findings)
            await output.WriteLineAsync(Line(finding));
        await output.WriteLineAsync(Try(server, address, options));
    }

    private static string Line(ProviderFinding finding) =>
        $"  {(finding.IsUsable ? "+" : "-")} {finding.Provider, -12} {finding.Source}"
        + (finding.Note is { } note ? $": {note}" : "");

    private static string Try(GatewayServer server, string address, ServerOptions options)
    {
        var model =
            options.Demo ? "demo/swift"
            : server.Configuration.Findings.Any(static finding => finding.IsUsable) ? "auto"
            : null;
        if (model is null)
            return "  No provider was found: set a key such as OPENAI_API_KEY, start Ollama, or add --demo.\n";
        var key =
            server.IsOpen ? ""
            : options.AdminKey is null ? " -H \"Authorization: Bearer $DRAGOMAN_API_KEY\""
            : " -H \"Authorization: Bearer $DRAGOMAN_ADMIN_KEY\"";
        return $$"""

            Try it:
              curl {{address}}/v1/chat/completions{{key}} -H "Content-Type: application/json" -d '{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}'

            """;
    }
}
