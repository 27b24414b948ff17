namespace Dragoman.Usage;

/// <summary>One name's figures since the start and over the last hour, which is kept in slots of five minutes.</summary>
internal sealed class StatsCounter
{
    // Twelve whole slots and the one that runs: between 60 and 65 minutes.
    private const int Slots = 13;

    public static readonly TimeSpan SlotWidth = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly StatsWindow _all = new();
    private readonly StatsWindow?[] _slots = new StatsWindow?[Slots];
    private readonly long[] _numbers = new long[Slots];

    public void Add(UsageRecord record, in Rescue? rescue, long slot)
    {
        lock (_gate)
        {
            var window = SlotOf(slot);
            _all.Add(record);
            window.Add(record);
            if (rescue is not { } known)
                return;
            _all.Add(known);
            window.Add(known);
        }
    }

    public void Add(Exchanges.AttemptRecord attempt, long slot)
    {
        lock (_gate)
        {
            _all.Add(attempt);
            SlotOf(slot).Add(attempt);
        }
    }

    /// <summary>Copies, which nobody changes.</summary>
    public (StatsWindow SinceStart, StatsWindow LastHour) Read(long slot)
    {
        var (all, hour) = (new StatsWindow(), new StatsWindow());
        lock (_gate)
        {
            all.Add(_all);
            for (var i = 0; i < Slots; i++)
            {
                if (_slots[i] is { } window && _numbers[i] > slot - Slots)
                    hour.Add(window);
            }
        }
        return (all, hour);
    }

    private StatsWindow SlotOf(long slot)
    {
        var place = (int)(slot % Slots);
        if (_slots[place] is not { } window)
            window = _slots[place] = new StatsWindow();
        else if (_numbers[place] != slot)
            window.Clear();
        _numbers[place] = slot;
        return window;
    }
}
