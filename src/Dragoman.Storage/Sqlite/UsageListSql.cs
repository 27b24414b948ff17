using System.Text;
using Dragoman.Usage;
using Microsoft.Data.Sqlite;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// The statement for a page of records, newest first. Without filters it walks down the ids. With some it finds the page's ids in
/// the index <c>usage_facts</c>, whose entries are a fifth of the records', in the order of their beginning.
/// </summary>
internal static class UsageListSql
{
    public static void Compose(SqliteCommand command, UsageQuery query)
    {
        var where = new StringBuilder();
        Filter(command, where, query);
        command.Parameters.AddWithValue("@limit", query.Limit);
        if (query.Before is { } last)
            command.Parameters.AddWithValue("@before", last.Value);
        if (where.Length == 0)
        {
            command.CommandText =
                $"SELECT {UsageColumns.All} FROM usage{(query.Before is null ? "" : " WHERE id < @before")} ORDER BY id DESC LIMIT @limit";
            return;
        }
        if (query.Before is not null)
            where.Append(
                """
                 AND started_at_us <= COALESCE((SELECT started_at_us FROM usage WHERE id = @before), 9223372036854775807)
                 AND (started_at_us < COALESCE((SELECT started_at_us FROM usage WHERE id = @before), 9223372036854775807) OR id < @before)
                """
            );
        command.CommandText = $"""
            SELECT {UsageColumns.All} FROM usage WHERE id IN (
                SELECT id FROM usage WHERE started_at_us >= @since{where} ORDER BY started_at_us DESC, id DESC LIMIT @limit
            ) ORDER BY started_at_us DESC, id DESC
            """;
        command.Parameters.AddWithValue(
            "@since",
            query.Since is { } since ? Microseconds.Of(since) : long.MinValue
        );
    }

    private static void Filter(SqliteCommand command, StringBuilder where, UsageQuery query)
    {
        // It is a filter too, with nothing to add to the statement but its value.
        if (query.Since is not null)
            where.Append(' ');
        if (query.Outcome is { } outcome)
            Add("outcome = @outcome", "@outcome", Encoding.UTF8.GetString(Words.Of(outcome)));
        if (query.Caller is not null)
            Add("caller = @caller", "@caller", query.Caller);
        if (query.Callers is not null)
            Add(
                CallersWithin.Condition("caller", "@callers"),
                "@callers",
                CallersWithin.Value(query.Callers)
            );
        if (query.Workspace is not null)
            Add("workspace = @workspace", "@workspace", query.Workspace);
        if (query.Provider is not null)
        {
            // '0' follows '/'.
            Add("deployment >= @provider", "@provider", query.Provider + "/");
            Add("deployment < @nextProvider", "@nextProvider", query.Provider + "0");
        }
        if (query.Model is not null)
        {
            Add(
                "(deployment = @model OR substr(deployment, instr(deployment, '/') + 1) = @model)",
                "@model",
                query.Model
            );
        }

        void Add(string condition, string name, string value)
        {
            where.Append(" AND ").Append(condition);
            command.Parameters.AddWithValue(name, value);
        }
    }
}
