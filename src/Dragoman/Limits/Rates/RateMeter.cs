using System.Globalization;

namespace Dragoman.Limits.Rates;

/// <summary>So many of one kind within one span of time, e.g. 60 requests a minute.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Window">The span: at no time more than <paramref name="Most"/> were taken within the last of it.</param>
/// <param name="Most">How many.</param>
internal sealed record RateMeter(RateKind Kind, TimeSpan Window, long Most)
{
    /// <summary>The spans there are, by their word.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, TimeSpan>> Windows =
    [
        new("second", TimeSpan.FromSeconds(1)),
        new("minute", TimeSpan.FromMinutes(1)),
        new("hour", TimeSpan.FromHours(1)),
        new("day", TimeSpan.FromDays(1)),
    ];

    /// <summary>The field that sets it, e.g. <c>tokens_per_minute</c>.</summary>
    public string Field { get; } = FieldOf(Kind, WordOf(Window));

    /// <summary><see cref="Most"/> as headers have it.</summary>
    public string MostText { get; } = Most.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of people's words, e.g. <c>requests per minute</c>.</summary>
    public string Words => Field.Replace('_', ' ');

    public static string FieldOf(RateKind kind, string window) =>
        (
            kind switch
            {
                RateKind.Requests => "requests_per_",
                RateKind.Tokens => "tokens_per_",
                RateKind.InputTokens => "input_tokens_per_",
                _ => "output_tokens_per_",
            }
        ) + window;

    /// <summary>What a request takes of it: of tokens no more of the answer than there is room for at all, since that part is a guess.</summary>
    public long Need(in RateNeed need) =>
        Kind switch
        {
            RateKind.Requests => need.Requests,
            RateKind.InputTokens => need.Input,
            RateKind.OutputTokens => Math.Min(need.Output, Most),
            _ => Math.Max(need.Input, Math.Min(need.Input + need.Output, Most)),
        };

    /// <summary>What it turned out to take.</summary>
    public long Spent(in RateNeed spent) =>
        Kind switch
        {
            RateKind.Requests => spent.Requests,
            RateKind.InputTokens => spent.Input,
            RateKind.OutputTokens => spent.Output,
            _ => spent.Input + spent.Output,
        };

    private static string WordOf(TimeSpan window)
    {
        foreach (var (word, span) in Windows)
            if (span == window)
                return word;
        throw new ArgumentOutOfRangeException(nameof(window));
    }
}

/// <summary>What one request takes, or took.</summary>
internal readonly record struct RateNeed(long Requests, long Input, long Output)
{
    /// <summary>It came to nothing before anybody was asked.</summary>
    public static readonly RateNeed None;
}
