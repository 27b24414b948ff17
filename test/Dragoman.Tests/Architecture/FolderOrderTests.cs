using System.Text.RegularExpressions;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Architecture;

/// <summary>A folder of the library may use the folders above it in this list, not those below: arrows turn back nowhere.</summary>
public sealed partial class FolderOrderTests
{
    private static readonly string[] Order =
    [
        "Canonical",
        "Catalog",
        "Dialects",
        "Exchanges",
        "Access",
        "Secrets",
        "Providers",
        "Guardrails",
        "Agents",
        "Routing",
        "Conversations",
        "Knowledge",
        "Caching",
        "Limits",
        "Forwarding",
        "Health",
        "Usage",
        "Jobs",
        "Workflows",
        "Configuration",
        "Native",
        "Administration",
    ];

    [Fact]
    public void Library_EveryUsing_PointsUpwards()
    {
        var library = SolutionFolder.Of("src/Dragoman");
        var wrong = new List<string>();
        foreach (var file in SourceFiles(library))
        {
            var folder = Path.GetRelativePath(library, file).Split(Path.DirectorySeparatorChar)[0];
            var rank = Array.IndexOf(Order, folder);
            if (rank < 0)
            {
                if (!Path.GetFileName(file).StartsWith("Gateway", StringComparison.Ordinal))
                    wrong.Add($"{file}: '{folder}' is not in the list of folders");
                continue;
            }
            var lines = File.ReadAllLines(file);
            for (var line = 0; line < lines.Length; line++)
            {
                var used = UsedFolder().Match(lines[line]);
                if (used.Success && Array.IndexOf(Order, used.Groups["folder"].Value) > rank)
                    wrong.Add(
                        $"{Path.GetRelativePath(library, file)}:{line + 1}: {folder} uses {used.Groups["folder"].Value}, which is below it"
                    );
            }
        }
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Dragoman", "")]
    [InlineData("Dragoman.Storage", "Dragoman")]
    [InlineData("Dragoman.Simulator", "Dragoman")]
    [InlineData("Dragoman.Server", "Dragoman Dragoman.Storage Dragoman.Simulator")]
    [InlineData("Dragoman.Cli", "Dragoman.Server")]
    public void Project_References_PointRightwards(string project, string allowed)
    {
        var file = File.ReadAllText(SolutionFolder.Of($"src/{project}/{project}.csproj"));
        var referenced = ProjectReference()
            .Matches(file)
            .Select(match => match.Groups["project"].Value);

        referenced.Except(allowed.Split(' ')).ShouldBeEmpty();
    }

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
            );

    [GeneratedRegex(
        @"^using (static )?Dragoman\.(?<folder>\w+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex UsedFolder();

    [GeneratedRegex(
        @"<ProjectReference Include=""[^""]*?/(?<project>[\w.]+)\.csproj""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ProjectReference();
}
