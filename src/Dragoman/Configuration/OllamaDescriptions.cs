using Dragoman.Catalog;

namespace Dragoman.Configuration;

/// <summary>
/// What Ollama servers said of their models, each asked once for what its name stands for now: a few at a time, behind the list,
/// since a server may have hundreds and answers each from its disk.
/// </summary>
internal sealed class OllamaDescriptions
{
    private const int AtOnce = 16;

    /// <summary>A model that a server does not describe is let be after so many times.</summary>
    private const int MostTries = 3;

    private readonly Dictionary<(string Server, string Model, string? Digest), Answer> _known = [];

    /// <summary>What was said in the end; null while nothing was, after so many tries.</summary>
    private sealed record Answer(ServedModel? Model, int Tries);

    /// <summary>The servers with what is known of their models; what they no longer have is forgotten.</summary>
    public IReadOnlyList<DiscoveredServer> Over(IReadOnlyList<DiscoveredServer> servers)
    {
        List<DiscoveredServer> described = new(servers.Count);
        var present = new HashSet<(string, string, string?)>();
        foreach (var server in servers)
        {
            var models = new List<ServedModel>(server.Models.Count);
            foreach (var model in server.Models)
            {
                present.Add(KeyOf(server, model));
                models.Add(Known(server, model)?.Model ?? model);
            }
            described.Add(server with { Models = models });
        }
        foreach (var key in _known.Keys.Where(key => !present.Contains(key)).ToList())
            _known.Remove(key);
        return described;
    }

    /// <summary>There are some that are not known yet.</summary>
    public bool AnyOpen(IReadOnlyList<DiscoveredServer> servers) =>
        servers.Any(server => server.Models.Any(model => IsOpen(server, model)));

    /// <summary>Asks for some that are not known yet.</summary>
    public async Task AskAsync(
        IReadOnlyList<DiscoveredServer> servers,
        Func<DiscoveredServer, ServedModel, Task<ServedModel?>> ask
    )
    {
        var asked = servers
            .SelectMany(static server => server.Models, static (server, model) => (server, model))
            .Where(pair => IsOpen(pair.server, pair.model))
            .Take(AtOnce)
            .ToList();
        var answers = await Task.WhenAll(asked.Select(pair => ask(pair.server, pair.model)));
        for (var i = 0; i < asked.Count; i++)
        {
            var (server, model) = asked[i];
            var tries = (Known(server, model)?.Tries ?? 0) + 1;
            _known[KeyOf(server, model)] = new Answer(answers[i], tries);
        }
    }

    private bool IsOpen(DiscoveredServer server, ServedModel model) =>
        Known(server, model) is not { } known || (known.Model is null && known.Tries < MostTries);

    private Answer? Known(DiscoveredServer server, ServedModel model) =>
        _known.GetValueOrDefault(KeyOf(server, model));

    private static (string, string, string?) KeyOf(DiscoveredServer server, ServedModel model) =>
        (server.Name, model.Name, model.Digest);
}
