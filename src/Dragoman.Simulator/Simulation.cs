using System.Text.Json;
using Dragoman.Simulator.Dialects;
using Dragoman.Simulator.Dialects.Ollama;
using Dragoman.Simulator.Dialects.Responses;
using Dragoman.Simulator.Dialects.Vertex;
using Dragoman.Simulator.Journal;
using Dragoman.Simulator.Misbehaviour;
using Dragoman.Simulator.Replies;

namespace Dragoman.Simulator;

/// <summary>What the addresses of all dialects share: the models, their faults, the journal.</summary>
internal sealed class Simulation(SimulatorOptions options, RequestJournal journal, FaultBook faults)
{
    public SimulatorOptions Options => options;

    /// <summary>Known once the listener is bound.</summary>
    public int Port { get; set; }

    /// <summary>The access tokens of Vertex AI.</summary>
    public AccessTokens Tokens { get; } = new();

    /// <summary>The answers that OpenAI's Responses keep.</summary>
    public ResponseStore Responses { get; } = new();

    /// <summary>The models that Ollama holds in memory.</summary>
    public LoadedModels Loaded { get; } = new();

    /// <summary>What is sent beside each reply of a model, by its name.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<
        string,
        (string Name, string Value)[]
    > Headers { get; } = new(StringComparer.Ordinal);

    /// <summary>A reply with what its model sends beside it.</summary>
    public Reply Beside(string model, Reply reply) =>
        Headers.TryGetValue(model, out var headers)
            ? reply with
            {
                Headers = [.. reply.Headers, .. headers],
            }
            : reply;

    public DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    /// <summary>Forgets the answers that were kept, the models that were loaded and the tokens.</summary>
    public void Forget()
    {
        Responses.Clear();
        Loaded.Clear();
        Tokens.Revoke();
        Headers.Clear();
    }

    /// <summary>Reads the body, which must be a JSON object.</summary>
    public Reply WithBody(Incoming request, Dialect dialect, Func<JsonElement, Reply> answer)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? answer(document.RootElement)
                : dialect.Refuse(new(400, "The body must be a JSON object."));
        }
        // Besides: half a surrogate pair in a string, a field of another type, a schema's bound beyond all numbers.
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or OverflowException)
        {
            return dialect.Refuse(new(400, $"The body cannot be read: {e.Message}"));
        }
    }

    /// <summary>Writes the model into the journal.</summary>
    public void Name(Incoming request, SimulatedModel model) =>
        journal.Named(request.Record, model.Name);

    /// <summary>Writes the model into the journal and finds it; null where there is none.</summary>
    public SimulatedModel? Know(Incoming request, Dialect dialect, string name)
    {
        var bare = SimulatedModel.BareName(name);
        journal.Named(request.Record, bare);
        return SimulatedModel.Find(bare, options, dialect.Kind);
    }

    /// <summary>Finds model and fault; answers where the fault does not.</summary>
    public Reply Infer(Incoming request, Asked asked, Func<Call, Reply> answer)
    {
        if (asked.Model is not { Length: > 0 } name)
            return asked.Dialect.Refuse(new(400, "The request must name a model.", Param: "model"));
        return Know(request, asked.Dialect, name) is { } model
            ? Serve(request, asked, model, answer)
            : asked.Dialect.Refuse(Refusals.ModelNotFound(name));
    }

    /// <summary>Answers for a model, where its fault does not.</summary>
    public Reply Serve(
        Incoming request,
        Asked asked,
        SimulatedModel model,
        Func<Call, Reply> answer
    )
    {
        var fault = faults.Next(model, request.Record.ApiKey, asked.Root);
        request.Record.Fault = fault?.Name;
        var moment = new FaultMoment(
            options,
            Port,
            model.Name,
            asked.Dialect,
            asked.Stream,
            asked.Root
        );
        // A fault that was set or scripted and cannot be played is a mistake of the test, and is not to pass for an answer.
        if (fault is not null && !fault.In.HasFlag(asked.Dialect.Kind))
            return asked.Dialect.Refuse(
                new(501, $"The fault '{fault}' cannot be played in {asked.Dialect.Kind}.")
            );
        return fault?.Instead?.Invoke(moment) ?? answer(new(model, fault, moment, request.Body));
    }
}
