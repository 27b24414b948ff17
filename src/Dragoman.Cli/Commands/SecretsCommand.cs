using System.CommandLine;
using Dragoman.Cli.Terminals;
using Dragoman.Secrets;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;

namespace Dragoman.Cli.Commands;

/// <summary><c>dragoman secrets rotate</c>: another master key for the secrets in the database. Keys come from the environment or the key file, never as arguments.</summary>
internal static class SecretsCommand
{
    private const string NextVariable = "DRAGOMAN_NEW_MASTER_KEY";

    public static Command Create(Terminal terminal)
    {
        var rotate = new Command(
            "rotate",
            $"Encrypt all secrets under another master key: the one in {NextVariable}, else a new key file. Stop the server first"
        );
        rotate.Does(terminal, (_, _) => Task.FromResult(Rotate(terminal)));
        return new Command("secrets", "Work on the secrets that a server keeps") { rotate };
    }

    private static int Rotate(Terminal terminal)
    {
        try
        {
            using var database = SqliteDatabase.Open(DatabaseLocation.From(terminal.Environment));
            var folder = terminal.Environment("DRAGOMAN_DATA") is { Length: > 0 } named
                ? named
                : Path.GetDirectoryName(database.Path)!;
            var store = new SqliteSecretStore(database);
            if (MasterKeyFile.FinishReplacing(folder, store.All()))
            {
                terminal.Line("An earlier rotation is finished now.", Tone.Good);
                return ExitCodes.Success;
            }
            var former = MasterKey.Open(terminal.Environment, folder);
            var said = terminal.Environment(NextVariable);
            var next = string.IsNullOrWhiteSpace(said)
                ? MasterKeyFile.BeginReplacing(folder)
                : MasterKey.Read(said, NextVariable);
            var count = SecretVault.Rotate(store, former, next, TimeProvider.System);
            if (string.IsNullOrWhiteSpace(said))
                MasterKeyFile.FinishReplacing(folder);
            terminal.Line(
                $"{count} secrets are encrypted under another key ({next.Fingerprint}).",
                Tone.Good
            );
            terminal.Remark(
                string.IsNullOrWhiteSpace(said)
                    ? $"It is in {Path.Combine(folder, MasterKeyFile.Name)}: leave {MasterKey.Variable} unset."
                    : $"Set {MasterKey.Variable} to what {NextVariable} holds before the server starts again."
            );
            return ExitCodes.Success;
        }
        catch (Exception refused) when (refused is MasterKeyException or StorageException)
        {
            terminal.Tell(refused.Message);
            return ExitCodes.Failure;
        }
    }
}
