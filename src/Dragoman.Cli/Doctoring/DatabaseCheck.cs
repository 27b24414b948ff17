using Dragoman.Cli.Terminals;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;

namespace Dragoman.Cli.Doctoring;

/// <summary>Whether the database can be written, is whole, and has room.</summary>
internal static class DatabaseCheck
{
    private const string Name = "database";
    private const long Little = 1024L * 1024 * 1024;
    private const long TooLittle = 100L * 1024 * 1024;

    public static IReadOnlyList<Finding> Run(Func<string, string?> environment)
    {
        DatabaseLocation location;
        try
        {
            location = DatabaseLocation.From(environment);
        }
        catch (StorageException wrong)
        {
            return
            [
                Finding.Error(Name, wrong.Message, "Correct DRAGOMAN_DATABASE or DRAGOMAN_DATA."),
            ];
        }
        var seen = DatabaseInspection.Of(location);
        return [File(seen), .. Room(seen)];
    }

    private static Finding File(DatabaseInspection seen) =>
        seen switch
        {
            { WhyNotWritable: { } why } => Finding.Error(
                Name,
                $"{seen.Path} cannot be written: {why}",
                "Give this account the right to write there, or set DRAGOMAN_DATA to another folder."
            ),
            { SizeBytes: null } => Finding.Note(
                Name,
                $"{seen.Path} is not there yet: the first start makes it"
            ),
            { Damage: { } damage } => Finding.Error(
                Name,
                $"{seen.Path} is damaged: {damage}",
                "Stop the server and put a backup in its place, or move it away: the next start makes a new one, without the old accounts."
            ),
            { Schema: { } schema } when schema > seen.KnownSchema => Finding.Error(
                Name,
                $"{seen.Path} was made by a newer Dragoman (schema {schema}; this one knows {seen.KnownSchema})",
                "Run the newer version, or point DRAGOMAN_DATABASE at another file."
            ),
            { Schema: { } schema } => Finding.Ok(
                Name,
                $"{seen.Path} is whole: {Figures.Bytes(seen.SizeBytes)}, schema {schema}"
                    + (
                        schema < seen.KnownSchema
                            ? $" (the next start brings it to {seen.KnownSchema})"
                            : ""
                    )
            ),
            _ => Finding.Ok(Name, seen.Path),
        };

    private static IEnumerable<Finding> Room(DatabaseInspection seen)
    {
        if (seen.FreeBytes is not { } free)
            yield break;
        var words = $"{Figures.Bytes(free)} are free where it lies";
        const string Remedy = "Make room, or set DRAGOMAN_DATA to a folder on another disk.";
        yield return free < TooLittle ? Finding.Error("disk", words, Remedy)
        : free < Little ? Finding.Warning("disk", words, Remedy)
        : Finding.Ok("disk", words);
    }
}
