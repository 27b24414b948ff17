using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dragoman.Canonical;
using Dragoman.Native;
using Dragoman.Routing;
using Dragoman.Routing.Decisions;

namespace Dragoman.Administration;

/// <summary>What a simulation is asked: which decisions, and what else would have been.</summary>
/// <param name="Change">Another strategy, other weights, prices or models.</param>
/// <param name="Last">So many of the newest requests are looked at.</param>
/// <param name="Since">None that began before.</param>
/// <param name="Rules">The text of a list of rules, as <c>dragoman.yaml</c> has it, in place of the present ones; null leaves these.</param>
internal sealed record SimulationQuery(
    DecisionChange Change,
    int Last,
    DateTimeOffset? Since,
    string? Rules
)
{
    public const int UsualLast = 1_000;
    public const int MostLast = 10_000;
}

/// <summary>Reads a body of <c>POST /api/admin/routing/simulate</c>.</summary>
internal static class SimulationReader
{
    private const string Example = "{\"last\": 1000, \"changes\": {\"weights\": {\"cost\": 2}}}";
    private const double MostWeight = 100;
    private const decimal MostPrice = 1_000_000;

    private static readonly string[] Members = ["last", "since", "changes"];
    private static readonly string[] Changes =
    [
        "strategy",
        "weights",
        "prices",
        "without",
        "rules",
    ];
    private static readonly string[] Weighed = ["quality", "cost", "latency", "health"];
    private static readonly string[] Priced = ["input", "output", "cache_read"];

    private static readonly string[] Times =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        out SimulationQuery? query,
        out GatewayError? error
    ) => BodyMembers.TryRead(body, Example, Members, Read, out query, out error);

    private static SimulationQuery Read(BodyMembers body)
    {
        var last = body.Number(
            "last",
            1,
            SimulationQuery.MostLast,
            $"a whole number from 1 to {SimulationQuery.MostLast}"
        );
        var since = Since(body);
        var changes = body.Inner("changes", Changes);
        var change = new DecisionChange();
        if (changes is not null)
            change = new DecisionChange
            {
                Strategy = changes.Text("strategy"),
                Weights = Weights(changes),
                Prices = Prices(changes),
                Without = (changes.Texts("without") ?? []).ToHashSet(StringComparer.Ordinal),
            };
        return new SimulationQuery(
            change,
            (int?)last ?? SimulationQuery.UsualLast,
            since,
            changes is null ? null : Rules(changes)
        );
    }

    private static DateTimeOffset? Since(BodyMembers body)
    {
        if (body.Text("since") is not { } text)
            return null;
        if (
            DateTimeOffset.TryParseExact(
                text,
                Times,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var since
            )
        )
            return since;
        body.Fail(
            "'since' must be a day such as 2026-11-20 or a time such as 2026-11-20T13:30:00Z.",
            "since"
        );
        return null;
    }

    private static StrategyWeights? Weights(BodyMembers changes)
    {
        if (changes.Inner("weights", Weighed) is not { } said)
            return null;
        var usual = StrategyWeights.Usual;
        var weights = new StrategyWeights(
            said.Real("quality", 0, MostWeight) ?? usual.Quality,
            said.Real("cost", 0, MostWeight) ?? usual.Thrift,
            said.Real("latency", 0, MostWeight) ?? usual.Latency,
            said.Real("health", 0, MostWeight) ?? usual.Health
        );
        if (weights is { Quality: 0, Thrift: 0, Latency: 0 })
            changes.Fail(
                "Nothing would count: at least one of quality, cost and latency must be more than 0.",
                "weights"
            );
        return weights;
    }

    private static Dictionary<string, ChangedPrice> Prices(BodyMembers changes)
    {
        var prices = new Dictionary<string, ChangedPrice>(StringComparer.Ordinal);
        var names = changes.Find("prices") is { ValueKind: JsonValueKind.Object } value
            ? value.EnumerateObject().Select(static member => member.Name).ToList()
            : ["provider/model"];
        if (changes.Inner("prices", names) is not { } said)
            return prices;
        foreach (var name in names)
        {
            if (!name.Contains('/', StringComparison.Ordinal))
                said.Fail(
                    $"'changes.prices.{name}' must be named provider/model, such as openai/gpt-4o-mini.",
                    name
                );
            var price = said.Inner(name, Priced);
            prices[name] = new ChangedPrice(
                Price(price, name, "input"),
                Price(price, name, "output"),
                Price(price, name, "cache_read")
            );
        }
        return prices;
    }

    private static decimal? Price(BodyMembers? price, string model, string name)
    {
        var usd = price?.Amount(name);
        if (usd > MostPrice)
            price!.Fail(
                $"'changes.prices.{model}.{name}' must be at most {MostPrice:0} US dollars per million tokens.",
                name
            );
        return usd;
    }

    /// <summary>Written anew, a member a line: what JSON may hold between its members is not all YAML's.</summary>
    private static string? Rules(BodyMembers changes)
    {
        if (changes.Find("rules") is not { } rules)
            return null;
        if (rules.ValueKind != JsonValueKind.Array)
        {
            changes.Fail(
                "'changes.rules' must be a list of rules as dragoman.yaml has them.",
                "rules"
            );
            return null;
        }
        var text = new ArrayBufferWriter<byte>();
        using (
            var json = new Utf8JsonWriter(
                text,
                new JsonWriterOptions
                {
                    Indented = true,
                    NewLine = "\n",
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
            rules.WriteTo(json);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
