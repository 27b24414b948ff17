using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Dragoman.Usage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dragoman.Tests.Storage;

/// <summary>
/// A process that appends records until it is killed: this very assembly, started with a database in its environment. It prints
/// the id and the time of each record once the ledger has it; each line ends with a dot, so that one cut by the kill can be told.
/// </summary>
internal static class KilledWriter
{
    private const string Variable = "DRAGOMAN_TEST_KILLED_WRITER";

    public static Process Start(string database)
    {
        // Tests run in their own executable, or in the one named dotnet.
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host)
        {
            Environment = { [Variable] = database },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
            start.ArgumentList.Add(typeof(KilledWriter).Assembly.Location);
        return Process.Start(start)!;
    }

    // Before anything of the test runner. No thread of its own may run code of this module until this returns.
    [ModuleInitializer]
    internal static void TakeOverIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } database)
            Run(database);
    }

    private static void Run(string path)
    {
        using var database = SqliteDatabase.Open(new DatabaseLocation(path));
        using var store = new SqliteUsageStore(database);
        using var ledger = new UsageLedger(
            store,
            new UsageLedgerOptions(),
            NullLogger<UsageLedger>.Instance
        );
        var clock = Stopwatch.StartNew();
        for (var id = 1L; ; id++)
        {
            ledger.AppendAsync(UsageRecords.Usual(id)).AsTask().GetAwaiter().GetResult();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{id} {clock.Elapsed.TotalMilliseconds} ."
                )
            );
            if (id % 10 == 0)
                Thread.Sleep(1);
        }
    }
}
