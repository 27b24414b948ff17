using System.Diagnostics;
using System.Globalization;
using Dragoman.Server;
using Dragoman.Storage;
using Dragoman.Storage.Sqlite;
using Dragoman.TestKit;
using Microsoft.Extensions.Logging;

namespace Dragoman.Benchmarks;

/// <summary>
/// <c>usage-data --records N --out FILE</c> (and <c>--days D</c>) makes a ledger of a million records over 35 days, by the store's own writing; <c>usage --in FILE</c>
/// asks a server on it for every grouping with every filter and prints how long the answers took.
/// </summary>
internal static class UsageCommand
{
    private const int Batch = 200;

    public static bool Knows(string verb) => verb is "usage" or "usage-data";

    public static async Task RunAsync(string[] args)
    {
        var options = args.Skip(1)
            .Chunk(2)
            .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
        var records = int.Parse(
            options.GetValueOrDefault("--records", "1000000"),
            CultureInfo.InvariantCulture
        );
        var days = double.Parse(
            options.GetValueOrDefault("--days", "35"),
            CultureInfo.InvariantCulture
        );
        if (args[0] == "usage-data")
        {
            Make(Path.GetFullPath(options["--out"]), records, days);
            return;
        }
        var file = options.GetValueOrDefault("--in");
        var made = file is null
            ? Path.Combine(Directory.CreateTempSubdirectory("dragoman-usage-").FullName, "usage.db")
            : Path.GetFullPath(file);
        if (file is null)
            Make(made, records, days);
        await MeasureAsync(
            made,
            int.Parse(options.GetValueOrDefault("--rounds", "15"), CultureInfo.InvariantCulture)
        );
        if (file is null)
            Directory.Delete(Path.GetDirectoryName(made)!, recursive: true);
    }

    /// <summary>The history ends now, so that <c>period=month</c> means something.</summary>
    private static void Make(string file, int count, double days)
    {
        var span = TimeSpan.FromDays(days);
        using var database = SqliteDatabase.Open(new DatabaseLocation(file));
        using var store = new SqliteUsageStore(database);
        var history = new UsageHistory(
            count,
            DateTimeOffset.UtcNow - span,
            span,
            executions: count / 8
        );
        var (writing, cpu) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var batch in history.Records().Chunk(Batch))
        {
            var (started, cpuBefore) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            store.Write(batch);
            writing += Stopwatch.GetElapsedTime(started);
            cpu += Environment.CpuUsage.TotalTime - cpuBefore;
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count:N0} records in {file}: {new FileInfo(file).Length / 1e6:N0} MB, written in batches of {Batch}: {cpu.TotalMicroseconds / count:N1} us of processor time and {writing.TotalMicroseconds / count:N1} us each"
            )
        );
    }

    private static async Task MeasureAsync(string file, int rounds)
    {
        await using var server = await GatewayServer.StartAsync(
            new ServerOptions
            {
                Port = 0,
                WorkingDirectory = Path.GetDirectoryName(file)!,
                LookForLocalServers = false,
                LogLevel = LogLevel.Warning,
                Environment = name => name == "DRAGOMAN_DATABASE" ? "sqlite:" + file : null,
            }
        );
        using var client = new HttpClient { BaseAddress = server.Address };
        var table = new UsageTable(client, rounds);
        await table.PrintAsync();
    }
}
