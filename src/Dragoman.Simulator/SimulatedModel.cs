namespace Dragoman.Simulator;

/// <summary>What a simulated model is like.</summary>
internal enum ModelCharacter
{
    Plain,
    Reasoning,
    Coding,
    Embedding,
}

/// <summary>A model of the simulated provider.</summary>
internal sealed record SimulatedModel(
    string Name,
    ModelCharacter Character,
    int Slowness = 1,
    Fault? Fault = null
)
{
    private const string Prefix = "demo/";
    private const string FaultPrefix = "fault-";

    private static readonly SimulatedModel[] Named =
    [
        new("swift", ModelCharacter.Plain),
        new("sage", ModelCharacter.Reasoning, Slowness: 3),
        new("coder", ModelCharacter.Coding, Slowness: 2),
        new("embed", ModelCharacter.Embedding),
    ];

    /// <summary>The bare name, without the gateway's prefix.</summary>
    public static string BareName(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    /// <summary>The model of a bare name; null where there is none.</summary>
    public static SimulatedModel? Find(
        string name,
        SimulatorOptions options,
        SimulatedDialect dialect
    )
    {
        foreach (var model in Named)
        {
            if (model.Name == name)
                return model;
        }
        if (name.StartsWith(FaultPrefix, StringComparison.Ordinal))
        {
            var fault = Faults.Find(name[FaultPrefix.Length..]);
            return fault is null || !fault.In.HasFlag(dialect)
                ? null
                : new(name, ModelCharacter.Plain, Fault: fault);
        }
        return options.MoreModels.Contains(name) ? new(name, ModelCharacter.Plain) : null;
    }

    /// <summary>Every model's bare name, the faulty ones last.</summary>
    public static IEnumerable<string> Names(SimulatorOptions options, SimulatedDialect dialect) =>
        Named
            .Select(model => model.Name)
            .Concat(options.MoreModels)
            .Concat(Faults.Of(dialect).Select(fault => FaultPrefix + fault.Name));
}
