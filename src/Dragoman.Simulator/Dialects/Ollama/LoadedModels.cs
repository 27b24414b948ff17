using System.Collections.Concurrent;

namespace Dragoman.Simulator.Dialects.Ollama;

/// <summary>The models that were asked for, and until when they stay in memory.</summary>
internal sealed class LoadedModels
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(
        StringComparer.Ordinal
    );

    public void Load(string model, DateTimeOffset until) => _until[model] = until;

    public void Unload(string model) => _until.TryRemove(model, out _);

    public IEnumerable<(string Model, DateTimeOffset Until)> At(DateTimeOffset now) =>
        _until
            .Where(entry => entry.Value > now)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, entry.Value));

    public void Clear() => _until.Clear();
}
