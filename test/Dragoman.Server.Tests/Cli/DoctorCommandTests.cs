using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dragoman.Cli;
using Dragoman.Cli.Doctoring;
using Dragoman.Server.Tests.Hosting;
using Dragoman.Simulator;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests.Cli;

/// <summary>What the doctor sees, and what it says is to be done.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dragoman-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CommandLine Line(bool shown = false) =>
        new CommandLine { IsShown = shown }.With("DRAGOMAN_DATA", _folder);

    private static async Task<
        IReadOnlyList<(string Check, string Mark, string Message, string? Remedy)>
    > FindingsAsync(CommandLine line, int code)
    {
        var ran = await line.RunAsync("doctor", "--json");
        ran.Code.ShouldBe(code, ran.Out + ran.Error);
        var report = JsonDocument.Parse(ran.Out).RootElement;
        report.GetProperty("ok").GetBoolean().ShouldBe(code == 0);
        return
        [
            .. report
                .GetProperty("findings")
                .EnumerateArray()
                .Select(static finding =>
                    (
                        finding.GetProperty("check").GetString()!,
                        finding.GetProperty("mark").GetString()!,
                        finding.GetProperty("message").GetString()!,
                        finding.GetProperty("remedy").GetString()
                    )
                ),
        ];
    }

    [Fact]
    public async Task Doctor_NothingSetUp_SaysWhatToSetAndIs1()
    {
        var line = Line().With("OLLAMA_BASE_URL", null).With("LMSTUDIO_BASE_URL", null);
        var findings = await FindingsAsync(line.With("LLM_LOCAL_ONLY", null), ExitCodes.Failure);

        var none = findings.Single(static finding =>
            finding is { Check: "providers", Mark: "error" }
        );
        none.Remedy!.ShouldContain("OPENAI_API_KEY");
        none.Remedy!.ShouldContain("--demo");
        findings.ShouldContain(static finding =>
            finding.Check == "database" && finding.Mark == "note"
        );
    }

    [Fact]
    public async Task Doctor_RightKey_IsWellAndComparesTheClock()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { ApiKeys = ["sk-right"] }
        );
        var line = Line()
            .With("OLLAMA_BASE_URL", null)
            .With("LMSTUDIO_BASE_URL", null)
            .With("DRAGOMAN_CONFIG", Config(simulator, "sk-right"));

        var findings = await FindingsAsync(line, ExitCodes.Success);

        findings.ShouldContain(static finding =>
            finding.Check == "providers"
            && finding.Mark == "ok"
            && finding.Message.StartsWith("sim answers in ")
        );
        findings.ShouldContain(static finding => finding.Check == "clock" && finding.Mark == "ok");
        simulator.Requests.Last.ShouldAllBe(static asked => !asked.Path.Contains("completions"));
    }

    [Fact]
    public async Task Doctor_WrongKey_SaysWhichProviderAndWhatToDo()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { ApiKeys = ["sk-right"] }
        );

        var findings = await FindingsAsync(
            Line().With("OPENAI_API_KEY", "sk-wrong").With("OPENAI_BASE_URL", simulator.BaseUrl),
            ExitCodes.Failure
        );

        var wrong = findings.Single(static finding =>
            finding.Mark == "error" && finding.Message.StartsWith("openai: ")
        );
        wrong.Message.ShouldContain("authentication");
        wrong.Message.ShouldNotContain("sk-wrong");
        wrong.Remedy!.ShouldContain("OPENAI_API_KEY");
    }

    [Fact]
    public async Task Doctor_MistakeInTheFile_IsToldWithItsLine()
    {
        var file = Path.Combine(_folder, "dragoman.yaml");
        await File.WriteAllTextAsync(file, "providers: {}\nroutess: {}\n");

        var findings = await FindingsAsync(Line().With("DRAGOMAN_CONFIG", file), ExitCodes.Failure);

        findings.ShouldContain(finding =>
            finding.Check == "configuration"
            && finding.Message.StartsWith($"{Path.GetFileName(file)}:2: ")
        );
    }

    [Fact]
    public async Task Doctor_DamagedDatabase_IsSeenAndLeftAsItIs()
    {
        var file = Path.Combine(_folder, "dragoman.db");
        await File.WriteAllTextAsync(file, new string('x', 5000));

        var findings = await FindingsAsync(Line(), ExitCodes.Failure);

        findings
            .Single(static finding => finding.Check == "database")
            .Message.ShouldContain("is damaged");
        (await File.ReadAllTextAsync(file)).ShouldBe(new string('x', 5000));
    }

    [Fact]
    public async Task Doctor_DatabaseOfAServer_IsWhole()
    {
        await using var server = await ServerUnderTest.StartAsync();

        var findings = await FindingsAsync(
            new CommandLine { UsualServer = server.Server.Address }
                .With("OLLAMA_BASE_URL", null)
                .With("LMSTUDIO_BASE_URL", null)
                .With("DRAGOMAN_DATA", server.Folder),
            ExitCodes.Success
        );

        var database = findings.Single(static finding => finding.Check == "database");
        database.Mark.ShouldBe("ok");
        database.Message.ShouldContain("is whole");
        findings.ShouldContain(static finding => finding.Check == "server" && finding.Mark == "ok");
    }

    [Fact]
    public async Task Doctor_PortOfSomebodyElse_IsToldWithAnother()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        _ = AnswerAsync(other);
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var ran = await new CommandLine
        {
            IsShown = true,
            UsualServer = new Uri($"http://127.0.0.1:{port}"),
        }
            .With("DRAGOMAN_DATA", _folder)
            .RunAsync("doctor");

        ran.Out.ShouldContain($"! server: port {port} is taken by something that is no Dragoman");
        ran.Out.ShouldContain($"--port {port + 1}");
    }

    [Fact]
    public async Task Doctor_ServerThatWantsAKey_SaysWhichVariable()
    {
        await using var server = await ServerUnderTest.StartAsync("secret");

        var ran = await Line()
            .With("DRAGOMAN_URL", server.Server.Address.ToString())
            .RunAsync("doctor");

        ran.Out.ShouldContain("wants a key, and none is set");
        ran.Out.ShouldContain("DRAGOMAN_API_KEY");
    }

    [Theory]
    [InlineData(2, "ok")]
    [InlineData(-45, "warning")]
    [InlineData(400, "error")]
    [InlineData(-400, "error")]
    public void Clock_Difference_IsJudged(int seconds, string mark)
    {
        var now = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

        var finding = ClockCheck.Judge(now, now.AddSeconds(seconds), "openai");

        finding.Mark.ToString().ToLowerInvariant().ShouldBe(mark);
        if (mark != "ok")
            finding.Message.ShouldContain(seconds > 0 ? "ahead of" : "behind");
    }

    private string Config(SimulatorHost simulator, string key)
    {
        var file = Path.Combine(_folder, "well.yaml");
        File.WriteAllText(
            file,
            $"providers: {{ sim: {{ dialect: openai, base_url: \"{simulator.BaseUrl}\", api_keys: [{key}], local: false }} }}"
        );
        return file;
    }

    private static async Task AnswerAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("SSH-2.0-other\r\n"u8.ToArray());
            }
        }
        catch (Exception ended)
            when (ended is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
