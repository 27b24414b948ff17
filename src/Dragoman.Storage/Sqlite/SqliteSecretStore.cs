using Dragoman.Secrets;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps encrypted secrets in SQLite.</summary>
public sealed class SqliteSecretStore(SqliteDatabase database) : ISecretStore
{
    private const string Columns = "id, sealed, last_four, master_key, created_at_us";

    private const string AddSql = $"""
        INSERT INTO secret ({Columns}) VALUES (@id, @sealed, @last, @master, @created)
        ON CONFLICT (id) DO NOTHING
        """;

    public IReadOnlyList<EncryptedSecret> All()
    {
        using var connection = database.OpenReader();
        return Read(connection, transaction: null);
    }

    /// <summary>Those in a database file, which is opened for reading only, as it is.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public static IReadOnlyList<EncryptedSecret> OfFile(string path)
    {
        SqliteEngine.Load();
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ConnectionString
            );
            connection.Open();
            return Read(connection, transaction: null);
        }
        catch (SqliteException wrong)
        {
            throw new StorageException(
                $"The secrets in {path} cannot be read: {wrong.Message}",
                wrong
            );
        }
    }

    public bool Add(EncryptedSecret secret)
    {
        lock (database.WriterGate)
        {
            using var transaction = database.Writer.BeginTransaction(deferred: false);
            var isNew = Insert(transaction, secret);
            transaction.Commit();
            return isNew;
        }
    }

    public bool Remove(string id)
    {
        lock (database.WriterGate)
        {
            using var command = database.Writer.CreateCommand();
            command.CommandText = "DELETE FROM secret WHERE id = @id";
            command.Parameters.AddWithValue("@id", id);
            return command.ExecuteNonQuery() > 0;
        }
    }

    public bool Replace(IReadOnlyList<EncryptedSecret> before, IReadOnlyList<EncryptedSecret> after)
    {
        lock (database.WriterGate)
        {
            using var transaction = database.Writer.BeginTransaction(deferred: false);
            if (!InMemorySecretStore.IsSame(before, Read(database.Writer, transaction)))
                return false;
            using (var clear = database.Writer.CreateCommand())
            {
                clear.Transaction = transaction;
                clear.CommandText = "DELETE FROM secret";
                clear.ExecuteNonQuery();
            }
            foreach (var secret in after)
                Insert(transaction, secret);
            transaction.Commit();
            return true;
        }
    }

    private static bool Insert(SqliteTransaction transaction, EncryptedSecret secret)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = AddSql;
        command.Parameters.AddWithValue("@id", secret.Id);
        command.Parameters.AddWithValue("@sealed", secret.Sealed.ToArray());
        command.Parameters.AddWithValue("@last", (object?)secret.LastFour ?? DBNull.Value);
        command.Parameters.AddWithValue("@master", secret.MasterKey);
        command.Parameters.AddWithValue("@created", Microseconds.Of(secret.CreatedAt));
        return command.ExecuteNonQuery() > 0;
    }

    private static List<EncryptedSecret> Read(
        SqliteConnection connection,
        SqliteTransaction? transaction
    )
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT {Columns} FROM secret ORDER BY id";
        using var row = command.ExecuteReader();
        var secrets = new List<EncryptedSecret>();
        while (row.Read())
            secrets.Add(
                new EncryptedSecret
                {
                    Id = row.GetString(0),
                    Sealed = row.GetFieldValue<byte[]>(1),
                    LastFour = row.IsDBNull(2) ? null : row.GetString(2),
                    MasterKey = row.GetString(3),
                    CreatedAt = Microseconds.Time(row.GetInt64(4)),
                }
            );
        return secrets;
    }
}
