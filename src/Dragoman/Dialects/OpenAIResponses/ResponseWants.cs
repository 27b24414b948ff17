namespace Dragoman.Dialects.OpenAIResponses;

/// <summary>What a request says about keeping: peeked without a full parse.</summary>
internal readonly record struct ResponseWants
{
    /// <summary>The answer it carries on from; null where it begins anew.</summary>
    public string? PreviousId { get; private init; }

    /// <summary>Its own answer may be kept: so it is unless it says no.</summary>
    public bool Store { get; private init; }

    /// <summary>It does not want to wait for the answer.</summary>
    public bool Background { get; private init; }

    /// <summary>Reads a body that is sound JSON.</summary>
    public static ResponseWants Read(ReadOnlySpan<byte> body)
    {
        var wants = new ResponseWants { Store = true };
        var members = new JsonWalk(body);
        while (members.Next())
        {
            if (members.IsText && members.Is("previous_response_id"u8))
                wants = wants with { PreviousId = Canonical.JsonUnescape.ToText(members.Text) };
            else if (members.Is("store"u8))
                wants = wants with { Store = !members.Value.SequenceEqual("false"u8) };
            else if (members.Is("background"u8))
                wants = wants with { Background = members.Value.SequenceEqual("true"u8) };
        }
        return wants;
    }
}
