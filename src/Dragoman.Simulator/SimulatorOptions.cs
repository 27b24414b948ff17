namespace Dragoman.Simulator;

/// <summary>How a simulated provider is set up.</summary>
public sealed class SimulatorOptions
{
    /// <summary>At a person's pace, and keeping nobody's prompts but those of responses that a client has it store.</summary>
    public static SimulatorOptions Demo { get; } =
        new()
        {
            FirstDelay = TimeSpan.FromMilliseconds(80),
            ChunkDelay = TimeSpan.FromMilliseconds(15),
            JournalLength = 0,
        };

    /// <summary>The loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The keys that are let in; null lets everybody in, with or without a key.</summary>
    public IReadOnlyCollection<string>? ApiKeys { get; init; }

    /// <summary>Further model names, each answering as <c>swift</c> does.</summary>
    public IReadOnlyCollection<string> MoreModels { get; init; } = [];

    /// <summary>Time before the first delta, or before a plain answer's own time begins; <c>sage</c> takes three times as long.</summary>
    public TimeSpan FirstDelay { get; init; }

    /// <summary>Time before each further delta; a plain answer takes as long as its stream would.</summary>
    public TimeSpan ChunkDelay { get; init; }

    /// <summary>How long <c>fault-slow-plain</c> thinks.</summary>
    public TimeSpan SlowPlain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between the comments of <c>fault-slow-first</c>.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the access tokens of <c>/token</c> are good for.</summary>
    public TimeSpan TokenLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The service account's public key in PEM, with which <c>/token</c> checks signatures; null takes any signature.
    /// </summary>
    public string? ServiceAccountKey { get; init; }

    /// <summary>How many of the last requests the journal keeps; its counters go on beyond. 0 keeps counters only.</summary>
    public int JournalLength { get; init; } = 256;

    /// <summary>The clock of every delay and timestamp.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
