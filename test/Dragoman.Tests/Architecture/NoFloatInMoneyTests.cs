using System.Reflection;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Architecture;

/// <summary>Money is decimal while it is reckoned and whole nano-dollars where it is kept; a binary fraction of it is a mistake anywhere.</summary>
public sealed class NoFloatInMoneyTests
{
    /// <summary>Where a cost leaves for a graph: telemetry's own formats know no decimal, and nobody adds these up to a bill.</summary>
    private static readonly string[] Graphs =
    [
        "Dragoman.Server/Hosting/GatewayMetrics.cs",
        "Dragoman.Server/Hosting/ExchangeTraces.cs",
    ];

    private static readonly string Source = SolutionFolder.Of("src");

    [Fact]
    public void Types_ThatCarryMoney_HoldNoFloats()
    {
        string[] ours = ["Dragoman", "Dragoman.Storage", "Dragoman.Simulator"];
        var types = ours.SelectMany(static name => Assembly.Load(name).GetTypes()).ToList();

        types.Count(static type => MoneySource.IsMoney(type.Name)).ShouldBeGreaterThan(5);
        MoneySource.FloatsIn(types).ShouldBeEmpty();
    }

    [Fact]
    public void Source_ThatSpeaksOfMoney_SpeaksOfNoFloats()
    {
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(Source, file).Replace('\\', '/');
            if (path.Contains("/obj/", StringComparison.Ordinal))
                continue;
            foreach (var (line, text) in MoneySource.FloatsIn(path, File.ReadAllLines(file)))
                found.Add($"{path}:{line}: {text}");
        }

        found.Where(static place => !IsGraph(place)).ShouldBeEmpty();
        // An exception that is not needed any more is taken off the list.
        Graphs
            .Where(graph =>
                !found.Exists(place => place.StartsWith(graph, StringComparison.Ordinal))
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void Schema_ColumnsOfMoney_AreWholeNumbersOrTheTextOfADecimal()
    {
        var schemas = Directory.GetFiles(
            Path.Combine(Source, "Dragoman.Storage", "Schema"),
            "*.sql"
        );

        schemas.ShouldNotBeEmpty();
        foreach (var schema in schemas)
        {
            var sql = File.ReadAllText(schema);
            MoneySource.FloatsInSchema(sql).ShouldBeEmpty(schema);
        }
        File.ReadAllText(schemas.Order(StringComparer.Ordinal).First())
            .ShouldContain("cost_nano_usd     INTEGER");
    }

    [Theory]
    [InlineData("    private double _cost;", true)]
    [InlineData("    var usd = (double)nanos;", true)]
    [InlineData("    return record.CostNanoUsd / 1e9;", true)]
    [InlineData("    var price = 0.15 * tokens;", true)]
    [InlineData("    var fee = 2f;", true)]
    [InlineData("    CostUsd = element.GetDouble();", true)]
    [InlineData("    var price = 0.15m * tokens;", false)]
    [InlineData("    cost.ToString(\"0.#########\")", false)]
    [InlineData("    double temperature = 0.5;", false)]
    [InlineData("    // a double of the price", false)]
    [InlineData("    int budgetTokens = (int)(0.5 * max);", false)]
    public void Rule_OnALine_SpeaksWhereItShould(string line, bool speaks) =>
        MoneySource.FloatsIn("Some.cs", [line]).Any().ShouldBe(speaks);

    [Fact]
    public void Rule_OnAFileNamedAfterMoney_SpeaksOfAnyFloat() =>
        MoneySource.FloatsIn("Catalog/Bill.cs", ["    var x = (double)y;"]).Count().ShouldBe(1);

    [Fact]
    public void Rule_OnAType_SpeaksOfItsPropertiesAndOfWhatItsMethodsHoldMeanwhile()
    {
        var found = MoneySource.FloatsIn([typeof(FloatingBill)]).ToList();

        foreach (
            var word in (string[])
                [
                    ".Total: the property",
                    ".Parts: the property",
                    ".More: the property",
                    ".Add: a local",
                ]
        )
            found.ShouldContain(place => place.Contains(word));
    }

    [Fact]
    public void Rule_OnASoundType_IsSilent() =>
        MoneySource.FloatsIn([typeof(SoundBill)]).ShouldBeEmpty();

    [Theory]
    [InlineData("    cost_usd REAL,", 1)]
    [InlineData("    budget_usd NUMERIC NOT NULL,", 1)]
    [InlineData("    cost_nano_usd INTEGER,\n    cost_basis TEXT NOT NULL,\n    share REAL,", 0)]
    public void Rule_OnASchema_SpeaksOfColumnsOfMoney(string columns, int times) =>
        MoneySource.FloatsInSchema("CREATE TABLE t (\n" + columns + "\n);").Count().ShouldBe(times);

    private static bool IsGraph(string place) =>
        Array.Exists(Graphs, graph => place.StartsWith(graph, StringComparison.Ordinal));

    private sealed class FloatingBill
    {
        public double? Total { get; init; }
        public float[] Parts { get; init; } = [];
        public List<double> More { get; init; } = [];

        public static decimal Add(decimal one)
        {
            var halfway = (double)one;
            for (var i = 0; i < 3; i++)
                halfway += i;
            return (decimal)halfway;
        }
    }

    private sealed class SoundBill
    {
        public decimal? Total { get; init; }
        public long NanoUsd { get; init; }
    }
}
