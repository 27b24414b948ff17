using System.Security.Authentication;
using Dragoman.Catalog;

namespace Dragoman.Cli.Doctoring;

/// <summary>Whether this machine's clock is right, by the date on the answer of a provider outside: TLS and signed calls need it.</summary>
internal static class ClockCheck
{
    private const string Name = "clock";
    private const string Remedy = "Set the clock, best by a time service: timedatectl set-ntp true";
    private const int MostAsked = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(30);

    /// <summary>Signed calls (Google's tokens among them) are refused from here on.</summary>
    private static readonly TimeSpan Harmful = TimeSpan.FromMinutes(5);

    public static async Task<Finding> RunAsync(
        IEnumerable<Provider> providers,
        bool isOffline,
        CancellationToken stop
    )
    {
        if (isOffline)
            return Finding.Note(Name, "not compared with anybody's: offline mode");
        using var http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = Patience }
        )
        {
            Timeout = Patience,
        };
        var outside = providers
            .Where(static provider => !provider.Local && provider.InProcess is null)
            .Take(MostAsked)
            .ToList();
        foreach (var provider in outside)
        {
            if (await AskAsync(http, provider, stop) is { } finding)
                return finding;
        }
        return Finding.Note(
            Name,
            "not compared with anybody's: "
                + (
                    outside.Count == 0
                        ? "no provider outside is configured"
                        : "no provider outside answered"
                )
        );
    }

    /// <summary>What a difference means.</summary>
    public static Finding Judge(DateTimeOffset theirs, DateTimeOffset ours, string whose)
    {
        var off = ours - theirs;
        var words =
            $"it is {Words(off.Duration())} {(off > TimeSpan.Zero ? "ahead of" : "behind")} that of {whose}";
        return off.Duration() switch
        {
            var much when much > Harmful => Finding.Error(Name, words, Remedy),
            var some when some > Noticeable => Finding.Warning(Name, words, Remedy),
            _ => Finding.Ok(Name, $"agrees with that of {whose}"),
        };
    }

    /// <summary>Without a key and without a question: any answer has a date.</summary>
    private static async Task<Finding?> AskAsync(
        HttpClient http,
        Provider provider,
        CancellationToken stop
    )
    {
        try
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Head,
                new Uri(provider.BaseUrl.GetLeftPart(UriPartial.Authority))
            );
            using var answer = await http.SendAsync(request, stop);
            return answer.Headers.Date is { } theirs
                ? Judge(theirs, DateTimeOffset.UtcNow, provider.Name)
                : null;
        }
        catch (HttpRequestException failure)
            when (failure.InnerException is AuthenticationException { Message: var why }
                && why.Contains("NotTimeValid", StringComparison.Ordinal)
            )
        {
            return Finding.Error(
                Name,
                $"the certificate of {provider.Name} is not valid at the time it is here: {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC",
                Remedy
            );
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string Words(TimeSpan off) =>
        off switch
        {
            { TotalDays: >= 2 } => $"{(long)off.TotalDays} days",
            { TotalHours: >= 2 } => $"{(long)off.TotalHours} hours",
            { TotalMinutes: >= 2 } => $"{(long)off.TotalMinutes} minutes",
            _ => $"{(long)off.TotalSeconds} seconds",
        };
}
