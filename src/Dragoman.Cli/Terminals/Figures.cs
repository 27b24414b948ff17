using System.Globalization;
using Dragoman.Canonical;
using Dragoman.Native;

namespace Dragoman.Cli.Terminals;

/// <summary>Numbers as people read them. What nobody knows is a dash, never a zero.</summary>
internal static class Figures
{
    public const string Unknown = "-";

    /// <summary>US dollars: cents where they are many, and enough digits to see something where they are few.</summary>
    public static string Dollars(decimal? usd) =>
        usd switch
        {
            null => Unknown,
            0 => "$0",
            >= 1 or <= -1 => usd.Value.ToString("$#,0.00;-$#,0.00", CultureInfo.InvariantCulture),
            >= 0.01m or <= -0.01m => usd.Value.ToString(
                "$0.00##;-$0.00##",
                CultureInfo.InvariantCulture
            ),
            >= 0.0001m or <= -0.0001m => usd.Value.ToString(
                "$0.00####;-$0.00####",
                CultureInfo.InvariantCulture
            ),
            _ => usd.Value.ToString("$0.00#######;-$0.00#######", CultureInfo.InvariantCulture),
        };

    public static string Time(TimeSpan? time) =>
        time switch
        {
            null => Unknown,
            { TotalMilliseconds: < 9.95 } => Number("0.0", time.Value.TotalMilliseconds) + " ms",
            { TotalMilliseconds: < 999.5 } => Number("0", time.Value.TotalMilliseconds) + " ms",
            { TotalSeconds: < 59.95 } => Number("0.0", time.Value.TotalSeconds) + " s",
            _ => $"{(long)time.Value.TotalMinutes} min {time.Value.Seconds} s",
        };

    public static string Milliseconds(double? milliseconds) =>
        Time(milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null);

    public static string Count(long? count) =>
        count?.ToString("#,0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>128000 is <c>128k</c>, 1048576 is <c>1.05M</c>.</summary>
    public static string Short(long? count) =>
        count switch
        {
            null => Unknown,
            < 1_000 => Count(count),
            < 1_000_000 => Number("0.#", count.Value / 1_000.0) + "k",
            _ => Number("0.##", count.Value / 1_000_000.0) + "M",
        };

    public static string Bytes(long? bytes) =>
        bytes switch
        {
            null => Unknown,
            < 1024 => bytes + " B",
            < 1024 * 1024 => Number("0.#", bytes.Value / 1024.0) + " KiB",
            < 1024L * 1024 * 1024 => Number("0.#", bytes.Value / 1048576.0) + " MiB",
            _ => Number("0.#", bytes.Value / 1073741824.0) + " GiB",
        };

    /// <summary>All tokens that are known; null where none are.</summary>
    public static long? Together(TokenUsage? usage) =>
        usage is null or { TotalInput: null, TotalOutput: null }
            ? null
            : (usage.TotalInput ?? 0) + (usage.TotalOutput ?? 0);

    /// <summary>E.g. <c>12 in, 340 out</c>.</summary>
    public static string Tokens(TokenUsage? usage) =>
        usage is null or { TotalInput: null, TotalOutput: null }
            ? "tokens unknown"
            : (usage.Estimated ? "about " : "")
                + $"{Count(usage.TotalInput)} in, {Count(usage.TotalOutput)} out";

    /// <summary>Who answered, and what it took.</summary>
    public static string Summary(CompletionReply reply) =>
        string.Join(
            " · ",
            $"{reply.Provider}/{reply.Model}",
            Tokens(reply.Usage),
            Cost(reply.Cost),
            Time(reply.Latency)
        );

    public static string Summary(EmbeddingsReply reply) =>
        string.Join(
            " · ",
            $"{reply.Provider}/{reply.Model}",
            $"{reply.Dimensions} dimensions",
            reply.Usage?.TotalInput is { } tokens ? $"{Count(tokens)} tokens" : "tokens unknown",
            Cost(reply.Cost),
            Time(reply.Latency)
        );

    public static string Cost(decimal? usd) => usd is null ? "cost unknown" : Dollars(usd);

    private static string Number(string format, double value) =>
        value.ToString(format, CultureInfo.InvariantCulture);
}
