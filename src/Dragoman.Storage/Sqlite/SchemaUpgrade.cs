using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Applies the numbered scripts in <c>Schema/</c> that a database has not seen, in order, in one transaction, and records them.</summary>
internal static class SchemaUpgrade
{
    private const string Prefix = "Dragoman.Storage.Schema.";

    private static readonly Assembly Scripts = typeof(SchemaUpgrade).Assembly;

    /// <param name="connection">The database, open for writing.</param>
    /// <param name="last">Scripts past this number are left for later.</param>
    public static void Apply(SqliteConnection connection, int last = int.MaxValue)
    {
        // Taking the write lock first, so that of two processes starting together one waits for the other.
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(
            transaction,
            """
            CREATE TABLE IF NOT EXISTS schema_script (
                number     INTEGER PRIMARY KEY NOT NULL,
                name       TEXT NOT NULL,
                applied_at TEXT NOT NULL
            )
            """
        );
        var current = CurrentNumber(transaction);
        var all = All();
        if (current > all[^1].Number)
        {
            throw new StorageException(
                $"The database was made by a newer Dragoman (schema {current}; this program knows {all[^1].Number}). "
                    + "Run that version, or point DRAGOMAN_DATABASE at another file."
            );
        }
        foreach (var script in all)
        {
            if (script.Number <= current || script.Number > last)
                continue;
            Execute(transaction, script.Read());
            Execute(
                transaction,
                "INSERT INTO schema_script (number, name, applied_at) VALUES (@number, @name, @at)",
                ("@number", script.Number),
                ("@name", script.Name),
                ("@at", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture))
            );
        }
        transaction.Commit();
    }

    private static List<Script> All() =>
        [
            .. Scripts
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => new Script(name))
                .OrderBy(script => script.Number),
        ];

    private static int CurrentNumber(SqliteTransaction transaction)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT COALESCE(MAX(number), 0) FROM schema_script";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(
        SqliteTransaction transaction,
        string sql,
        params ReadOnlySpan<(string Name, object Value)> parameters
    )
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    /// <summary>A script named <c>0001_usage.sql</c>: number, then what it is about.</summary>
    private sealed record Script(string Resource)
    {
        public string Name { get; } = Resource[Prefix.Length..];

        public int Number { get; } =
            int.Parse(Resource.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture);

        public string Read()
        {
            using var reader = new StreamReader(Scripts.GetManifestResourceStream(Resource)!);
            return reader.ReadToEnd();
        }
    }
}
