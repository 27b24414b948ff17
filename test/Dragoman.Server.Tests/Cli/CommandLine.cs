using Dragoman.Cli;
using Dragoman.Cli.Terminals;

namespace Dragoman.Server.Tests.Cli;

/// <summary>What a command left behind.</summary>
internal sealed record Ran(int Code, string Out, string Error);

/// <summary>Runs commands in this process, with an environment of their own and everything they write captured.</summary>
internal sealed class CommandLine
{
    /// <summary>Nobody listens there.</summary>
    public static readonly Uri Nowhere = new("http://127.0.0.1:1");

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        // Servers of the machine that runs the tests are none of theirs.
        ["OLLAMA_BASE_URL"] = Nowhere.ToString(),
        ["LMSTUDIO_BASE_URL"] = Nowhere.ToString(),
        ["DRAGOMAN_CONFIG"] = Empty.Value,
    };

    private static readonly Lazy<string> Empty = new(() =>
    {
        var file = Path.Combine(
            Directory.CreateTempSubdirectory("dragoman-").FullName,
            "dragoman.yaml"
        );
        File.WriteAllText(file, "");
        return file;
    });

    /// <summary>Somebody looks at what is written.</summary>
    public bool IsShown { get; init; }

    public string Input { get; init; } = "";

    public int Width { get; init; } = 80;

    public Uri UsualServer { get; init; } = Nowhere;

    public string? this[string variable]
    {
        set
        {
            if (value is null)
                _environment.Remove(variable);
            else
                _environment[variable] = value;
        }
    }

    public CommandLine With(string variable, string? value)
    {
        this[variable] = value;
        return this;
    }

    public async Task<Ran> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            In = new StringReader(Input),
            Out = output,
            Error = error,
            IsOutShown = IsShown,
            IsErrorShown = IsShown,
            Width = Width,
            UsualServer = UsualServer,
            Environment = name => name == "NO_COLOR" ? "1" : _environment.GetValueOrDefault(name),
        };
        var code = await DragomanCommand.RunAsync(args, terminal);
        return new Ran(code, output.ToString(), error.ToString());
    }
}
