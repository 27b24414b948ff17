using System.Text.RegularExpressions;
using Dragoman.Catalog;
using Dragoman.Configuration;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Docs;

/// <summary>Configuration that the README and the guides show can be copied as it stands.</summary>
public sealed partial class GuideConfigurationTests
{
    public static TheoryData<string> Pages =>
        [
            "README.md",
            .. Directory
                .GetFiles(SolutionFolder.Of("docs/guides"), "*.md")
                .Select(static path => "docs/guides/" + Path.GetFileName(path)),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Guide_EveryConfigurationShown_IsSound(string page)
    {
        foreach (Match block in YamlBlock().Matches(File.ReadAllText(SolutionFolder.Of(page))))
        {
            var yaml = block.Groups["yaml"].Value;
            using var snapshots = new GatewaySnapshots(
                new GatewaySources
                {
                    Text = yaml,
                    // Every variable that is named is set; a credential is a key of no account.
                    Environment = static name =>
                        name.EndsWith("_KEY", StringComparison.Ordinal)
                        || name.EndsWith("_KEY_2", StringComparison.Ordinal)
                            ? "a-key"
                        : name == "GOOGLE_APPLICATION_CREDENTIALS" ? "/etc/dragoman/google.json"
                        : null,
                    LookForLocalServers = false,
                },
                new DeploymentStates(),
                TimeProvider.System
            );
            var report = snapshots.Reload();
            report.IsApplied.ShouldBeTrue($"{page}:\n{yaml}\n{string.Join('\n', report.Mistakes)}");
        }
    }

    [GeneratedRegex(
        @"^```yaml\n(?<yaml>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex YamlBlock();
}
