using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Dragoman.Canonical;
using Dragoman.Catalog;
using Dragoman.Providers;
using Microsoft.Extensions.Logging;

namespace Dragoman.Limits.Budgets;

/// <summary>
/// Tells that shares of budgets were passed: in the log at once, and to a webhook in the background, a few times over where that
/// does not answer. It tells names and amounts, never anything of a call.
/// </summary>
internal sealed partial class AlertSender : IAsyncDisposable
{
    private const int MostWaiting = 1_000;
    private const int Tries = 6;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<BudgetAlert> _alerts = Channel.CreateBounded<BudgetAlert>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<AlertTarget> _target;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _sending;

    /// <param name="target">Where they go, as it is now.</param>
    /// <param name="door">What connections go through.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public AlertSender(
        Func<AlertTarget> target,
        HouseDoor door,
        TimeProvider time,
        ILogger<AlertSender> logger
    )
    {
        (_target, _time, _logger) = (target, time, logger);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectCallback = async (context, cancellationToken) =>
                    await door.ConnectAsync(context.DnsEndPoint, cancellationToken),
            }
        )
        {
            Timeout = Patience,
        };
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Tells it. Never waits.</summary>
    public void Tell(BudgetAlert alert)
    {
        var state = alert.State;
        Log.Passed(
            _logger,
            state.Budget.Name,
            state.Values,
            alert.Share * 100,
            BudgetRefusals.Usd(state.LimitNanoUsd),
            BudgetRefusals.Usd(state.SpentNanoUsd)
        );
        if (_target().Webhook is not null)
            _alerts.Writer.TryWrite(alert);
    }

    public async ValueTask DisposeAsync()
    {
        _alerts.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _sending;
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var alert in _alerts.Reader.ReadAllAsync(_stopping.Token))
                await SendAsync(alert);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task SendAsync(BudgetAlert alert)
    {
        var wait = FirstRetry;
        for (var attempt = 1; _target() is { Webhook: { } address } target; attempt++)
        {
            string? trouble;
            try
            {
                using var request = RequestFor(alert, address, target.Secret);
                using var response = await _http.SendAsync(request, _stopping.Token);
                if (response.IsSuccessStatusCode)
                    return;
                trouble = string.Create(
                    CultureInfo.InvariantCulture,
                    $"HTTP {(int)response.StatusCode}"
                );
            }
            catch (Exception e)
                when (e is HttpRequestException or OperationCanceledException
                    && !_stopping.IsCancellationRequested
                )
            {
                trouble = e.GetType().Name;
            }
            if (attempt == Tries)
            {
                Log.NotDelivered(_logger, alert.State.Budget.Name, trouble);
                return;
            }
            await Task.Delay(wait, _time, _stopping.Token);
            wait *= 2;
        }
    }

    private HttpRequestMessage RequestFor(BudgetAlert alert, Uri address, SecretText? secret)
    {
        var body = BodyOf(alert);
        var at = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.TryAddWithoutValidation("x-dragoman-timestamp", at);
        if (secret is not null)
            request.Headers.TryAddWithoutValidation(
                "x-dragoman-signature",
                "sha256=" + Signature(secret, at, body)
            );
        return request;
    }

    /// <summary>HMAC-SHA256, in small hexadecimal, of the time, a point and the body: a receiver that looks at the time cannot be told the same twice.</summary>
    internal static string Signature(SecretText secret, string at, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(
            HashAlgorithmName.SHA256,
            Encoding.UTF8.GetBytes(secret.Reveal())
        );
        hmac.AppendData(Encoding.UTF8.GetBytes(at + "."));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    private static byte[] BodyOf(BudgetAlert alert)
    {
        var state = alert.State;
        using var output = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("event"u8, "budget.threshold"u8);
            json.WriteString("budget"u8, state.Budget.Name);
            json.WriteString("values"u8, state.Values);
            json.WriteNumber("share"u8, alert.Share);
            json.WriteNumber("limit_usd"u8, state.LimitNanoUsd / Cost.NanosPerUsd);
            json.WriteNumber("spent_usd"u8, state.SpentNanoUsd / Cost.NanosPerUsd);
            json.WriteNumber("reserved_usd"u8, state.ReservedNanoUsd / Cost.NanosPerUsd);
            json.WriteNumber("left_usd"u8, state.LeftNanoUsd / Cost.NanosPerUsd);
            json.WriteString("window"u8, state.Budget.Window.ToString());
            json.WriteString("since"u8, state.Since);
            if (state.FreesAt is { } frees)
                json.WriteString("frees_at"u8, frees);
            else
                json.WriteNull("frees_at"u8);
            json.WriteString("at"u8, alert.At);
            json.WriteEndObject();
        }
        return output.ToArray();
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Budget {Budget} ({Values}) has passed {Percent:0.##} % of its limit of {Limit}: {Spent} is spent."
        )]
        public static partial void Passed(
            ILogger logger,
            string budget,
            string values,
            decimal percent,
            string limit,
            string spent
        );

        [LoggerMessage(
            LogLevel.Error,
            "An alert of budget {Budget} could not be delivered to the webhook ({Trouble}); it is given up."
        )]
        public static partial void NotDelivered(ILogger logger, string budget, string? trouble);
    }
}
