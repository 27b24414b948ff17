using System.Text.Json;

namespace Dragoman.Simulator.Misbehaviour;

/// <summary>Which fault strikes a call: its key's, else the model's script, else what is set for the model, else the model's own.</summary>
internal sealed class FaultBook
{
    // Enough for any test or demo; beyond it the first times are forgotten.
    private const int MostFirstTimes = 10_000;

    // Where the dialects put what is said; the last of it tells one call from another.
    private static readonly string[] Conversations =
    [
        "messages",
        "contents",
        "prompt",
        "content",
        "requests",
        "input",
    ];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fault> _perKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Fault> _perModel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Fault>> _scripts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Model, ulong Call)> _firstTimes = [];

    public void SetForKey(string apiKey, Fault? fault) => Set(_perKey, apiKey, fault);

    public void Set(string model, Fault? fault) =>
        Set(_perModel, SimulatedModel.BareName(model), fault);

    public void Script(string model, IEnumerable<Fault> faults)
    {
        lock (_lock)
            _scripts[SimulatedModel.BareName(model)] = new(faults);
    }

    public void Clear()
    {
        lock (_lock)
        {
            _perKey.Clear();
            _perModel.Clear();
            _scripts.Clear();
            _firstTimes.Clear();
        }
    }

    /// <summary>The fault for this call; null where it is to be answered soundly. Counts as a call.</summary>
    public Fault? Next(SimulatedModel model, string? apiKey, JsonElement request)
    {
        lock (_lock)
        {
            if (apiKey is not null && _perKey.TryGetValue(apiKey, out var fault))
                return fault;
            if (_scripts.TryGetValue(model.Name, out var script) && script.TryDequeue(out fault))
                return fault;
            if (_perModel.TryGetValue(model.Name, out fault))
                return fault;
            fault = model.Fault;
            return fault is { Once: true } && !IsFirstTime(model.Name, request) ? null : fault;
        }
    }

    private bool IsFirstTime(string model, JsonElement request)
    {
        if (_firstTimes.Count >= MostFirstTimes)
            _firstTimes.Clear();
        return _firstTimes.Add((model, StableHash.Of(Identity(request))));
    }

    private static string Identity(JsonElement request)
    {
        if (request.TryGetProperty("user", out var user))
            return user.GetRawText();
        foreach (var name in Conversations)
        {
            if (!request.TryGetProperty(name, out var said))
                continue;
            if (said.ValueKind == JsonValueKind.Array && said.GetArrayLength() is > 0 and var count)
                return said[count - 1].GetRawText();
            if (said.ValueKind != JsonValueKind.Array)
                return said.GetRawText();
        }
        return "";
    }

    private void Set(Dictionary<string, Fault> table, string name, Fault? fault)
    {
        lock (_lock)
        {
            if (fault is null)
                table.Remove(name);
            else
                table[name] = fault;
        }
    }
}
