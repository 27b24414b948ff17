using System.Text.Json;
using Dragoman.Access;
using Dragoman.Access.Auditing;
using Dragoman.TestKit;
using Shouldly;
using Xunit;

namespace Dragoman.Tests.Access.Auditing;

public sealed class FailedSignInsTests
{
    private readonly ManualTime _time = new();
    private readonly Trail _trail = new();
    private readonly FailedSignIns _failures;

    public FailedSignInsTests() => _failures = new FailedSignIns(_trail, _time);

    [Fact]
    public async Task Note_AHundredThousand_MakesAFewEntriesThatCountThemAll()
    {
        for (var i = 0; i < 100_000; i++)
            await _failures.NoteAsync(Failure(i));

        _trail.Events.Count.ShouldBe(FailedSignIns.OneByOne);
        _time.Advance(FailedSignIns.Window);
        await _failures.SweepAsync();

        _trail.Events.Count.ShouldBe(FailedSignIns.OneByOne + 1);
        var counted = JsonDocument.Parse(_trail.Events[^1].After!).RootElement;
        counted.GetProperty("count").GetInt64().ShouldBe(100_000 - FailedSignIns.OneByOne);
        counted.GetProperty("addresses").GetArrayLength().ShouldBe(10);
        counted.GetProperty("users").EnumerateArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Note_AfterTheTime_BeginsAnew()
    {
        for (var i = 0; i < 50; i++)
            await _failures.NoteAsync(Failure(i));
        _time.Advance(FailedSignIns.Window);

        await _failures.NoteAsync(Failure(51));

        _trail.Events.Count.ShouldBe(FailedSignIns.OneByOne + 2);
        _trail.Events[^2].After!.ShouldContain("\"count\":30");
        _trail.Events[^1].Address.ShouldBe("10.0.0.51");
    }

    [Fact]
    public async Task Sweep_BeforeTheTime_SaysNothing_AtTheEnd_All()
    {
        for (var i = 0; i < 25; i++)
            await _failures.NoteAsync(Failure(i));

        await _failures.SweepAsync();
        _trail.Events.Count.ShouldBe(FailedSignIns.OneByOne);

        await _failures.SweepAsync(isEnd: true);
        _trail.Events[^1].After!.ShouldContain("\"count\":5");
        await _failures.SweepAsync(isEnd: true);
        _trail.Events.Count.ShouldBe(FailedSignIns.OneByOne + 1);
    }

    private static AuditEvent Failure(int i) =>
        new()
        {
            Source = "nobody",
            Action = "session.fail",
            Address = $"10.0.0.{i}",
            Subject = "user:anna",
        };

    private sealed class Trail : IAuditTrail
    {
        public List<AuditEvent> Events { get; } = [];

        public ValueTask AppendAsync(
            AuditEvent happened,
            CancellationToken cancellationToken = default
        )
        {
            Events.Add(happened);
            return default;
        }
    }
}
