using System.CommandLine;

namespace Dragoman.Cli.Commands;

/// <summary><c>--json</c>.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() =>
        new("--json") { Description = "Print one JSON document and nothing else" };
}
