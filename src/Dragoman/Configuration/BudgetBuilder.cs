using System.Globalization;
using Dragoman.Catalog;
using Dragoman.Limits.Budgets;
using Dragoman.Routing;

namespace Dragoman.Configuration;

/// <summary>Makes budgets of what the file says, and checks what it names.</summary>
internal sealed class BudgetBuilder(ConfigMistakes mistakes)
{
    private const decimal ThousandsPerMillion = 1_000;
    private const int LongestName = 64;
    private const int MostRollingDays = 400;

    public BudgetBook Build(IReadOnlyList<BudgetConfig> configs, NameBook names) =>
        configs.Count == 0
            ? BudgetBook.Empty
            : new BudgetBook([.. configs.Select(config => BudgetOf(config, names))]);

    public static AlertTarget? TargetOf(AlertsConfig? config) =>
        config?.Webhook is { } webhook
            ? new AlertTarget(new Uri(webhook.Url), webhook.Secret)
            : null;

    private Budget BudgetOf(BudgetConfig config, NameBook names)
    {
        var path = "budgets." + ConfigSection.Shown(config.Name);
        if (
            config.Name.Length > LongestName
            || config.Name.Any(static letter => letter == '/' || char.IsControl(letter))
        )
            mistakes.Add(path, "A name is at most 64 letters on one line, without slashes.");
        if (config.Amount is null && !mistakes.AnyUnder(path + ".amount"))
            mistakes.Add(path, "Needs amount: US dollars in a window.");
        if (config.Downgrade is { } chain && names.FindChain(chain) is NameMeaning.Nothing nothing)
        {
            var place = path + ".on_exceeded.downgrade";
            if (nothing.IsUnknown)
                mistakes.Add(place, nothing.Error.Message);
            else
                mistakes.Warn(place, nothing.Error.Message);
        }
        var zone = ZoneOf(config, path);
        return new Budget
        {
            Name = config.Name,
            Scope = config.Scope,
            AmountNanoUsd = Nano(config.Amount),
            Window = WindowOf(config, zone, path),
            Alerts = config.Alerts ?? [0.8m, 1],
            Downgrade = config.Downgrade,
            DowngradeAt = config.DowngradeAt ?? 1,
            Unpriced = config.Unpriced is { } stated
                ? new StatedPrice(
                    stated.InputPer1K * ThousandsPerMillion,
                    stated.OutputPer1K * ThousandsPerMillion
                )
                : null,
            Wait = config.Wait ?? Budget.UsualWait,
            Raises = [.. config.Raises.Select(raise => RaiseOf(raise, zone)).OfType<BudgetRaise>()],
        };
    }

    private BudgetWindow WindowOf(BudgetConfig config, TimeZoneInfo zone, string path)
    {
        switch (config.Window)
        {
            case null or "total":
                return BudgetWindow.Total;
            case "day":
                return new BudgetWindow(BudgetCycle.Day, zone);
            case "week":
                return new BudgetWindow(BudgetCycle.Week, zone);
            case "month":
                return new BudgetWindow(BudgetCycle.Month, zone);
        }
        if (
            config.Window.Length >= 2
            && config.Window[^1] is 'd' or 'h'
            && int.TryParse(
                config.Window[..^1],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var many
            )
            && many > 0
            && many <= (config.Window[^1] == 'd' ? MostRollingDays : MostRollingDays * 24)
        )
            return new BudgetWindow(
                BudgetCycle.Rolling,
                TimeZoneInfo.Utc,
                config.Window[^1] == 'd' ? TimeSpan.FromDays(many) : TimeSpan.FromHours(many)
            );
        mistakes.Add(
            path + ".window",
            "Must be day, week, month or total, or a number of days or hours for a window that rolls: 30d, 12h."
        );
        return BudgetWindow.Total;
    }

    private TimeZoneInfo ZoneOf(BudgetConfig config, string path)
    {
        if (config.TimeZone is not { } id)
            return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            return zone;
        mistakes.Add(
            path + ".time_zone",
            $"There is no time zone '{ConfigSection.Shown(id)}'. They are named as in Europe/Berlin."
        );
        return TimeZoneInfo.Utc;
    }

    private BudgetRaise? RaiseOf(RaiseConfig raise, TimeZoneInfo zone)
    {
        if (raise.Amount is null || raise.Until is null)
        {
            if (!mistakes.AnyUnder(raise.Path))
                mistakes.Add(raise.Path, "Needs amount and until.");
            return null;
        }
        var until = TimeOf(raise.Until, zone, raise.Path + ".until");
        DateTimeOffset? from = raise.From is { } said
            ? TimeOf(said, zone, raise.Path + ".from")
            : null;
        if (until is not { } end)
            return null;
        if (from >= end)
            mistakes.Add(raise.Path, "Ends before it begins.");
        return new BudgetRaise(Nano(raise.Amount), from, end);
    }

    /// <summary>A day or a time; one that does not say its zone is of the budget's.</summary>
    private DateTimeOffset? TimeOf(string text, TimeZoneInfo zone, string path)
    {
        if (
            DateTime.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind | DateTimeStyles.AllowWhiteSpaces,
                out var time
            )
        )
            return time.Kind == DateTimeKind.Unspecified
                ? new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime()
                : new DateTimeOffset(time.ToUniversalTime());
        mistakes.Add(path, "Must be a day or a time: 2026-12-01, 2026-12-01T08:00:00Z.");
        return null;
    }

    private static long Nano(decimal? usd) => (long)((usd ?? 0) * Cost.NanosPerUsd);
}
