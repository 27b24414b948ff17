using System.Globalization;
using Dragoman.Canonical;

namespace Dragoman.Configuration;

/// <summary>Reads one entry of <c>budgets</c>, and <c>alerts</c>.</summary>
internal static class BudgetReader
{
    private const decimal MostUsd = 1_000_000_000;
    private const decimal MostPer1K = 1_000;

    public static BudgetConfig Read(string name, ConfigSection section)
    {
        var (downgrade, at) = OnExceeded(section);
        var budget = new BudgetConfig
        {
            Name = name,
            Scope = ScopeReader.Read(section),
            Amount = section.Number("amount", 0, MostUsd),
            Window = section.Text("window"),
            TimeZone = section.Text("time_zone"),
            Alerts = Shares(section),
            Downgrade = downgrade,
            DowngradeAt = at,
            Unpriced = Unpriced(section),
            Wait = section.Seconds("wait", min: 0, max: 600),
            Raises = [.. section.Items("raises").Select(Raise)],
        };
        section.Done();
        return budget;
    }

    public static AlertsConfig? Alerts(ConfigSection? section)
    {
        if (section is null)
            return null;
        WebhookConfig? webhook = null;
        if (section.Section("webhook") is { } inner)
        {
            var (url, secret) = (inner.Text("url"), inner.Text("secret"));
            inner.Done();
            if (
                !Uri.TryCreate(url, UriKind.Absolute, out var address)
                || address.Scheme is not ("http" or "https")
            )
                inner.Mistakes.Add(inner.Path + ".url", "Must be an address: https://…");
            else
                webhook = new WebhookConfig(url, secret is null ? null : new SecretText(secret));
        }
        section.Done();
        return new AlertsConfig { Webhook = webhook };
    }

    private static (string? Chain, decimal? At) OnExceeded(ConfigSection section)
    {
        if (!section.IsMapping("on_exceeded"))
        {
            section.Word("on_exceeded", "stop");
            return (null, null);
        }
        var inner = section.Section("on_exceeded")!;
        var (chain, at) = (inner.Text("downgrade"), inner.Number("at", 0, 1));
        if (chain is null && !inner.Mistakes.AnyUnder(inner.Path))
            inner.Mistakes.Add(inner.Path, "Needs downgrade: the chain to go on with.");
        inner.Done();
        return (chain, at);
    }

    private static UnpricedConfig? Unpriced(ConfigSection section)
    {
        if (!section.IsMapping("unpriced"))
        {
            section.Word("unpriced", "refuse");
            return null;
        }
        var inner = section.Section("unpriced")!;
        var input = inner.Number("per_1k_input", 0, MostPer1K);
        var output = inner.Number("per_1k_output", 0, MostPer1K);
        inner.Done();
        if (input is { } ofInput && output is { } ofOutput)
            return new UnpricedConfig(ofInput, ofOutput);
        if (!inner.Mistakes.AnyUnder(inner.Path))
            inner.Mistakes.Add(inner.Path, "Needs both per_1k_input and per_1k_output.");
        return null;
    }

    private static IReadOnlyList<decimal>? Shares(ConfigSection section)
    {
        if (section.Texts("alerts") is not { } texts)
            return null;
        var shares = new List<decimal>();
        for (var i = 0; i < texts.Count; i++)
            if (
                decimal.TryParse(
                    texts[i],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var share
                ) && share is > 0 and <= 1
            )
                shares.Add(share);
            else
                section.Mistakes.Add(
                    FormattableString.Invariant($"{section.Path}.alerts[{i}]"),
                    "Must be a share of the amount, more than 0 and at most 1, e.g. 0.8."
                );
        return [.. shares.Distinct().Order()];
    }

    private static RaiseConfig Raise(ConfigSection section)
    {
        var raise = new RaiseConfig(
            section.Path,
            section.Number("amount", 0, MostUsd),
            section.Text("from"),
            section.Text("until")
        );
        section.Done();
        return raise;
    }
}
