using Dragoman.Canonical;

namespace Dragoman.Dialects;

/// <summary>What an answer is given where its provider left it out: clients rely on all three.</summary>
/// <param name="Id">The answer's id, without a dialect's usual prefix.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Created">When it was made, in Unix seconds.</param>
public readonly record struct ReplyFallback(JsonText Id, JsonText Model, long Created)
{
    /// <summary>How long the exchange has taken so far, for dialects that tell it; null where nobody measures.</summary>
    public Func<TimeSpan>? Elapsed { get; init; }

    /// <summary>The client's request as it came, for dialects whose answers repeat it; empty where nobody asked.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }
}
