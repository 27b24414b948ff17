using System.Text.Json;
using Dragoman.Cli;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>Every mistake of a configuration, for people and for programs.</summary>
public sealed class ConfigCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dragoman-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FileOf(string text)
    {
        var file = Path.Combine(_folder, "dragoman.yaml");
        File.WriteAllText(file, text);
        return file;
    }

    [Fact]
    public async Task Check_OfASoundFile_Is0()
    {
        var ran = await new CommandLine().RunAsync(
            "config",
            "check",
            FileOf("defaults: { strategy: balanced }")
        );

        ran.Code.ShouldBe(0, ran.Error);
        ran.Out.ShouldContain("dragoman.yaml: sound");
    }

    [Fact]
    public async Task Check_OfMistakes_TellsEachWithItsLine()
    {
        var file = FileOf("routess: {}\ndefaults:\n  strategy: balancd\n");

        var plain = await new CommandLine().RunAsync("config", "check", "--config", file);
        var json = await new CommandLine().RunAsync("config", "check", file, "--json");

        plain.Code.ShouldBe(ExitCodes.Failure);
        plain.Out.ShouldContain(":1: ");
        plain.Out.ShouldContain(":3: ");
        plain.Out.ShouldContain("2 mistakes");
        json.Code.ShouldBe(ExitCodes.Failure);
        var report = JsonDocument.Parse(json.Out).RootElement;
        report.GetProperty("sound").GetBoolean().ShouldBeFalse();
        report.GetProperty("mistakes")[0].GetProperty("suggestion").GetString().ShouldBe("routes");
        report.GetProperty("mistakes")[1].GetProperty("line").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Check_OfTwoFiles_IsWrongUsage() =>
        (
            await new CommandLine().RunAsync("config", "check", "a.yaml", "--config", "b.yaml")
        ).Code.ShouldBe(ExitCodes.WrongUsage);
}
