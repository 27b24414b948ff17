namespace Dragoman.TestKit;

/// <summary>The requests, replies and streams in <c>test/fixtures</c>.</summary>
public static class Fixtures
{
    /// <summary>The files of that name in every case of a dialect, with their bytes.</summary>
    /// <param name="dialect">The dialect's folder.</param>
    /// <param name="file">E.g. <c>request.json</c>; a case may lack it.</param>
    public static IReadOnlyList<(string Case, byte[] Body)> Of(string dialect, string file) =>
        [
            .. Directory
                .GetDirectories(Path.Combine(Root, dialect))
                .Order(StringComparer.Ordinal)
                .Where(folder => File.Exists(Path.Combine(folder, file)))
                .Select(folder =>
                    (
                        $"{Path.GetFileName(folder)}/{file}",
                        File.ReadAllBytes(Path.Combine(folder, file))
                    )
                ),
        ];

    /// <summary>A single file, by its path below the fixtures.</summary>
    public static string PathOf(string file) => Path.Combine(Root, file);

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Dragoman.slnx")))
                folder =
                    folder.Parent
                    ?? throw new DirectoryNotFoundException("no Dragoman.slnx above the tests");
            return Path.Combine(folder.FullName, "test", "fixtures");
        }
    }
}
