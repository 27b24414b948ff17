using Dragoman.Configuration;
using Dragoman.Dialects;
using Dragoman.Exchanges;
using Dragoman.Routing;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Configuration;

public sealed class ReloadTests
{
    private const string First =
        "providers: { house: { dialect: openai, base_url: \"http://10.0.0.1/v1\", api_keys: [k1, k2] } }\n";

    [Fact]
    public void Reload_NoFile_IsFine()
    {
        using var sources = new TestSources();
        using var snapshots = sources.Snapshots();

        var report = snapshots.Reload();

        report.IsApplied.ShouldBeTrue();
        report.File.ShouldBeNull();
        report.Mistakes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("providers:\nmodels:\nrules: []\n")]
    public void Reload_EmptyFile_IsFine(string text)
    {
        var report = TestSources.Report(text);

        report.IsApplied.ShouldBeTrue();
        report.Mistakes.ShouldBeEmpty();
    }

    [Fact]
    public void Reload_NamedFileThatIsMissing_IsAMistake()
    {
        using var sources = new TestSources();
        using var snapshots = sources.Snapshots(static s => s with { ConfigFile = "other.yaml" });

        var report = snapshots.Reload();

        report.IsApplied.ShouldBeFalse();
        report
            .Mistakes.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("other.yaml: There is no such file.");
    }

    [Theory]
    [InlineData("dragoman.yml", null, null)]
    [InlineData("dragoman.json", null, null)]
    [InlineData("mine.yaml", "mine.yaml", null)]
    [InlineData("mine.yaml", null, "mine.yaml")]
    public void Reload_File_IsFoundWhereverItIsNamed(string file, string? option, string? variable)
    {
        using var sources = new TestSources();
        if (variable is not null)
            sources.Environment["DRAGOMAN_CONFIG"] = variable;
        File.WriteAllText(
            Path.Combine(Path.GetDirectoryName(sources.File)!, file),
            """{"providers": {"house": {"dialect": "openai", "base_url": "http://10.0.0.1/v1"}}}"""
        );
        using var snapshots = sources.Snapshots(s => s with { ConfigFile = option });
        snapshots.Reload().IsApplied.ShouldBeTrue();

        snapshots.Current.Providers.Keys.ShouldBe(["house"]);
    }

    [Fact]
    public void Reload_BadFile_KeepsWhatRuns()
    {
        using var sources = new TestSources();
        sources.Write(First);
        using var snapshots = sources.Snapshots();
        snapshots.Reload();
        var running = snapshots.Current;

        sources.Write(First + "rotues: {}");
        var report = snapshots.Reload();

        report.IsApplied.ShouldBeFalse();
        snapshots.Current.ShouldBeSameAs(running);

        sources.Write(First + "aliases: { a: house/x }");
        snapshots.Reload().IsApplied.ShouldBeTrue();
        snapshots.Current.Version.ShouldBe(running.Version + 1);
    }

    [Fact]
    public void Reload_LearntState_IsKept()
    {
        using var sources = new TestSources();
        sources.Write(First);
        using var snapshots = sources.Snapshots();
        snapshots.Reload();
        var now = DateTimeOffset.UnixEpoch;
        var before = snapshots.Current.Providers["house"];
        var cooled = Decide(snapshots, "house/x").Chain[0].State;
        cooled.Cool(now + TimeSpan.FromMinutes(1));
        before.State.RefusesStreamOptions = true;
        var refused = before.Keys.Take("x", now)!;
        refused.MarkRefused(now);

        sources.Write(First + "aliases: { a: house/x }");
        snapshots.Reload();

        var after = snapshots.Current.Providers["house"];
        after.ShouldNotBeSameAs(before);
        after.State.ShouldBeSameAs(before.State);
        Decide(snapshots, "a").Chain[0].State.ShouldBeSameAs(cooled);
        for (var i = 0; i < 4; i++)
            after.Keys.Take("x", now)!.Secret.ShouldNotBe(refused.Secret);
    }

    [Fact]
    public void Reload_ChangedKey_StartsFresh()
    {
        using var sources = new TestSources();
        sources.Write(First.Replace("[k1, k2]", "[k1]"));
        using var snapshots = sources.Snapshots();
        snapshots.Reload();
        var now = DateTimeOffset.UnixEpoch;
        snapshots.Current.Providers["house"].Keys.Take("x", now)!.MarkRefused(now);

        sources.Write(First.Replace("[k1, k2]", "[k9]"));
        snapshots.Reload();

        snapshots.Current.Providers["house"].Keys.Take("x", now).ShouldNotBeNull();
    }

