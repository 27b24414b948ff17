namespace Dragoman.Storage;

/// <summary>Where the database is, from <c>DRAGOMAN_DATABASE</c>, <c>DRAGOMAN_DATA</c> or the platform's usual folder.</summary>
/// <param name="SqlitePath">Full path of the SQLite file.</param>
public sealed record DatabaseLocation(string SqlitePath)
{
    private const string SqlitePrefix = "sqlite:";
    private const string FileName = "dragoman.db";

    /// <summary>Reads the environment through <paramref name="variable"/>.</summary>
    /// <exception cref="StorageException">It names a database that is not supported, or no folder can be found.</exception>
    public static DatabaseLocation From(Func<string, string?> variable)
    {
        if (variable("DRAGOMAN_DATABASE") is { Length: > 0 } database)
            return new DatabaseLocation(SqlitePathOf(database));
        return new DatabaseLocation(Path.GetFullPath(Path.Combine(DataFolder(variable), FileName)));
    }

    private static string SqlitePathOf(string database)
    {
        if (!database.StartsWith(SqlitePrefix, StringComparison.OrdinalIgnoreCase))
        {
            // A connection string may hold a password: it is not quoted.
            throw new StorageException(
                "DRAGOMAN_DATABASE names a database that is not supported yet. Only SQLite is: "
                    + "set it to sqlite:<path>, or leave it unset for the default file."
            );
        }
        var path = database[SqlitePrefix.Length..];
        if (path.Length == 0 || path.StartsWith(':'))
        {
            throw new StorageException(
                "DRAGOMAN_DATABASE needs the path of a file after sqlite: (a database in memory would not keep the ledger)."
            );
        }
        return Path.GetFullPath(path);
    }

    private static string DataFolder(Func<string, string?> variable)
    {
        if (variable("DRAGOMAN_DATA") is { Length: > 0 } folder)
            return folder;
        var applicationData = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify
        );
        if (applicationData.Length == 0)
        {
            throw new StorageException(
                "This account has no application-data folder: set DRAGOMAN_DATA to the folder for the database."
            );
        }
        return Path.Combine(applicationData, "dragoman");
    }
}
