using System.Diagnostics;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Server.Tests;

/// <summary>Every sample, run as it was built beside the tests: without a key, without the internet.</summary>
public sealed class SamplesTests
{
    [Theory]
    [InlineData("in-process", "demo/", "tokens,", "US dollars")]
    [InlineData("compare", "demo/swift", "demo/coder", "demo/sage", "USD")]
    [InlineData("chat-with-history", "demo/sage: ", "(3 messages,")]
    [InlineData("custom-strategy", "frugal_genius: demo/", "is the best of")]
    public async Task Sample_RunWithoutAKey_EndsWellAndTellsWhatItShows(
        string name,
        params string[] told
    )
    {
        using var program = Start(name);
        var output = program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await program.StandardError.ReadToEndAsync(
            TestContext.Current.CancellationToken
        );
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        program.ExitCode.ShouldBe(0, errors);
        foreach (var words in told)
            (await output).ShouldContain(words);
    }

    [Fact]
    public async Task SelfHosted_Asked_AnswersAtItsOwnAddresses()
    {
        using var program = Start("self-hosted", "--urls", "http://127.0.0.1:0");
        try
        {
            const string Listening = "Now listening on: ";
            string? line;
            do line = await program.StandardOutput.ReadLineAsync(
                TestContext.Current.CancellationToken
            );
            while (line is not null && !line.Contains(Listening, StringComparison.Ordinal));
            using var client = new HttpClient
            {
                BaseAddress = new Uri(line.ShouldNotBeNull().Split(Listening)[1]),
            };

            (await client.GetStringAsync("/ask?question=Hello")).ShouldContain(
                "\"provider\":\"demo\""
            );
            (await client.GetStringAsync("/stream?question=Hello")).ShouldStartWith("data: ");
            (await client.GetStringAsync("/costs")).ShouldContain("callCount");
        }
        finally
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(string name, params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = SolutionFolder.Of($"samples/{name}/bin/{configuration}/net10.0/{name}.dll");
        Assert.SkipUnless(
            File.Exists(program),
            $"samples/{name} was not built: ./dev test builds it"
        );
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // No dragoman.yaml is to be found here.
            WorkingDirectory = Path.GetDirectoryName(program)!,
        };
        // Nothing of the machine's own may answer.
        foreach (var variable in start.Environment.Keys.Where(IsOfAProvider).ToList())
            start.Environment.Remove(variable);
        return Process.Start(start)!;
    }

    private static bool IsOfAProvider(string variable) =>
        variable.EndsWith("_API_KEY", StringComparison.Ordinal)
        || variable.EndsWith("_BASE_URL", StringComparison.Ordinal)
        || variable.StartsWith("DRAGOMAN_", StringComparison.Ordinal)
        || variable.StartsWith("LLM_", StringComparison.Ordinal);
}
