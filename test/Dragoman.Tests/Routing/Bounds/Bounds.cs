using System.Text.Json;
using Dragoman.Catalog;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;

namespace Dragoman.Tests.Routing.Bounds;

/// <summary>Whom an exchange may ask, told once more from the configuration and the wishes alone: no code of routing is asked for it.</summary>
internal sealed record Bounds
{
    public bool LocalOnly { get; private init; }

    /// <summary>Each of the lists must name the region.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Regions { get; private init; } = [];
    public decimal? MaxUsd { get; private init; }
    public IReadOnlyList<string> Required { get; private init; } = [];

    public static Bounds Of(Exchange exchange, RoutingTable table)
    {
        var wishes = exchange.Wishes;
        var (name, agent) = (exchange.Envelope.Model, (Dragoman.Agents.Agent?)null);
        if (name.StartsWith("agent:", StringComparison.Ordinal))
        {
            agent = table.Agents[name["agent:".Length..]];
            name = agent.Model;
        }
        name = table.Aliases.GetValueOrDefault(name, name);
        if (name == "auto" && table.DefaultModel is { } standard)
            name = table.Aliases.GetValueOrDefault(standard, standard);
        var route = table.Routes.GetValueOrDefault(name);
        var rule = exchange.Get<RoutingDecision>()?.Rule;
        var target = table.Rules.Rules.SingleOrDefault(one => one.Name == rule)?.Target ?? "";
        IReadOnlyList<string>?[] regions =
        [
            table.Regions,
            route?.Regions,
            table
                .Routes.GetValueOrDefault(table.Aliases.GetValueOrDefault(target, target))
                ?.Regions,
            wishes.Regions,
        ];
        decimal?[] most = [wishes.MaxCostUsd, agent?.MaxCostUsd];
        return new Bounds
        {
            LocalOnly = table.LocalOnly || wishes.LocalOnly is true || agent is { LocalOnly: true },
            Regions = [.. regions.OfType<IReadOnlyList<string>>()],
            MaxUsd = most.Min(),
            Required = [.. wishes.RequiredCapabilities, .. agent?.Capabilities ?? []],
        };
    }

    /// <summary>The bound that a call breaks, and how; null where all is well.</summary>
    public (string Bound, string Told)? WhyNot(Ask ask)
    {
        var asked = ask.Deployment;
        if (LocalOnly && !asked.Local)
            return ("local_only", "it is not local");
        foreach (var list in Regions)
            if (
                !list.Contains(asked.Region, StringComparer.OrdinalIgnoreCase)
                && !(asked.Local && list.Contains("local"))
            )
                return ("region", $"{asked.Region ?? "no region"}, not {string.Join(',', list)}");
        foreach (var capability in Required)
            if (!Has(asked, capability))
                return ("required_capabilities", $"it is not known to have {capability}");
        if (MaxUsd is not { } most)
            return null;
        if (CostAtMost(ask) is not { } cost)
            return ("max_cost_usd, unknown price", "its price is unknown");
        // Where answers have cost more than was thought, who is free adds nothing to that.
        if (cost == 0 || ask.Spent + cost <= most)
            return null;
        var told = $"${cost} behind ${ask.Spent}, and ${most} may be spent";
        return (cost > most ? "max_cost_usd" : "max_cost_usd, all attempts together", told);
    }

    private static bool Has(Deployment asked, string capability)
    {
        var can = asked.Capabilities;
        return capability switch
        {
            Capabilities.Tools => can.Tools is true,
            Capabilities.Vision => can.Vision is true,
            Capabilities.StructuredOutput => can.StructuredOutput is true,
            Capabilities.ReasoningEffort => can.Reasoning is true,
            Capabilities.WebSearch => can.WebSearch is true,
            Capabilities.Offline => asked.Local,
            Capabilities.LongContext => asked.ContextWindow >= 100_000,
            "code" => asked.Strengths.Contains("code") || asked.Quality?.For("code")?.Score >= 50,
            _ => throw new ArgumentException(capability),
        };
    }

    /// <summary>US dollars of what was really sent, with as long an answer as that allows, else a usual one.</summary>
    private static decimal? CostAtMost(Ask ask)
    {
        var (asked, body) = (ask.Deployment, ask.Body);
        if (asked.Prices is not { Input: { } input, Output: { } output })
            return null;
        var usual = asked.Capabilities.Reasoning is true ? 2_000 : 500;
        var allowed = Number(body, "max_completion_tokens") ?? Number(body, "max_tokens") ?? usual;
        var answer = Math.Min(allowed, asked.MaxOutput ?? long.MaxValue) * (Number(body, "n") ?? 1);
        return (PromptTokens(body) * input + answer * output) / 1_000_000;
    }

    /// <summary>Without what a recovery repeats of the answer: that was paid as answer, and is not known beforehand.</summary>
    private static long PromptTokens(JsonElement body)
    {
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        if (messages[^1].GetProperty("role").GetString() == "assistant")
            messages.RemoveAt(messages.Count - 1);
        return PromptEstimate.Of(JsonSerializer.SerializeToUtf8Bytes(new { messages }));
    }

    private static long? Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
