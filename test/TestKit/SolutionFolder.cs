namespace Dragoman.TestKit;

/// <summary>Finds files of the repository from where the tests run.</summary>
public static class SolutionFolder
{
    private static readonly string Root = Find();

    /// <summary>The full path of a file or folder in the repository.</summary>
    public static string Of(string relative) => Path.Combine(Root, relative);

    private static string Find()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dragoman.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException(
            "The tests do not run below the folder of Dragoman.slnx."
        );
    }
}
