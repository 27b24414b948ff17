using Xunit;

namespace Dragoman.TestKit;

/// <summary>
/// Data from outside the repository: <c>DRAGOMAN_SHARED</c>, else a folder <c>shared</c> beside the solution's folder. A test
/// that needs it is skipped by name where it is absent.
/// </summary>
public static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>The full path of a file or folder in the shared data; skips the calling test where it is absent.</summary>
    public static string PathOf(string relative)
    {
        var path = Root is null ? null : Path.Combine(Root, relative);
        if (path is null || !Path.Exists(path))
            Assert.Skip($"needs the shared data: {relative} (set DRAGOMAN_SHARED)");
        return path;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("DRAGOMAN_SHARED") is { Length: > 0 } named)
            return named;
        var beside = SolutionFolder.Of("../shared");
        return Directory.Exists(beside) ? beside : null;
    }
}
