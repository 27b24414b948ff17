using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dragoman.TestKit;

namespace Dragoman.Benchmarks.Budgets;

/// <summary>The command <c>dragoman serve</c> as a process of its own, which can be killed and started again on the same data.</summary>
internal sealed class RacedServer : IAsyncDisposable
{
    private static readonly string Program = SolutionFolder.Of(
        "src/Dragoman.Cli/bin/Release/net10.0/dragoman"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("dragoman-race-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    public RacedServer(string config)
    {
        File.WriteAllText(Path.Combine(_folder, "dragoman.yaml"), config);
        Client = new HttpClient(
            new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseProxy = false }
        )
        {
            BaseAddress = new Uri(FormattableString.Invariant($"http://127.0.0.1:{_port}")),
            Timeout = TimeSpan.FromMinutes(5),
        };
    }

    public HttpClient Client { get; }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(
            Program,
            [
                "serve",
                "--port",
                _port.ToString(CultureInfo.InvariantCulture),
                "--config",
                Path.Combine(_folder, "dragoman.yaml"),
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["DRAGOMAN_DATA"] = _folder;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await Client.GetAsync(
                    new Uri("/health/ready", UriKind.Relative)
                );
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not there yet.
            }
            if (_process.HasExited || Stopwatch.GetElapsedTime(since) > TimeSpan.FromMinutes(2))
                throw new InvalidOperationException("The server did not start.");
            await Task.Delay(50);
        }
    }

    /// <summary>SIGKILL: it does nothing any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>How a budget stands; of several combinations of values one each.</summary>
    public async Task<IReadOnlyList<JsonElement>> StatesAsync(string budget)
    {
        var answer = await Client.GetByteArrayAsync(
            new Uri($"/api/admin/budgets/{budget}/state", UriKind.Relative)
        );
        return [.. JsonDocument.Parse(answer).RootElement.GetProperty("data").EnumerateArray()];
    }

    /// <summary>What all calls of the last day cost, by the ledger.</summary>
    public async Task<decimal> LedgerAsync()
    {
        var answer = await Client.GetByteArrayAsync(
            new Uri("/api/llm/usage?days=1", UriKind.Relative)
        );
        var total = JsonDocument.Parse(answer).RootElement.GetProperty("total_cost");
        return total.ValueKind == JsonValueKind.Null ? 0 : total.GetDecimal();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
