using Dragoman.Simulator.Chat;

namespace Dragoman.Simulator.Dialects.Responses;

/// <summary>A response that is kept: its body, and what a next call that names it goes on from.</summary>
internal sealed record StoredResponse(
    byte[] Body,
    Transcript Transcript,
    IReadOnlyCollection<string> OpenCalls
);

/// <summary>The responses that are kept, the oldest forgotten first; very long ones are not kept at all.</summary>
internal sealed class ResponseStore
{
    private const int Most = 256;
    private const int LongestBody = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredResponse> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Keep(string id, StoredResponse response)
    {
        if (response.Body.Length > LongestBody)
            return;
        lock (_lock)
        {
            if (!_byId.ContainsKey(id))
                _order.Enqueue(id);
            _byId[id] = response;
            while (_order.Count > Most)
                _byId.Remove(_order.Dequeue());
        }
    }

    public StoredResponse? Find(string id)
    {
        lock (_lock)
            return _byId.GetValueOrDefault(id);
    }

    public bool Delete(string id)
    {
        lock (_lock)
            return _byId.Remove(id);
    }

    public void Clear()
    {
        lock (_lock)
        {
            _byId.Clear();
            _order.Clear();
        }
    }
}
