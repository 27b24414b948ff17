using Dragoman.Access;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps keys in SQLite, one row each.</summary>
internal sealed class SqliteKeyStore(SqliteDatabase database) : IKeyStore
{
    private const string Columns = """
        id, version, name, hash, last_four, former_hash, former_until_us, role, user_id, team_id, workspace_id, user_tier, tags,
        models, providers, routes, addresses, metadata, expires_at_us, enabled, revoked_at_us, created_at_us, updated_at_us,
        created_by
        """;

    private const string AddSql = $"""
        INSERT INTO virtual_keys ({Columns}) VALUES (
            @id, @version, @name, @hash, @lastFour, @formerHash, @formerUntil, @role, @user, @team, @workspace, @tier, @tags,
            @models, @providers, @routes, @addresses, @metadata, @expires, @enabled, @revoked, @created, @updated, @createdBy)
        ON CONFLICT DO NOTHING
        """;

    private const string ReplaceSql = """
        UPDATE virtual_keys SET
            version = @version, name = @name, hash = @hash, last_four = @lastFour, former_hash = @formerHash,
            former_until_us = @formerUntil, role = @role, user_id = @user, team_id = @team, workspace_id = @workspace,
            user_tier = @tier, tags = @tags, models = @models, providers = @providers, routes = @routes, addresses = @addresses,
            metadata = @metadata, expires_at_us = @expires, enabled = @enabled, revoked_at_us = @revoked, created_at_us = @created,
            updated_at_us = @updated, created_by = @createdBy
        WHERE id = @id AND version = @version - 1
        """;

    public ValueTask<IReadOnlyList<KeptKey>> ReadAllAsync(
        CancellationToken cancellationToken = default
    )
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns}, last_used_us FROM virtual_keys ORDER BY id";
        var kept = new List<KeptKey>();
        using var row = command.ExecuteReader();
        while (row.Read())
            kept.Add(new KeptKey(Read(row), Time(row, 24)));
        return new(kept);
    }

    public ValueTask<bool> AddAsync(
        VirtualKey key,
        CancellationToken cancellationToken = default
    ) => ChangeAsync(AddSql, key, cancellationToken);

    public ValueTask<bool> ReplaceAsync(
        VirtualKey key,
        CancellationToken cancellationToken = default
    ) => ChangeAsync(ReplaceSql, key, cancellationToken);

    public ValueTask<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) =>
        WriteAsync(
            () =>
            {
                using var command = database.Writer.CreateCommand();
                command.CommandText = "DELETE FROM virtual_keys WHERE id = @id";
                command.Parameters.AddWithValue("@id", id);
                return command.ExecuteNonQuery() == 1;
            },
            cancellationToken
        );

    public async ValueTask NoteUsesAsync(
        IReadOnlyList<(string Id, DateTimeOffset At)> uses,
        CancellationToken cancellationToken = default
    ) =>
        await WriteAsync(
            () =>
            {
                using var transaction = database.Writer.BeginTransaction(deferred: false);
                using var command = database.Writer.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "UPDATE virtual_keys SET last_used_us = @at WHERE id = @id";
                var id = command.Parameters.Add("@id", SqliteType.Text);
                var at = command.Parameters.Add("@at", SqliteType.Integer);
                foreach (var use in uses)
                {
                    (id.Value, at.Value) = (use.Id, Microseconds.Of(use.At));
                    command.ExecuteNonQuery();
                }
                transaction.Commit();
                return true;
            },
            cancellationToken
        );

    private ValueTask<bool> ChangeAsync(
        string sql,
        VirtualKey key,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            () =>
            {
                using var command = database.Writer.CreateCommand();
#pragma warning disable CA2100 // One of the two above.
                command.CommandText = sql;
#pragma warning restore CA2100
                Bind(command, key);
                return command.ExecuteNonQuery() == 1;
            },
            cancellationToken
        );

    /// <summary>The writer may be busy with a group of usage records: whoever changes a key waits for it, no thread of a request does.</summary>
    private ValueTask<bool> WriteAsync(Func<bool> write, CancellationToken cancellationToken) =>
        new(
            Task.Run(
                () =>
                {
                    lock (database.WriterGate)
                        return write();
                },
                cancellationToken
            )
        );

    private static void Bind(SqliteCommand command, VirtualKey key)
    {
        Set("@id", key.Id);
        Set("@version", key.Version);
        Set("@name", key.Name);
        Set("@hash", key.Hash.ToArray());
        Set("@lastFour", key.LastFour);
        Set("@formerHash", key.FormerHash?.ToArray());
        Set("@formerUntil", Number(key.FormerUntil));
        Set("@role", key.Role.ToString().ToLowerInvariant());
        Set("@user", key.User);
        Set("@team", key.Team);
        Set("@workspace", key.Workspace);
        Set("@tier", key.Tier);
        Set("@tags", List(key.Tags));
        Set("@models", List(key.Access?.Models));
        Set("@providers", List(key.Access?.Providers));
        Set("@routes", List(key.Access?.Routes));
        Set("@addresses", List(key.Addresses?.Texts));
        Set("@metadata", key.Metadata.Count == 0 ? null : KeyColumns.Write(key.Metadata));
        Set("@expires", Number(key.ExpiresAt));
        Set("@enabled", key.Enabled ? 1 : 0);
        Set("@revoked", Number(key.RevokedAt));
        Set("@created", Number(key.CreatedAt));
        Set("@updated", Number(key.UpdatedAt));
        Set("@createdBy", key.CreatedBy);

        void Set(string name, object? value) =>
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
    }

    private static VirtualKey Read(SqliteDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Version = row.GetInt32(1),
            Name = row.GetString(2),
            Hash = Hash(row, 3)!.Value,
            LastFour = row.GetString(4),
            FormerHash = Hash(row, 5),
            FormerUntil = Time(row, 6),
            Role = Enum.Parse<Role>(row.GetString(7), ignoreCase: true),
            User = Text(row, 8),
            Team = Text(row, 9),
            Workspace = Text(row, 10),
            Tier = Text(row, 11),
            Tags = Texts(row, 12),
            Access = ModelAccess.Of(Texts(row, 13), Texts(row, 14), Texts(row, 15)),
            Addresses = Texts(row, 16) is { } addresses ? AddressList.Of(addresses) : null,
            Metadata = Text(row, 17) is { } metadata
                ? KeyColumns.Pairs(metadata)
                : VirtualKey.NoMetadata,
            ExpiresAt = Time(row, 18),
            Enabled = row.GetInt64(19) != 0,
            RevokedAt = Time(row, 20),
            CreatedAt = Time(row, 21)!.Value,
            UpdatedAt = Time(row, 22)!.Value,
            CreatedBy = Text(row, 23),
        };

    private static object? Number(DateTimeOffset? time) =>
        time is { } known ? Microseconds.Of(known) : null;

    private static string? List(IReadOnlyList<NamePattern>? patterns) =>
        patterns is null ? null : List([.. patterns.Select(static pattern => pattern.Text)]);

    private static string? List(IReadOnlyList<string>? texts) =>
        texts is null ? null : KeyColumns.Write(texts);

    private static KeyHash? Hash(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : KeyHash.FromBytes((byte[])row.GetValue(column));

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Microseconds.Time(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    private static IReadOnlyList<string>? Texts(SqliteDataReader row, int column) =>
        Text(row, column) is { } text ? KeyColumns.List(text) : null;
}
