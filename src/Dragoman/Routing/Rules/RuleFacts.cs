namespace Dragoman.Routing.Rules;

/// <summary>A request as rules see it, be it on its way or long answered. Null is unknown, and no comparison with it holds.</summary>
internal abstract class RuleFacts
{
    /// <summary>The name that was asked for.</summary>
    public abstract string Model { get; }
    public abstract DateTimeOffset Time { get; }
    public abstract string? UserTier { get; }
    public abstract IReadOnlyList<string> Tags { get; }
    public abstract string? Workspace { get; }
    public abstract string? Caller { get; }

    /// <summary>The virtual key's name; null while there are none.</summary>
    public virtual string? Key => null;
    public abstract bool? IsStreaming { get; }
    public abstract bool? HasTools { get; }
    public abstract bool? HasImages { get; }
    public abstract IReadOnlyList<string>? RequiredCapabilities { get; }

    /// <summary>Characters of all text in it.</summary>
    public abstract long? ContentLength { get; }

    /// <summary>The task that the client named, else the classifier's.</summary>
    public abstract string? Task { get; }
    public abstract RequestProfile? Profile { get; }

    /// <summary>A header of the client's.</summary>
    public abstract string? Header(string name);
}
