using Dragoman.Access;
using Dragoman.Access.People;
using Dragoman.Canonical;
using Microsoft.Data.Sqlite;
using static Dragoman.Storage.Sqlite.SqlText;

namespace Dragoman.Storage.Sqlite;

/// <summary>Keeps users, teams and workspaces in SQLite.</summary>
internal sealed class SqlitePeopleStore(SqliteDatabase database) : IPeopleStore
{
    private const int ConstraintFailed = 19;

    public ValueTask<Roster> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var connection = database.OpenReader();
        // One moment of all four tables.
        using var moment = connection.BeginTransaction(deferred: true);
        var memberships = Memberships(connection, moment);
        return new(
            new Roster(
                All(
                    connection,
                    moment,
                    "SELECT id, name, email, role, disabled, password_hash, stamp, created_at_us, updated_at_us, version FROM person",
                    row => UserOf(row, memberships)
                ),
                All(
                    connection,
                    moment,
                    "SELECT id, name, created_at_us, updated_at_us, version FROM team",
                    TeamOf
                ),
                All(
                    connection,
                    moment,
                    "SELECT id, name, team, created_at_us, updated_at_us, version FROM workspace",
                    WorkspaceOf
                )
            )
        );
    }

    /// <summary>The writer may be busy with a group of usage records: whoever changes something waits for it, no thread of a request does.</summary>
    public ValueTask<bool> SaveAsync(
        PeopleChange change,
        CancellationToken cancellationToken = default
    ) => new(Task.Run(() => Save(change), cancellationToken));

    private bool Save(PeopleChange change)
    {
        lock (database.WriterGate)
        {
            using var transaction = database.Writer.BeginTransaction(deferred: false);
            try
            {
                if (!Write(transaction, change) || !IsSound(transaction))
                    return false;
                transaction.Commit();
                return true;
            }
            // An id or an e-mail that somebody else has by now.
            catch (SqliteException taken) when (taken.SqliteErrorCode == ConstraintFailed)
            {
                return false;
            }
        }
    }

    /// <summary>What is dropped goes first: it may free an e-mail.</summary>
    private static bool Write(SqliteTransaction transaction, PeopleChange change) =>
        change.DropWorkspaces.All(one => Drop(transaction, "workspace", one.Id, one.Version))
        && change.DropUsers.All(user => Drop(transaction, user))
        && change.DropTeams.All(team => Drop(transaction, "team", team.Id, team.Version))
        && change.PutTeams.All(team => Put(transaction, team))
        && change.PutUsers.All(user => Put(transaction, user))
        && change.PutWorkspaces.All(one => Put(transaction, one));

    private static bool Put(SqliteTransaction transaction, User user)
    {
        object?[] values =
        [
            user.Id,
            user.Name,
            user.Email,
            RoleNames.Of(user.Role),
            user.IsDisabled,
            user.PasswordHash?.Reveal(),
            user.Stamp,
            Microseconds.Of(user.CreatedAt),
            Microseconds.Of(user.UpdatedAt),
            user.Version,
        ];
        var changed =
            user.Version == 1
                ? Run(
                    transaction,
                    "INSERT INTO person (id, name, email, role, disabled, password_hash, stamp, created_at_us, updated_at_us, version) VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10)",
                    values
                )
                : Run(
                    transaction,
                    "UPDATE person SET name = @2, email = @3, role = @4, disabled = @5, password_hash = @6, stamp = @7, created_at_us = @8, updated_at_us = @9, version = @10 WHERE id = @1 AND version = @10 - 1",
                    values
                );
        if (changed != 1)
            return false;
        Run(transaction, "DELETE FROM membership WHERE person = @1", user.Id);
        for (var i = 0; i < user.Teams.Count; i++)
            Run(
                transaction,
                "INSERT INTO membership (person, team, manages, place) VALUES (@1, @2, @3, @4)",
                user.Id,
                user.Teams[i].Team,
                user.Teams[i].Manages,
                i
            );
        return true;
    }

    private static bool Put(SqliteTransaction transaction, Team team) =>
        Run(
            transaction,
            team.Version == 1
                ? "INSERT INTO team (id, name, created_at_us, updated_at_us, version) VALUES (@1, @2, @3, @4, @5)"
                : "UPDATE team SET name = @2, created_at_us = @3, updated_at_us = @4, version = @5 WHERE id = @1 AND version = @5 - 1",
            team.Id,
            team.Name,
            Microseconds.Of(team.CreatedAt),
            Microseconds.Of(team.UpdatedAt),
            team.Version
        ) == 1;

    private static bool Put(SqliteTransaction transaction, Workspace workspace) =>
        Run(
            transaction,
            workspace.Version == 1
                ? "INSERT INTO workspace (id, name, team, created_at_us, updated_at_us, version) VALUES (@1, @2, @3, @4, @5, @6)"
                : "UPDATE workspace SET name = @2, team = @3, created_at_us = @4, updated_at_us = @5, version = @6 WHERE id = @1 AND version = @6 - 1",
            workspace.Id,
            workspace.Name,
            workspace.Team,
            Microseconds.Of(workspace.CreatedAt),
            Microseconds.Of(workspace.UpdatedAt),
            workspace.Version
        ) == 1;

    private static bool Drop(SqliteTransaction transaction, User user)
    {
        Run(transaction, "DELETE FROM membership WHERE person = @1", user.Id);
        return Drop(transaction, "person", user.Id, user.Version);
    }

    private static bool Drop(SqliteTransaction transaction, string table, string id, int version) =>
        Run(transaction, $"DELETE FROM {table} WHERE id = @1 AND version = @2", id, version) == 1;

    /// <summary>Nobody belongs to a team that is not there.</summary>
    private static bool IsSound(SqliteTransaction transaction)
    {
        using var command = Command(
            transaction.Connection!,
            transaction,
            """
            SELECT EXISTS (SELECT 1 FROM membership WHERE team NOT IN (SELECT id FROM team))
                OR EXISTS (SELECT 1 FROM workspace WHERE team IS NOT NULL AND team NOT IN (SELECT id FROM team))
            """
        );
        return command.ExecuteScalar() is 0L;
    }

    private static Dictionary<string, List<Membership>> Memberships(
        SqliteConnection connection,
        SqliteTransaction moment
    )
    {
        var found = new Dictionary<string, List<Membership>>(StringComparer.Ordinal);
        using var command = Command(
            connection,
            moment,
            "SELECT person, team, manages FROM membership ORDER BY person, place"
        );
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var person = row.GetString(0);
            if (!found.TryGetValue(person, out var teams))
                found[person] = teams = [];
            teams.Add(new Membership(row.GetString(1), row.GetBoolean(2)));
        }
        return found;
    }

    private static List<T> All<T>(
        SqliteConnection connection,
        SqliteTransaction moment,
        string sql,
        Func<SqliteDataReader, T> read
    )
    {
        var found = new List<T>();
        using var command = Command(connection, moment, sql);
        using var row = command.ExecuteReader();
        while (row.Read())
            found.Add(read(row));
        return found;
    }

    private static User UserOf(
        SqliteDataReader row,
        Dictionary<string, List<Membership>> memberships
    ) =>
        new()
        {
            Id = row.GetString(0),
            Name = row.GetString(1),
            Email = row.Text(2),
            // A role that this program does not know may nothing that another may not.
            Role = RoleNames.Find(row.GetString(3)) ?? Role.Inference,
            IsDisabled = row.GetBoolean(4),
            PasswordHash = row.Text(5) is { } hash ? new SecretText(hash) : null,
            Stamp = row.GetString(6),
            CreatedAt = row.Time(7),
            UpdatedAt = row.Time(8),
            Version = row.GetInt32(9),
            Teams = memberships.TryGetValue(row.GetString(0), out var teams) ? teams : [],
        };

    private static Team TeamOf(SqliteDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Name = row.GetString(1),
            CreatedAt = row.Time(2),
            UpdatedAt = row.Time(3),
            Version = row.GetInt32(4),
        };

    private static Workspace WorkspaceOf(SqliteDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Name = row.GetString(1),
            Team = row.Text(2),
            CreatedAt = row.Time(3),
            UpdatedAt = row.Time(4),
            Version = row.GetInt32(5),
        };
}