    [Fact]
    public void Reload_OwnKeyOfADeployment_KeepsItsMarks()
    {
        using var sources = new TestSources { Environment = { ["OWN"] = "own-key" } };
        sources.Write(First + "models: [{ name: mine, provider: house, api_key_env: OWN }]");
        using var snapshots = sources.Snapshots();
        snapshots.Reload();
        var now = DateTimeOffset.UnixEpoch;
        var key = Decide(snapshots, "mine").Chain[0].Provider.Keys.Take("mine", now)!;
        key.Bearer.ShouldBe("Bearer own-key");
        key.MarkRefused(now);

        snapshots.Reload();

        Decide(snapshots, "mine").Chain[0].Provider.Keys.Take("mine", now).ShouldBeNull();
        Decide(snapshots, "house/other").Chain[0].Provider.Keys.Take("x", now).ShouldNotBeNull();
    }

    [Fact]
    public void Reload_RunningExchange_KeepsItsSnapshot()
    {
        using var sources = new TestSources();
        sources.Write(First + "aliases: { a: house/old }");
        using var snapshots = sources.Snapshots();
        snapshots.Reload();
        var held = snapshots.Current.Parts;

        sources.Write(First + "aliases: { a: house/new }");
        snapshots.Reload();

        Model(held).ShouldBe("old");
        Model(snapshots.Current.Parts).ShouldBe("new");

        static string Model(SnapshotParts parts) =>
            parts
                .Get<NameResolver>()
                .Resolve("a", Operation.Chat, Wishes.None)
                .Decision!.Chain[0]
                .Model;
    }

    [Fact]
    public void Look_ChangedFile_IsReloadedOnceItIsWritten()
    {
        using var sources = new TestSources();
        sources.Write(First);
        using var snapshots = sources.Snapshots();
        snapshots.Reload();
        var reloads = new List<ConfigReport>();
        snapshots.Reloaded += reloads.Add;
        snapshots.Look();
        snapshots.Look();
        reloads.ShouldBeEmpty();

        // An editor that writes another file and renames it.
        var other = sources.File + ".tmp";
        File.WriteAllText(other, First + "aliases: { a: house/x }");
        File.Move(other, sources.File, overwrite: true);
        snapshots.Look();
        reloads.ShouldBeEmpty();
        snapshots.Look();
        reloads.ShouldHaveSingleItem().IsApplied.ShouldBeTrue();

        // A bad one is told once, and changes nothing.
        sources.Write("rotues: {}");
        for (var i = 0; i < 4; i++)
            snapshots.Look();
        reloads.Count.ShouldBe(2);
        reloads[1].IsApplied.ShouldBeFalse();
        Decide(snapshots, "a").Chain[0].Model.ShouldBe("x");
    }

    [Fact]
    public void Look_LinkThatLeadsElsewhere_IsReloaded()
    {
        using var sources = new TestSources();
        var folder = Path.GetDirectoryName(sources.File)!;
        foreach (var version in (string[])["1", "2"])
        {
            Directory.CreateDirectory(Path.Combine(folder, version));
            File.WriteAllText(
                Path.Combine(folder, version, "dragoman.yaml"),
                First + $"aliases: {{ a: house/v{version} }}"
            );
        }
        // As Kubernetes lays a configuration map out: file → ..data/file, ..data → 1.
        var data = Path.Combine(folder, "..data");
        Directory.CreateSymbolicLink(data, "1");
        File.CreateSymbolicLink(sources.File, "..data/dragoman.yaml");
        using var snapshots = sources.Snapshots();
        snapshots.Reload();
        Decide(snapshots, "a").Chain[0].Model.ShouldBe("v1");

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "2");
        snapshots.Look();
        snapshots.Look();

        Decide(snapshots, "a").Chain[0].Model.ShouldBe("v2");
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        using var sources = new TestSources();
        using var snapshots = sources.Snapshots();
        using var stop = new CancellationTokenSource();
        var watching = snapshots.WatchAsync(stop.Token);

        await stop.CancelAsync();

        await watching.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static RoutingDecision Decide(GatewaySnapshots snapshots, string name)
    {
        var (decision, error) = snapshots.Current.Names.Resolve(name, Operation.Chat, Wishes.None);
        return decision.ShouldNotBeNull(error?.Message);
    }

    [Fact]
    public void Reload_PricesOfOnesOwn_HoldForEveryServiceTier()
    {
        using var sources = new TestSources();
        sources.Write(
            First
                + "models: [{ name: mine, provider: house, model: x, cost_per_1k_input: 0.001, cost_per_1k_output: 0.002 }]"
        );
        using var snapshots = sources.Snapshots();
        snapshots.Reload();

        var prices = Decide(snapshots, "mine").Chain[0].Prices!;

        foreach (var tier in (string?[])[null, "flex", "priority"])
        {
            prices.For(tier)!.Input.ShouldBe(1m);
            prices.For(tier)!.Output.ShouldBe(2m);
        }
    }
}
