using Dragoman.Catalog;
using Dragoman.Configuration;

namespace Dragoman.Tests.Configuration;

/// <summary>A folder of its own with a configuration file, an environment, and nothing else of this machine.</summary>
internal sealed class TestSources : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dragoman-config-").FullName;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);
    public DeploymentStates States { get; } = new();

    public string File => Path.Combine(_folder, "dragoman.yaml");

    public GatewaySources Sources =>
        new()
        {
            WorkingDirectory = _folder,
            Environment = name => Environment.GetValueOrDefault(name),
            LookForLocalServers = false,
            OwnPorts = [8007],
        };

    public void Write(string text) => System.IO.File.WriteAllText(File, text);

    public GatewaySnapshots Snapshots(Func<GatewaySources, GatewaySources>? change = null) =>
        new(change is null ? Sources : change(Sources), States, TimeProvider.System);

    /// <summary>What a text of that content is reported as.</summary>
    public static ConfigReport Report(string text, params (string Name, string Value)[] environment)
    {
        using var sources = new TestSources();
        foreach (var (name, value) in environment)
            sources.Environment[name] = value;
        sources.Write(text);
        using var snapshots = sources.Snapshots();
        return snapshots.Reload();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
